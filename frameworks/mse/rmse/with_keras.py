import keras
import numpy as np

y_true = np.array([1.0, 2.0, 3.0, 8.0], dtype="float32")
y_pred = np.array([1.0, 2.0, 2.0, 5.0], dtype="float32")

metric = keras.metrics.RootMeanSquaredError()  # sums squares, and takes the root at the end
for i in (0, 2):
    metric.update_state(y_true[i : i + 2], y_pred[i : i + 2])
print("rmse", round(float(metric.result()), 4))

loss = keras.losses.MeanSquaredError()  # Keras has no root as a loss: train on the square
halves = [float(loss(y_true[i : i + 2], y_pred[i : i + 2])) for i in (0, 2)]
print("mean over two batches", round(np.mean(np.sqrt(halves)), 4))  # another measure
