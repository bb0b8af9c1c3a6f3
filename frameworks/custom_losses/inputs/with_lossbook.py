from lossbook.losses import MeanAbsoluteError

x = [1.0, 2.0, 4.0]
y = [3.0, 1.5, 5.0]

# a weight that depends on the input is a sample weight; lossbook divides by the sum of weights
mean, gradient = MeanAbsoluteError().value_and_gradient(y, x, sample_weight=x)
print("loss", round(mean * sum(x) / len(x), 4))
print("gradient of the bias", round(gradient.sum() * sum(x) / len(x), 4))
