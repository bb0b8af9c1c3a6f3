import keras
import numpy as np

# Keras averages the gradients of so many batches: right where all are of one size, and only there
optimizer = keras.optimizers.SGD(learning_rate=1.0, gradient_accumulation_steps=2)
w = keras.Variable([0.0])
for gradient in (1.0, 3.0):
    optimizer.apply([np.array([gradient], dtype="float32")], [w])
    print("w", np.asarray(w))
