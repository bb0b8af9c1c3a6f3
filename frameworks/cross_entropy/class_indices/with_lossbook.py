from lossbook.losses import CrossEntropy

logits = [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]]
labels = [0, 1]

loss, gradient = CrossEntropy(from_logits=True).value_and_gradient(labels, logits)
print("loss", round(loss, 4))
print("gradient", gradient.round(4))
