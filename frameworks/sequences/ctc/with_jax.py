import jax.numpy as jnp
import numpy as np
import optax

# two sequences of four steps, the second of which has three; three symbols, 0 is the blank
logits = jnp.array(
    [
        [[0.0, 2, 0], [1, 0, 0], [0, 0, 2], [2, 0, 0]],
        [[0.0, 2, 0], [2, 0, 0], [0, 2, 0], [9, 9, 9]],
    ]
)
targets = jnp.array([[1, 2], [1, 1]])


def ctc(logits, steps):
    padding = jnp.arange(logits.shape[1]) >= jnp.array(steps)[:, None]  # 1 where there is none
    return optax.ctc_loss(logits, padding.astype(float), targets, jnp.zeros((2, 2)), blank_id=0)


each = ctc(logits, [4, 3])
print("each", np.asarray(each).round(4))
print("mean over sequences", round(float(each.mean()), 4))
print("too short, above 99,000:", bool(ctc(logits, [4, 2])[1] > 99_000))  # not infinite
