import keras
import numpy as np

w = keras.Variable([3.0, 4.0])
gradient = 2 * np.array([3.0, 4.0], dtype="float32")

# clipnorm would clip each variable by its own norm
optimizer = keras.optimizers.SGD(learning_rate=0.1, global_clipnorm=5.0)
optimizer.apply([gradient], [w])
print("w", np.asarray(w).round(4))
