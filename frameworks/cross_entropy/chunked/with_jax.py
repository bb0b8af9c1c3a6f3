import jax
import jax.numpy as jnp
from optax import softmax_cross_entropy_with_integer_labels as cross_entropy

keys = jax.random.split(jax.random.key(0), 3)
hidden = jax.random.normal(keys[0], (64, 16))  # 64 tokens, before the last layer
head = jax.random.normal(keys[1], (1000, 16))  # 1,000 words
labels = jax.random.randint(keys[2], (64,), 0, 1000)
keep = jnp.arange(64) >= 10


def whole(hidden, head):
    return cross_entropy(hidden @ head.T, labels).mean(where=keep)


def in_parts(hidden, head, size=8):
    @jax.checkpoint  # the logits of a part are made again on the way back
    def part(h, y, k):
        return cross_entropy(h @ head.T, y).sum(where=k)

    rows = [x.reshape(-1, size, *x.shape[1:]) for x in (hidden, labels, keep)]
    return jax.lax.map(lambda row: part(*row), tuple(rows)).sum() / keep.sum()


one, other = (jax.value_and_grad(f, (0, 1))(hidden, head) for f in (whole, in_parts))
print("losses differ by less than 1e-4:", bool(abs(one[0] - other[0]) < 1e-4))
gap = max(float(jnp.abs(a - b).max()) for a, b in zip(one[1], other[1], strict=True))
print("gradients differ by less than 1e-4:", gap < 1e-4)
