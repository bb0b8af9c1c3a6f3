import numpy as np

from lossbook.losses import CTC

# two sequences of four steps, the second of which has three; three symbols, 0 is the blank
logits = np.array(
    [
        [[0.0, 2, 0], [1, 0, 0], [0, 0, 2], [2, 0, 0]],
        [[0.0, 2, 0], [2, 0, 0], [0, 2, 0], [9, 9, 9]],
    ]
)
targets = np.array([[1, 2], [1, 1]])
loss = CTC()

each = loss.pointwise(targets, logits, input_lengths=[4, 3])
print("each", each.round(4))
print("mean over sequences", round(loss(targets, logits, input_lengths=[4, 3]), 4))
quiet = CTC(zero_infinity=True)  # without it, infinity, and a warning that says why
print("zero_infinity", quiet.pointwise(targets, logits, input_lengths=[4, 2]).round(4))
