import jax
import jax.numpy as jnp
import numpy as np
import optax

scores = jnp.array([2.0, 0.5, -0.3, -2.0])
labels = jnp.array([1, 1, 0, 0])
signs = 2 * labels - 1  # -1 and 1

print("each", np.asarray(optax.hinge_loss(scores, signs)).round(4))
gradient = jax.grad(lambda s: optax.hinge_loss(s, signs).mean())(scores)
print("gradient", gradient)
# nothing is checked: a label 0 costs 1, whatever the score, and has no gradient
print("with zeros for labels", optax.hinge_loss(scores, labels))
