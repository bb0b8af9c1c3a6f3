import numpy as np
from keras.losses import BinaryFocalCrossentropy

logits = np.array([[2.0], [-1.0], [0.5]], dtype="float32")
labels = np.array([[1.0], [0.0], [0.0]], dtype="float32")

loss = BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.25, gamma=2.0, from_logits=True)
print("loss", round(float(loss(labels, logits)), 4))
# without apply_class_balancing alpha is not used, whatever it is
loss = BinaryFocalCrossentropy(alpha=0.25, gamma=2.0, from_logits=True)
print("without alpha", round(float(loss(labels, logits)), 4))
