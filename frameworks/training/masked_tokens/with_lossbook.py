import numpy as np

from lossbook.losses import CrossEntropy

logits = np.zeros((2, 4, 3))  # two sequences of up to four tokens
logits[0, :, 0] = 2.0
labels = np.array([[0, 0, 0, 0], [1, -100, -100, -100]])  # the second has one token

loss = CrossEntropy(from_logits=True, ignore_index=-100)
print("mean over the tokens", round(loss(labels.ravel(), logits.reshape(-1, 3)), 4))
means = [loss(*sequence) for sequence in zip(labels, logits, strict=True)]
print("mean of two means", round(np.mean(means), 4))
