import numpy as np
from keras import ops

# two sequences of four steps, the second of which has three; three symbols, 0 is the blank
logits = np.array(
    [
        [[0.0, 2, 0], [1, 0, 0], [0, 0, 2], [2, 0, 0]],
        [[0.0, 2, 0], [2, 0, 0], [0, 2, 0], [9, 9, 9]],
    ],
    "float32",
)
targets = np.array([[1, 2], [1, 1]], "int32")


def ctc(logits, steps):
    lengths = np.array([2, 2], "int32")
    return ops.ctc_loss(targets, logits, lengths, np.array(steps, "int32"), mask_index=0)


each = ctc(logits, [4, 3])
print("each", np.asarray(each).round(4))
print("mean over sequences", round(float(ops.mean(each)), 4))
# keras.losses.CTC takes all steps of each input, and ends a target at its first 0
print("too short, above 99,000:", bool(ctc(logits, [4, 2])[1] > 99_000))
