import numpy as np

from lossbook.losses import MeanSquaredError

w = np.array([0.5, 1.0])
target = 1.0 + 0.9 * w[1]

slope = MeanSquaredError().gradient(target, w[0])  # by the first argument; NumPy holds the rest
print("error", round(w[0] - target, 4))
print("target held", np.array([slope, 0.0]).round(4))
print("target moves too", np.array([slope, -0.9 * slope]).round(4))
