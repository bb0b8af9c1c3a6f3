import numpy as np
from scipy.special import expit

from lossbook.losses import BinaryCrossEntropy

labels = np.array([1, 0, 0, 0, 0])  # one in five
logits = np.zeros(5)

loss = BinaryCrossEntropy(from_logits=True)
weight = np.where(labels == 1, 4.0, 1.0)
print("loss", round(np.mean(weight * loss.pointwise(labels, logits)), 4))
print("sum of the gradient", round(np.sum(weight * loss.gradient(labels, logits)) / 5, 4))
print("probability given", expit(logits[0]))
print("probability undone", round(expit(logits[0] - np.log(4.0)), 4))
