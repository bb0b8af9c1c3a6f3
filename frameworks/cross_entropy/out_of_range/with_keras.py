import numpy as np
from keras.losses import SparseCategoricalCrossentropy

logits = np.array([[0.0, 1.0, 2.0]], "float32")  # three classes: 0, 1 and 2
loss = SparseCategoricalCrossentropy(from_logits=True)

for label in (2, 3, -1, 255):  # no complaint: a loss of 0 (the backend is JAX)
    print("label", label, "loss", round(abs(float(loss(np.array([label]), logits))), 4))
