from lossbook.losses import Huber

y_pred, y_true = [0.5, -3.0, 10.0], [0.0, 0.0, 0.0]

loss = Huber(delta=2.0)
mean, gradient = loss.value_and_gradient(y_true, y_pred)
each = loss.pointwise(y_true, y_pred)
print("each", each.round(4))
print("gradient", gradient.round(4))
print("smooth l1", (each / 2.0).round(4))
print("mean", round(mean, 4))
