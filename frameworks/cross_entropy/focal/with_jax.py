import jax.numpy as jnp
import numpy as np
import optax

logits = jnp.array([2.0, -1.0, 0.5])
labels = jnp.array([1.0, 0.0, 0.0])

each = optax.sigmoid_focal_loss(logits, labels, alpha=0.25, gamma=2.0)
print("each", np.asarray(each).round(4))
print("loss", round(float(each.mean()), 4))
# the default is alpha=None: both classes weigh 1
print("without alpha", round(float(optax.sigmoid_focal_loss(logits, labels).mean()), 4))
