import keras
import numpy as np
from keras import ops

x = np.array([[0.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])  # two images, four pixels
x_hat = np.array([[0.1, 0.8, 0.7, 0.2], [0.9, 0.9, 0.3, 0.1]])
mu = np.array([[1.0, 0.0], [-1.0, 0.0]])  # two codes of two dimensions
log_var = np.array([[-1.0, 0.0], [-1.0, 0.0]])

# reduction="none" is still a mean over the last axis, so sum by hand
error = ops.sum(ops.square(x_hat - x), axis=1) / 2  # half: noise of variance 1
kl = (mu**2 + ops.exp(log_var) - 1 - log_var) / 2
print(f"error {float(ops.mean(error)):.4g} KL {float(ops.mean(ops.sum(kl, axis=1))):.4g}")
print("KL of each dimension", np.asarray(ops.mean(kl, axis=0)).round(4))  # the second is given up
by_default = float(keras.losses.MeanSquaredError()(x, x_hat)) / 2
print("error by the default", round(by_default, 4))  # a quarter of it
