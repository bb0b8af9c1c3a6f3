import numpy as np

from lossbook.losses import CrossEntropy, class_weights

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0]])
labels = np.array([0, 1, 2])
weight = class_weights(labels, {0: 1.0, 1: 2.0, 2: 5.0})

loss = CrossEntropy(from_logits=True)
each = weight * loss.pointwise(labels, logits)
print("each", each.round(4))
print("divided by the sum of weights", round(loss(labels, logits, sample_weight=weight), 4))
print("divided by the count", round(each.mean(), 4))
