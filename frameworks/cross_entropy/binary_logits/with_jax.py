import jax
import jax.numpy as jnp
import optax

logits = jnp.array([2.0, -1.0, 0.5])
labels = jnp.array([1.0, 0.0, 0.0])


def mean_loss(logits):
    return optax.sigmoid_binary_cross_entropy(logits, labels).mean()


loss, gradient = jax.value_and_grad(mean_loss)(logits)
print("loss", round(float(loss), 4))
print("gradient", gradient.round(4))
print("decisions", (logits > 0).astype(int))
