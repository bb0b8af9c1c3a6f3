import jax  # the backend: Keras has no gradient function of its own
import keras
import numpy as np
from keras import ops

x, y = np.array([[1.0], [2.0], [3.0]]), np.array([[2.0], [4.0], [7.0]])


def loss(w):
    return ops.mean(ops.square(w * x - y))


value, gradient = jax.value_and_grad(loss)(1.0)
print("value", round(float(value), 4), "slope", round(float(gradient), 4))

dense = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
model = keras.Sequential([keras.Input((1,)), dense])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mean_squared_error")
model.fit(x, y, epochs=2, verbose=0)  # two batches of all: the steps are in here
print("w after two steps", round(float(ops.sum(dense.kernel)), 4))
