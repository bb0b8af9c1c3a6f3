import jax
import jax.numpy as jnp
import numpy as np

z = jnp.array([2.0, -1.0, 0.5, 0.5])  # the scores of a batch
y = jnp.array([1, 0, 1, 0])


@jax.jit
def pair_loss(z, y):
    gap = z[:, None] - z[None, :]
    pair = (y[:, None] == 1) & (y[None, :] == 0)  # z[y == 1] is not allowed under jit
    return jnp.where(pair, jax.nn.softplus(-gap), 0).sum() / jnp.maximum(pair.sum(), 1)


loss, gradient = jax.value_and_grad(pair_loss)(z, y)
print("loss", round(float(loss), 4))
print("gradient", np.asarray(gradient).round(4))  # adds up to 0
gap = z[y == 1][:, None] - z[y == 0]
print("AUC", float(((gap > 0) + (gap == 0) / 2).mean()))
print("a batch of one class", float(pair_loss(z, jnp.ones(4))))  # a mean would be NaN
