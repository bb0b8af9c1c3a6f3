import numpy as np

from lossbook.losses import Hinge

anchor = np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
positive = np.array([[0.9, 0.1], [0.8, 0.6], [1.0, 0.0]])
negative = np.array([[0.0, 1.0], [0.2, 1.0], [0.1, 0.9]])
for z in (anchor, positive, negative):
    z /= np.linalg.norm(z, axis=1, keepdims=True)


def triplet(a, p, n, margin=0.2):
    gap = np.linalg.norm(a - n, axis=1) - np.linalg.norm(a - p, axis=1)
    return margin * Hinge().pointwise(np.ones(len(gap)), gap / margin)


each = triplet(anchor, positive, negative)
print("each", each.round(3))
print("share that costs nothing", round(np.mean(each == 0), 3))

point = np.full((3, 2), 0.5**0.5)  # every input at one place
print("collapsed", round(triplet(point, point, point).mean(), 3))
