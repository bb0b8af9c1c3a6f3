import numpy as np
from keras.losses import SparseCategoricalCrossentropy

logits = np.array(
    [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.0, 0.0, 9.0], [1.0, 1.0, 1.0]], dtype="float32"
)
labels = np.array([0, 1, 0, 2])

loss = SparseCategoricalCrossentropy(from_logits=True, reduction=None)
each = np.asarray(loss(labels, logits))
print("each", each.round(4))
print("hardest first", np.argsort(-each).tolist())  # wrong labels come first
