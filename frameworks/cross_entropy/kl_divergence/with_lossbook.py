import numpy as np
from scipy.special import softmax

from lossbook.losses import KLDivergence

target = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]])
p = softmax([[1.0, 0.5, 0.0], [0.0, 1.0, 1.0]], axis=1)

loss = KLDivergence()
print("each", loss.pointwise(target, p).round(4))
print("divided by the rows", round(loss(target, p), 4))
print("divided by the entries", round(np.sum(target * np.log(target / p)) / target.size, 4))
print("probabilities given", round(np.sum(target * (np.log(target) - p)) / 2, 4))
