from functools import partial

import jax
import jax.numpy as jnp


def asymmetric(y_pred, y_true, under=3.0):
    """A prediction below the target costs `under` times as much as one above it."""
    r = y_pred - y_true
    return jnp.where(r < 0, -under * r, r).mean()  # not "if": under jit r has no value yet


y_pred = jnp.array([1.0, 2.0, 5.0])
y_true = jnp.array([2.0, 2.5, 4.0])

loss_function = jax.jit(jax.value_and_grad(partial(asymmetric, under=4.0)))
loss, gradient = loss_function(y_pred, y_true)  # with respect to the first argument
print("loss", round(float(loss), 4))
print("gradient", gradient.round(4))
