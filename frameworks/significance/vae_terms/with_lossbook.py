import numpy as np

from lossbook.losses import MeanSquaredError

x = np.array([[0.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])
x_hat = np.array([[0.1, 0.8, 0.7, 0.2], [0.9, 0.9, 0.3, 0.1]])
mu = np.array([[1.0, 0.0], [-1.0, 0.0]])
log_var = np.array([[-1.0, 0.0], [-1.0, 0.0]])

mse = MeanSquaredError()
error = mse.pointwise(x, x_hat).sum(axis=1) / 2
kl = (mu**2 + np.exp(log_var) - 1 - log_var) / 2
print("error", round(error.mean(), 4), "KL", round(kl.sum(axis=1).mean(), 4))
print("KL of each dimension", kl.mean(axis=0).round(4))
print("error by the default", round(mse(x, x_hat) / 2, 4))
