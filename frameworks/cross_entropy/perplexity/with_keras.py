import numpy as np
from keras.losses import SparseCategoricalCrossentropy

logits = np.array(
    [[[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]], [[0.0, 2.0, 0.0], [9.0, 0.0, 0.0]]], dtype="float32"
)
labels = np.array([[0, 1], [1, -1]])  # the second sequence has one token

nats = SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)(labels, logits)
print("perplexity", round(float(np.exp(nats)), 4))  # of one batch
# fit() shows the mean of the batches' losses: its exp is the perplexity of the epoch only if
# all batches hold equally many tokens
