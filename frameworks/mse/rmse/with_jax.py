import jax
import jax.numpy as jnp

y_true = jnp.array([1.0, 2.0, 3.0, 8.0])
y_pred = jnp.array([1.0, 2.0, 2.0, 5.0])


def rmse(p, y, eps=0.0):
    return jnp.sqrt(((p - y) ** 2).mean() + eps)


print("rmse", round(float(rmse(y_pred, y_true)), 4))
halves = [rmse(y_pred[:2], y_true[:2]), rmse(y_pred[2:], y_true[2:])]
print("mean over two batches", round(float(sum(halves) / 2), 4))  # another loss
# all right: the root's slope is infinite, times 0
print("gradient where all is right", jax.grad(rmse)(y_true[:2], y_true[:2]))
# or train on the square: it has the same minimum
print("the same with an eps", jax.grad(rmse)(y_true[:2], y_true[:2], 1e-8))
