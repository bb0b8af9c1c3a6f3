import numpy as np

from lossbook.losses import Focal

logits = np.array([2.0, -1.0, 0.5])
labels = np.array([1, 0, 0])

loss = Focal(gamma=2.0, alpha=0.25, from_logits=True)  # alpha weighs the class 1
print("each", loss.pointwise(labels, logits).round(4))
print("loss", round(loss(labels, logits), 4))
print("without alpha", round(Focal(gamma=2.0, from_logits=True)(labels, logits), 4))

# class indices against a row of logits for each sample; here alpha has a weight for each class
rows = np.stack([np.zeros(3), logits], axis=1)
loss = Focal(gamma=2.0, alpha=[0.75, 0.25], from_logits=True)
print("as two of K classes", round(loss(labels, rows), 4))
