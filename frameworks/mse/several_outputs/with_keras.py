import keras
import numpy as np

y_true = np.array([[1.0, 100.0], [2.0, 120.0], [3.0, 90.0]], dtype="float32")
y_pred = np.array([[1.5, 110.0], [2.0, 115.0], [1.0, 92.0]], dtype="float32")
row = np.array([1.0, 1.0, 0.0], dtype="float32")  # one weight a sample
scale = np.array([1.0, 20.0], dtype="float32")  # the spread of each output

loss = keras.losses.MeanSquaredError()
print("mean over all", round(float(loss(y_true, y_pred)), 4))  # large units decide
# the default divides by all three rows
print("weighted, over all rows", round(float(loss(y_true, y_pred, sample_weight=row)), 4))
loss = keras.losses.MeanSquaredError(reduction="mean_with_sample_weight")
print("weighted rows", round(float(loss(y_true, y_pred, sample_weight=row)), 4))
print("in units of spread", round(float(loss(y_true / scale, y_pred / scale)), 4))
# two heads instead of two columns: compile(loss={"a": ..., "b": ...}, loss_weights={"a": 1, ...})
