import keras
import numpy as np

probabilities = np.array([[0.91, 0.09], [0.05, 0.95], [0.97, 0.03], [0.38, 0.62]])
labels = np.array([0, 1, 1, 1])


def calibration_error(labels, probabilities, bins=10):  # Keras has none
    p, right = probabilities.max(1), probabilities.argmax(1) == labels
    index = np.maximum(np.ceil(p * bins).astype(int) - 1, 0)  # a bin holds its right edge
    return np.abs(np.bincount(index, right - p, bins)).sum() / len(p)


print("calibration error of four", round(calibration_error(labels, probabilities), 4))
loss = keras.losses.SparseCategoricalCrossentropy()  # the loss itself watches calibration too
print("cross-entropy", round(float(loss(labels, probabilities)), 4))
