import numpy as np

from lossbook.losses import MeanSquaredError

y_true = np.array([1.0, 2.0, 3.0, 8.0])
y_pred = np.array([1.0, 2.0, 2.0, 5.0])

loss = MeanSquaredError()
print("rmse", round(np.sqrt(loss(y_true, y_pred)), 4))
halves = [loss(y_true[:2], y_pred[:2]), loss(y_true[2:], y_pred[2:])]
print("mean over two batches", round(np.mean(np.sqrt(halves)), 4))
print("root of the mean", round(np.sqrt(np.mean(halves)), 4))
