import numpy as np

from lossbook.losses import CrossEntropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0], [9.0, 0.0, 0.0]])
labels = np.array([0, 1, 2, -100])
keep = labels != -100

loss = CrossEntropy(from_logits=True)
each = np.where(keep, loss.pointwise(np.where(keep, labels, 0), logits), 0.0)
print("each", each.round(4))
print("mean over the kept", round(each.sum() / keep.sum(), 4))
print("mean over all places", round(each.mean(), 4))
