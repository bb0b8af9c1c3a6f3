import jax
import jax.numpy as jnp
import optax

y_pred = jnp.array([2.5, 0.0, 2.0])
y_true = jnp.array([3.0, -0.5, 2.0])

each = optax.squared_error(y_pred, y_true)  # optax.l2_loss is half of it
gradient = jax.grad(lambda p: optax.squared_error(p, y_true).mean())(y_pred)
print("mean", round(float(each.mean()), 4))
print("each", each.round(4))
print("gradient", gradient.round(4))
