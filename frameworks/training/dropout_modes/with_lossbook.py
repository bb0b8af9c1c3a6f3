import numpy as np

from lossbook.losses import MeanSquaredError

w, X, y = np.full(4, 0.25), np.ones((50000, 4)), np.ones(50000)
keep = np.random.default_rng(0).integers(0, 2, X.shape) / 0.5

print("training loss", f"{MeanSquaredError()(y, (X * keep) @ w):.2f}")
print("validation loss", f"{MeanSquaredError()(y, X @ w):.2f}")
