import keras
import numpy as np

y_pred = np.array([[2.5], [0.0], [2.0]], dtype="float32")
y_true = np.array([[3.0], [-0.5], [2.0]], dtype="float32")

mean = keras.losses.MeanSquaredError()(y_true, y_pred)
each = keras.losses.mean_squared_error(y_true, y_pred)  # the mean over the last axis
print("mean", round(float(mean), 4))
print("each", np.asarray(each).round(4))
