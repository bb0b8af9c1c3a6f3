import numpy as np
from keras.losses import SparseCategoricalCrossentropy

logits = np.array(
    [[[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]], [[0.0, 2.0, 0.0], [9.0, 0.0, 0.0]]], dtype="float32"
)
labels = np.array([[0, 1], [1, -1]])  # the second sequence has one token

nats = SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)(labels, logits)
print("perplexity", round(float(np.exp(nats)), 4))  # of one batch
# fit() weighs the loss of a batch by its sequences, not by its tokens: exp of what it shows is
# the perplexity of the epoch only where all sequences are of one length
