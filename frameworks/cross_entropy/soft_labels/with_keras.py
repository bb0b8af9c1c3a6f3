import numpy as np
from keras.losses import CategoricalCrossentropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], dtype="float32")
targets = np.array([[0.9, 0.1, 0.0], [0.0, 0.5, 0.5]], dtype="float32")

each = CategoricalCrossentropy(from_logits=True, reduction=None)(targets, logits)
print("loss", round(float(np.mean(each)), 4))
print("each", np.asarray(each).round(4))
