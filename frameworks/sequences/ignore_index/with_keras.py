import numpy as np
from keras.losses import SparseCategoricalCrossentropy

# two sequences of two tokens, three classes; the last token is padding
logits = np.array(
    [[[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], [[0.5, 0.5, 0.0], [9.0, 0.0, 0.0]]], "float32"
)
labels = np.array([[0, 1], [2, -100]])

loss = SparseCategoricalCrossentropy(from_logits=True, ignore_class=-100)
print("mean over the kept", round(float(loss(labels, logits)), 4))
print("nothing kept, divisor at least one:", float(loss(np.full_like(labels, -100), logits)))

keep = labels != -100
plain = SparseCategoricalCrossentropy(from_logits=True)
mean = plain(np.where(keep, labels, 0), logits, sample_weight=keep)
print("mean over all places", round(float(mean), 4))  # weights of 0 still count as samples
