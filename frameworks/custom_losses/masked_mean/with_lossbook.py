import numpy as np

from lossbook.losses import MeanSquaredError

y_true = np.array([1.0, np.nan, 3.0])
y_pred = np.array([1.5, 2.0, 2.0])
keep = ~np.isnan(y_true)

r = y_pred - y_true
print("times the mask", np.sum(keep * r**2) / 2, 2 * keep * r / 2)
loss, gradient = MeanSquaredError().value_and_gradient(y_true, y_pred, mask=keep)
print("where before the square", round(loss, 4), gradient.round(4))  # what a mask does
print("weighted mean", round(MeanSquaredError()(y_true, y_pred, sample_weight=keep), 4))
