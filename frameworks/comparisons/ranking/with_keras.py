import numpy as np
from keras import ops
from keras.losses import CategoricalCrossentropy

# one query: the relevant document first, a strong rival, eight others
score = np.array([[0.0, 3.0, 0, 0, 0, 0, 0, 0, 0, 0]], dtype="float32")
relevant = np.array([[1.0, 0, 0, 0, 0, 0, 0, 0, 0, 0]], dtype="float32")

pairwise = ops.mean(ops.softplus(score[:, 1:] - score[:, :1]))
print("pairwise", round(float(pairwise), 4))
listwise = CategoricalCrossentropy(from_logits=True)(relevant, score)
print("listwise", round(float(listwise), 4))
