import jax
import jax.numpy as jnp
import numpy as np
import optax

# two sequences of two tokens, three classes; the last token is padding
logits = jnp.array([[[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], [[0.5, 0.5, 0.0], [9.0, 0.0, 0.0]]])
labels = jnp.array([[0, 1], [2, -100]])


def masked(labels):
    keep = labels != -100
    index = jnp.where(keep, labels, 0)  # -100 is no class: its loss would be nan
    each = optax.softmax_cross_entropy_with_integer_labels(logits, index)
    return jnp.where(keep, each, 0), keep


each, keep = masked(labels)
print("each", np.asarray(each).ravel().round(4))
print("mean over the kept", round(float(each.mean(where=keep)), 4))
print("mean over all places", round(float(each.mean()), 4))  # padding counts as a loss of 0

each, keep = masked(jnp.full_like(labels, -100))
print("nothing kept", each.mean(where=keep))  # 0 / 0
print("nothing kept, divisor at least one:", each.sum() / jnp.maximum(keep.sum(), 1))


def mean(logits, keep=labels != -100):
    each = optax.softmax_cross_entropy_with_integer_labels(logits, jnp.where(keep, labels, 0))
    return jnp.where(keep, each, 0).sum() / keep.sum()


# NaN in the logits of the padding: the loss is right, and the gradient is not
broken = logits.at[1, 1].set(jnp.nan)
print("padding of NaN", round(float(mean(broken)), 4))
print("its gradient", jax.grad(mean)(broken)[1, 1])
chosen = jax.grad(lambda z: mean(jnp.where((labels != -100)[..., None], z, 0)))(broken)
print("its gradient, chosen first", chosen[1, 1])
