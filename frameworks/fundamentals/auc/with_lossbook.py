import numpy as np

from lossbook.losses import Logistic

z = np.array([2.0, -1.0, 0.5, 0.5])
y = np.array([1, 0, 1, 0])
gap = z[y == 1][:, None] - z[y == 0]  # each positive with each negative

loss, slope = Logistic().value_and_gradient(np.ones(gap.size), gap.ravel())
slope = slope.reshape(gap.shape)
gradient = np.zeros(4)
gradient[y == 1], gradient[y == 0] = slope.sum(axis=1), -slope.sum(axis=0)
print("loss", round(loss, 4))
print("gradient", gradient.round(4))
print("AUC", np.mean(gap > 0) + np.mean(gap == 0) / 2)
