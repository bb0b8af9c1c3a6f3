import numpy as np
from keras import ops
from keras.losses import SparseCategoricalCrossentropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [1.0, 1.0, 0.0]], "float32")
labels = np.array([0, 2, 1])
cross_entropy = SparseCategoricalCrossentropy(from_logits=True)


def z_loss(logits, coefficient=1e-4):
    # in a model: self.add_loss(z_loss(logits)) in the last layer
    log_z = ops.logsumexp(ops.cast(logits, "float32"), axis=-1)
    return coefficient * ops.mean(ops.square(log_z))


for shift in (0.0, 10.0):
    z = logits + np.float32(shift)
    print(f"shift {shift:.0f}: cross-entropy {float(cross_entropy(labels, z)):.4f}", end=" ")
    print(f"z-loss {float(z_loss(z)):.4f}")
