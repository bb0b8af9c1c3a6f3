import numpy as np

from lossbook.losses import MeanSquaredError

y_true = np.array([[1.0, 100.0], [2.0, 120.0], [3.0, 90.0]])
y_pred = np.array([[1.5, 110.0], [2.0, 115.0], [1.0, 92.0]])
row, scale = np.array([1.0, 1.0, 0.0]), np.array([1.0, 20.0])

loss = MeanSquaredError()
print("mean over all", round(loss(y_true, y_pred), 4))
print("of each output", loss.pointwise(y_true, y_pred).mean(axis=0).round(4))
print("weighted rows", round(loss(y_true, y_pred, sample_weight=row), 4))
print("in units of spread", round(loss(y_true / scale, y_pred / scale), 4))
