import numpy as np

from lossbook.losses import CrossEntropy

logits = [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.0, 0.0, 9.0], [1.0, 1.0, 1.0]]
labels = [0, 1, 0, 2]

loss = CrossEntropy(from_logits=True)
each = loss.pointwise(labels, logits)
print("each", each.round(4))
print("hardest first", np.argsort(-each).tolist())
print("weighted", round(loss(labels, logits, sample_weight=[1, 1, 0, 1]), 4))
