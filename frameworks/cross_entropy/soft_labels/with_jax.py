import jax.numpy as jnp
import numpy as np
import optax

logits = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
targets = jnp.array([[0.9, 0.1, 0.0], [0.0, 0.5, 0.5]])

each = optax.softmax_cross_entropy(logits, targets)
print("loss", round(float(each.mean()), 4))
print("each", np.asarray(each).round(4))
