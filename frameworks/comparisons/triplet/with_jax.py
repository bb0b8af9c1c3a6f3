import jax
import jax.numpy as jnp
import numpy as np


def normalize(z):
    return z / jnp.linalg.norm(z, axis=-1, keepdims=True)


def distance(a, b, tiny=1e-6):
    # without the 1e-6 the gradient at a distance of 0 is nan
    return jnp.sqrt(((a - b) ** 2).sum(-1) + tiny)


def triplet(a, p, n, margin=0.2, tiny=1e-6):  # optax.losses.triplet_margin_loss, since 0.2.5
    return jnp.maximum(0, margin + distance(a, p, tiny) - distance(a, n, tiny))


anchor = normalize(jnp.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]))
positive = normalize(jnp.array([[0.9, 0.1], [0.8, 0.6], [1.0, 0.0]]))
negative = normalize(jnp.array([[0.0, 1.0], [0.2, 1.0], [0.1, 0.9]]))

each = triplet(anchor, positive, negative)
print("each", np.asarray(each).round(3))
print("share that costs nothing", round(float((each == 0).mean()), 3))
# the test of a sign: exchange the two of a triplet that is in order, and it costs more
print("exchanged", round(float(triplet(anchor[1], negative[1], positive[1])), 3))

point = jnp.full(2, 0.5**0.5)  # every input at one place
print("collapsed", round(float(triplet(point, point, point)), 3))
print("pull on the anchor", jax.grad(triplet)(point, point, point))
print("without the tiny number", jax.grad(triplet)(point, point, point, tiny=0.0))
