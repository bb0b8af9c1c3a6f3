import numpy as np

from lossbook.losses import BinaryCrossEntropy

logits = np.array([2.0, -1.0, 0.5])
labels = np.array([1, 0, 0])

loss, gradient = BinaryCrossEntropy(from_logits=True).value_and_gradient(labels, logits)
print("loss", round(loss, 4))
print("gradient", gradient.round(4))
print("decisions", (logits > 0).astype(int))
print("accuracy", round(np.mean((logits > 0) == labels), 4))
