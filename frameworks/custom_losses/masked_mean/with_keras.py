import keras
import numpy as np

y_true = np.array([[1.0], [np.nan], [3.0]], dtype="float32")  # the second was not measured
y_pred = np.array([[1.5], [2.0], [2.0]], dtype="float32")
keep = ~np.isnan(y_true[:, 0])

loss = keras.losses.MeanSquaredError()  # sample_weight multiplies: 0 * nan is nan
print("times weights of zero", float(loss(y_true, y_pred, sample_weight=keep)))

filled = np.nan_to_num(y_true)  # fill before the arithmetic, and weigh by 0
print("divided by all", round(float(loss(filled, y_pred, sample_weight=keep)), 4))

loss = keras.losses.MeanSquaredError(reduction="mean_with_sample_weight")
print("weighted mean", round(float(loss(filled, y_pred, sample_weight=keep)), 4))
