import numpy as np

from lossbook.losses import CrossEntropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0]])
labels = np.array([0, 1, 2])

loss = CrossEntropy(from_logits=True, class_weight=[1.0, 2.0, 5.0])
each = loss.pointwise(labels, logits)  # weighted already
print("each", each.round(4))
print("divided by the sum of weights", round(loss(labels, logits), 4))
print("divided by the count", round(each.mean(), 4))
print("mean from rows", round(loss(np.eye(3)[labels], logits), 4))
