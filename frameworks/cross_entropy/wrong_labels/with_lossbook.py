import numpy as np

from lossbook.losses import BinaryCrossEntropy, CrossEntropy

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
for loss, labels, scores in (
    (CrossEntropy(from_logits=True), [0, 3], logits),
    (CrossEntropy(from_logits=True), [0, -1], logits),
    (BinaryCrossEntropy(from_logits=True), [2.0], [3.0]),
):
    try:
        loss(labels, scores)
    except ValueError:
        print(type(loss).__name__, "refuses")

print("loss of a label two", round(np.log1p(np.exp(3.0)) - 2.0 * 3.0, 4))  # the bare formula
