import numpy as np

from lossbook.losses import MeanSquaredError

y_true = np.array([1.0, 2.0, 3.0])
y_pred = np.array([[1.0], [2.0], [3.0]])

print("differences", (y_pred - y_true).shape)
print("loss of all pairs", round(np.mean((y_pred - y_true) ** 2), 4))
print("loss", MeanSquaredError()(y_true, y_pred[:, 0]))
try:
    MeanSquaredError()(y_true, y_pred)
except ValueError:
    print("lossbook refuses")
