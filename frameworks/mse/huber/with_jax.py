import jax
import jax.numpy as jnp
import numpy as np
import optax

y_pred = jnp.array([0.5, -3.0, 10.0])
y_true = jnp.zeros(3)

each = optax.huber_loss(y_pred, y_true, delta=2.0)
gradient = jax.grad(lambda p: optax.huber_loss(p, y_true, delta=2.0).mean())(y_pred)
print("each", each)
print("gradient", np.asarray(gradient).round(4))  # at most delta for each, before the mean
print("smooth l1", each / 2.0)  # torch's SmoothL1Loss(beta=2)
