import numpy as np
from keras.losses import CategoricalCrossentropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], dtype="float32")
targets = np.eye(3, dtype="float32")[[0, 1]]  # smoothing needs one-hot rows here

loss = CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)(targets, logits)
print("loss", round(float(loss), 4))
