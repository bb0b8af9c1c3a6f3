import jax.numpy as jnp
import optax
from jax.nn import one_hot

logits = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
labels = jnp.array([0, 1])

targets = optax.smooth_labels(one_hot(labels, 3), 0.1)
loss = optax.softmax_cross_entropy(logits, targets).mean()
print("loss", round(float(loss), 4))
print("least value", round(float(-(targets[0] * jnp.log(targets[0])).sum()), 4))
