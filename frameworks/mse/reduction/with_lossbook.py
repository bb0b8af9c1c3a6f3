from lossbook.losses import MeanSquaredError

y_pred = [2.5, 0.0, 2.0]
y_true = [3.0, -0.5, 2.0]

loss = MeanSquaredError()
mean, gradient = loss.value_and_gradient(y_true, y_pred)
print("mean", round(mean, 4))
print("each", loss.pointwise(y_true, y_pred).round(4))
print("gradient", gradient.round(4))
