import jax.numpy as jnp
import optax

logits = jnp.zeros((2, 4, 3)).at[0, :, 0].set(2.0)  # two sequences of up to four tokens
labels = jnp.array([[0, 0, 0, 0], [1, 0, 0, 0]])
keep = jnp.array([[1, 1, 1, 1], [1, 0, 0, 0]], dtype=bool)  # the second has one token

nats = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
print("mean over the tokens", round(float(nats.mean(where=keep)), 4))
# each sequence counts the same: the one token of the second as much as four of the first
print("mean of two means", round(float(nats.mean(1, where=keep).mean()), 4))
