import jax.numpy as jnp
import optax

y_true = jnp.array([1.0, 2.0, 3.0])
y_pred = jnp.array([[1.0], [2.0], [3.0]])  # what a last layer of width 1 returns: all right

print("differences", (y_pred - y_true).shape)  # each prediction with each target
print("loss of all pairs", round(float(((y_pred - y_true) ** 2).mean()), 4))
# huber_loss and log_cosh of Optax broadcast as well; squared_error refuses
try:
    optax.squared_error(y_pred, y_true)
except (ValueError, AssertionError):  # which of them depends on the version
    print("squared_error refuses")


def own_loss(y_pred, y_true):
    assert y_pred.shape == y_true.shape, f"{y_pred.shape} against {y_true.shape}"  # under jit too
    return ((y_pred - y_true) ** 2).mean()


print("loss", round(float(own_loss(y_pred[:, 0], y_true)), 4))
