import numpy as np

from lossbook.losses import CrossEntropy
from lossbook.metrics import expected_calibration_error

p = np.array([0.91, 0.95, 0.97, 0.62, 0.66, 0.69, 0.55, 0.52])  # of the class predicted
right = np.array([1, 1, 0, 1, 0, 1, 1, 0])  # whether it was that class

print("calibration error", round(expected_calibration_error(right, p), 4))
print("with two bins", round(expected_calibration_error(right, p, bins=2), 4))

labels = [0, 1, 1, 1]
rows = [[0.91, 0.09], [0.05, 0.95], [0.97, 0.03], [0.38, 0.62]]  # of all classes
four = expected_calibration_error(labels, rows, top_label=True)
print("calibration error of four", round(four, 4))
print("cross-entropy", round(CrossEntropy()(labels, rows), 4))
