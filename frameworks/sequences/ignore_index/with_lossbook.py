import numpy as np

from lossbook.losses import CrossEntropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0], [9.0, 0.0, 0.0]])
labels = np.array([0, 1, 2, -100])

loss = CrossEntropy(from_logits=True, ignore_index=-100)
each = loss.pointwise(labels, logits)
print("each", each.round(4))
print("mean over the kept", round(loss(labels, logits), 4))
print("mean over all places", round(each.mean(), 4))

try:  # 0 / 0 has no value
    loss(np.full(4, -100), logits)
except ValueError as error:
    print("nothing kept:", error)
