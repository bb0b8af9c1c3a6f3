import numpy as np
from keras.losses import SparseCategoricalCrossentropy

logits = np.zeros((2, 4, 3), dtype="float32")  # two sequences of up to four tokens
logits[0, :, 0] = 2.0
labels = np.array([[0, 0, 0, 0], [1, -1, -1, -1]])  # the second has one token

loss = SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
print("mean over the tokens", round(float(loss(labels, logits)), 4))
# batches of one sequence each: fit() reports such a mean of means, and accumulation adds one up
each = [float(loss(labels[i : i + 1], logits[i : i + 1])) for i in range(2)]
print("mean of two means", round(np.mean(each), 4))
