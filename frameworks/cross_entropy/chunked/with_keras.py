import jax
import numpy as np
from keras import ops
from keras.losses import sparse_categorical_crossentropy

rng = np.random.default_rng(0)
hidden = rng.standard_normal((64, 16), "float32")  # 64 tokens, before the last layer
head = rng.standard_normal((1000, 16), "float32")  # 1,000 words
labels = rng.integers(1000, size=64)
keep = (np.arange(64) >= 10).astype("float32")


def part(h, y, k, head):
    logits = ops.matmul(h, ops.transpose(head))
    return ops.sum(k * sparse_categorical_crossentropy(y, logits, from_logits=True))


def whole(hidden, head):
    return part(hidden, labels, keep, head) / keep.sum()


def in_parts(hidden, head, size=8):
    again = jax.checkpoint(part)  # the backend is JAX: the logits are made again on the way back
    rows = [slice(i, i + size) for i in range(0, len(labels), size)]
    return sum(again(hidden[r], labels[r], keep[r], head) for r in rows) / keep.sum()


one, other = (jax.value_and_grad(f, (0, 1))(hidden, head) for f in (whole, in_parts))
print("losses differ by less than 1e-4:", bool(abs(one[0] - other[0]) < 1e-4))
gap = max(float(ops.max(ops.abs(a - b))) for a, b in zip(one[1], other[1], strict=True))
print("gradients differ by less than 1e-4:", gap < 1e-4)
