from lossbook.losses import Focal

logits = [2.0, -1.0, 0.5]
labels = [1, 0, 0]

loss = Focal(gamma=2.0, alpha=0.25, from_logits=True)
print("each", loss.pointwise(labels, logits).round(4))
print("loss", round(loss(labels, logits), 4))
print("without alpha", round(Focal(gamma=2.0, from_logits=True)(labels, logits), 4))
