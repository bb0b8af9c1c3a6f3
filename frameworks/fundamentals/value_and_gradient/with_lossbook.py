import numpy as np

from lossbook.losses import MeanAbsoluteError, MeanSquaredError

x, y = np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 7.0])
w = 1.0

for _step in range(2):
    loss, by_prediction = MeanSquaredError().value_and_gradient(y, w * x)
    gradient = by_prediction @ x  # the chain rule
    print("loss", round(loss, 4), "gradient", round(gradient, 4))
    w -= 0.1 * gradient
print("w after two steps", round(w, 4))

print("slope of abs at its kink", MeanAbsoluteError().gradient(0.0, 0.0))
