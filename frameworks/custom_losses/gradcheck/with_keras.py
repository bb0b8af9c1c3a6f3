import numpy as np
from keras import ops

# Keras checks no gradients, and computes in float32: take a wide step to both sides, 1e-2


def slope(function, r, h=1e-2):
    steps = h * np.eye(len(r), dtype="float32")
    return np.array([float(function(r + e) - function(r - e)) / (2 * h) for e in steps])


def loss(r):
    return ops.sum(ops.square(r))


r = np.array([-1.0, 0.5, 3.0], dtype="float32")
for name, gradient in (("right:", 2 * r), ("wrong:", r)):
    print(name, np.allclose(gradient, slope(loss, r), rtol=1e-2))
