import jax.numpy as jnp
import numpy as np
import optax

scores = jnp.array([[2.0, 1.5, 1.2], [-0.5, -2.0, -3.0], [0.0, 1.0, 0.5]])
labels = jnp.array([0, 0, 0])

each = optax.losses.multiclass_hinge_loss(scores, labels)  # Crammer and Singer
print("worst wrong class", np.asarray(each).round(4))
