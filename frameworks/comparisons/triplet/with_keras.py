import numpy as np
from keras import ops

anchor = ops.normalize(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]], dtype="float32"))
positive = ops.normalize(np.array([[0.9, 0.1], [0.8, 0.6], [1.0, 0.0]], dtype="float32"))
negative = ops.normalize(np.array([[0.0, 1.0], [0.2, 1.0], [0.1, 0.9]], dtype="float32"))


def distance(a, b):
    # Keras has no triplet loss; without the 1e-12 the gradient at a distance of 0 is nan
    return ops.sqrt(ops.sum((a - b) ** 2, axis=-1) + 1e-12)


def triplet(a, p, n, margin=0.2):
    return ops.relu(margin + distance(a, p) - distance(a, n))


each = np.asarray(triplet(anchor, positive, negative))
print("each", each.round(3))
print("share that costs nothing", round(float(np.mean(each == 0)), 3))
# the test of a sign: exchange the two of a triplet that is in order, and it costs more
print("exchanged", round(float(triplet(anchor[1], negative[1], positive[1])), 3))

point = np.full((3, 2), 0.5**0.5, dtype="float32")  # every input at one place
print("collapsed", round(float(ops.mean(triplet(point, point, point))), 3))
