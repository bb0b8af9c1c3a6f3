import numpy as np
from scipy.special import expit, softmax

from lossbook.losses import BinaryCrossEntropy

logits = np.array([[3.0, -2.0, 2.0], [-1.0, 2.0, -3.0]])
labels = np.array([[1, 0, 1], [0, 1, 0]])

print("loss", round(BinaryCrossEntropy(from_logits=True)(labels, logits), 4))
print("sigmoids", expit(logits[0]).round(4))
print("softmax", softmax(logits[0]).round(4))
print("decisions", (logits > 0).astype(int))
print("least softmax loss of the first row", round(2 * np.log(2.0), 4))
