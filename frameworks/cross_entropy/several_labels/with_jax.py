import jax
import jax.numpy as jnp
import numpy as np
import optax

logits = jnp.array([[3.0, -2.0, 2.0], [-1.0, 2.0, -3.0]])  # one logit a label
labels = jnp.array([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])  # the first row has two

print("loss", round(float(optax.sigmoid_binary_cross_entropy(logits, labels).mean()), 4))
print("sigmoids", np.asarray(jax.nn.sigmoid(logits[0])).round(4))  # each on its own
print("softmax", np.asarray(jax.nn.softmax(logits[0])).round(4))  # sums to 1: never two near 1
print("decisions", (logits > 0).astype(int))
# softmax_cross_entropy accepts the rows without a word: two labels share one probability
best = optax.softmax_cross_entropy(jnp.array([20.0, -20.0, 20.0]), labels[0])
print("least softmax loss of the first row", round(float(best), 4))
