import keras
import numpy as np

target = np.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]], dtype="float32")
logits = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 1.0]], dtype="float32")

# probabilities on both sides, the target first
loss = keras.losses.KLDivergence()
print("divided by the rows", round(float(loss(target, keras.ops.softmax(logits))), 4))
# logarithms are below 0: they are clipped to 1e-7, where the gradient is 0
wrong = loss(target, keras.ops.log_softmax(logits))
print("logarithms given", round(float(wrong), 4))
