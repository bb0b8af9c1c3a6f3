import jax
import jax.numpy as jnp
import optax

logits = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
labels = jnp.array([0, 1])


def mean_loss(logits):
    return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()


loss, gradient = jax.value_and_grad(mean_loss)(logits)
print("loss", round(float(loss), 4))
print("gradient", gradient.round(4))
