import numpy as np

from lossbook.losses import CrossEntropy

logits = [[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]]
labels = [0, 1]

loss = CrossEntropy(from_logits=True, label_smoothing=0.1)
smoothed = np.array([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
print("loss", round(loss(labels, logits), 4))
print("least value", round(-np.sum(smoothed * np.log(smoothed)), 4))
