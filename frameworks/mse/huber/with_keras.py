import keras
import numpy as np

y_pred = np.array([[0.5], [-3.0], [10.0]], dtype="float32")
y_true = np.zeros((3, 1), dtype="float32")

each = np.asarray(keras.losses.huber(y_true, y_pred, delta=2.0))
print("each", each)
print("smooth l1", each / 2.0)  # torch's SmoothL1Loss(beta=2)
print("mean", round(float(keras.losses.Huber(delta=2.0)(y_true, y_pred)), 4))
