import numpy as np

from lossbook.losses import CrossEntropy

# a prompt of two tokens, an answer of two, and the end, token 3, which is the padding too
tokens = np.array([0, 2, 1, 2, 3, 3])
logits = np.array(
    [[0.0, 0, 2, 0], [0, 3, 0, 0], [0, 0, 1, 0], [1, 0, 0, 2], [0, 0, 0, 4], [5, 5, 5, 5]]
)
length, prompt = 5, 2
place = np.arange(len(tokens))
loss = CrossEntropy(from_logits=True)


def next_token(logits, tokens, keep):
    # what was computed from the tokens up to t forecasts the token t + 1
    return loss(tokens[1:], logits[:-1], mask=keep[1:])


keep = place < length
print("all tokens", round(next_token(logits, tokens, keep), 4))
print("answer only", round(next_token(logits, tokens, keep & (place >= prompt)), 4))
print("shifted twice", round(next_token(logits[:-1], tokens[1:], keep[1:]), 4))
print("not shifted", round(loss(tokens, logits, mask=keep), 4))
