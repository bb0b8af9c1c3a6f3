import numpy as np

from lossbook.optim import ClipByNorm

w = np.array([3.0, 4.0])
gradient = 2 * w

clipped = ClipByNorm(5.0)(gradient)
print("norm before", round(np.linalg.norm(gradient), 4))
print("w", (w - 0.1 * clipped).round(4))
