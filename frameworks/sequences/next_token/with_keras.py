import numpy as np
from keras.losses import SparseCategoricalCrossentropy

# a prompt of two tokens, an answer of two, and the end, token 3, which is the padding too
tokens = np.array([[0, 2, 1, 2, 3, 3]])
logits = np.array(
    [[[0.0, 0, 2, 0], [0, 3, 0, 0], [0, 0, 1, 0], [1, 0, 0, 2], [0, 0, 0, 4], [5, 5, 5, 5]]],
    "float32",
)
length, prompt = 5, 2
labels = tokens.copy()
labels[:, length:] = -1  # by the length: by its number, the end would go as well
loss = SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)


def next_token(logits, labels):
    # what was computed from the tokens up to t forecasts the token t + 1
    return loss(labels[:, 1:], logits[:, :-1])


print("all tokens", round(float(next_token(logits, labels)), 4))
answers = labels.copy()
answers[:, :prompt] = -1
print("answer only", round(float(next_token(logits, answers)), 4))
print("shifted twice", round(float(next_token(logits[:, :-1], labels[:, 1:])), 4))
print("not shifted", round(float(loss(labels, logits)), 4))
