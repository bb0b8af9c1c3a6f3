from lossbook.losses import CrossEntropy

logits = [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]]
targets = [[0.9, 0.1, 0.0], [0.0, 0.5, 0.5]]

loss = CrossEntropy(from_logits=True)
print("loss", round(loss(targets, logits), 4))
print("each", loss.pointwise(targets, logits).round(4))
