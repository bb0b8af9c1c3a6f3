import jax.numpy as jnp
import numpy as np
import optax

logits = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0]])
labels = jnp.array([0, 1, 2])
weight = jnp.array([1.0, 2.0, 5.0])[labels]  # the losses of Optax take no weights

each = weight * optax.softmax_cross_entropy_with_integer_labels(logits, labels)
print("each", np.asarray(each).round(4))
print("divided by the sum of weights", round(float(each.sum() / weight.sum()), 4))
print("divided by the count", round(float(each.mean()), 4))
