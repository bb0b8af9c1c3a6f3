import jax.numpy as jnp
import optax
from jax.nn import logsumexp

logits = jnp.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [1.0, 1.0, 0.0]])
labels = jnp.array([0, 2, 1])


def z_loss(logits, coefficient=1e-4):
    return coefficient * jnp.square(logsumexp(logits.astype(jnp.float32), axis=-1)).mean()


for shift in (0.0, 10.0):
    z = logits + shift
    nats = optax.softmax_cross_entropy_with_integer_labels(z, labels).mean()
    print(f"shift {shift:.0f}: cross-entropy {nats:.4f} z-loss {z_loss(z):.4f}")
