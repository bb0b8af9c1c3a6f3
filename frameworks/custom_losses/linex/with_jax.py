import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)  # or everything is float32


def linex(y_pred, y_true, a):
    x = a * (y_pred - y_true)
    return jnp.mean(jnp.expm1(x) - x)


y_true = jnp.zeros(4)
y_pred = jnp.array([1.0, 5.0, 10.0, 50.0])
loss, gradient = jax.value_and_grad(linex)(y_pred, y_true, 0.1)
print("loss", round(float(loss), 5))
print("gradient", gradient.round(6))
