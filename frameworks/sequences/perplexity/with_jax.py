import jax.numpy as jnp
import optax

logits = jnp.array([[[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]], [[0.0, 2.0, 0.0], [9.0, 0.0, 0.0]]])
labels = jnp.array([[0, 1], [1, 0]])
keep = jnp.array([[True, True], [True, False]])  # the second sequence has one token

nats = optax.softmax_cross_entropy_with_integer_labels(logits, labels)
print("perplexity", round(float(jnp.exp(nats.mean(where=keep))), 4))
# not the perplexity of the corpus: exp of a mean is not the mean of exp
each = jnp.exp(nats.mean(1, where=keep))
print("mean of two perplexities", round(float(each.mean()), 4))
