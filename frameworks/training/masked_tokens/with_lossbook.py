import numpy as np

from lossbook.losses import CrossEntropy

logits = np.zeros((5, 3))
logits[:4, 0] = 2.0
labels = np.array([0, 0, 0, 0, 1])  # a sequence of four tokens, and one of one

loss = CrossEntropy(from_logits=True)
print("mean over the tokens", round(loss(labels, logits), 4))
means = loss(labels[:4], logits[:4]), loss(labels[4:], logits[4:])
print("mean of two means", round(np.mean(means), 4))
