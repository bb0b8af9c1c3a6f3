import numpy as np
from scipy.special import expit

from lossbook.losses import BinaryCrossEntropy

labels = np.array([1, 0, 0, 0, 0])  # one in five
logits = np.zeros(5)

loss = BinaryCrossEntropy(from_logits=True, pos_weight=4.0)
value, gradient = loss.value_and_gradient(labels, logits)
print("loss", round(value, 4))  # divided by the count, not by the sum of weights
print("sum of the gradient", round(abs(gradient.sum()), 4))
print("probability given", expit(logits[0]))
print("probability undone", round(expit(logits[0] - np.log(4.0)), 4))
