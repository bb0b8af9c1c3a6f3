import jax.numpy as jnp

p = jnp.array([0.91, 0.95, 0.97, 0.62, 0.66, 0.69, 0.55, 0.52])  # of the class predicted
right = jnp.array([1.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0])  # whether it was that class


def calibration_error(p, right, bins=10):  # neither JAX nor Optax has one
    index = jnp.clip(jnp.ceil(p * bins).astype(int) - 1, 0)  # a bin holds its right edge
    gap = jnp.abs(jnp.bincount(index, weights=right - p, length=bins))
    return float(gap.sum() / p.size)


print("calibration error", round(calibration_error(p, right), 4))
print("with two bins", round(calibration_error(p, right, 2), 4))  # it depends on the bins
