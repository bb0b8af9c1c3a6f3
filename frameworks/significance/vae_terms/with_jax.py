import jax.numpy as jnp
import numpy as np
import optax

x = jnp.array([[0.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])  # two images, four pixels
x_hat = jnp.array([[0.1, 0.8, 0.7, 0.2], [0.9, 0.9, 0.3, 0.1]])
mu = jnp.array([[1.0, 0.0], [-1.0, 0.0]])  # two codes of two dimensions
log_var = jnp.array([[-1.0, 0.0], [-1.0, 0.0]])

error = optax.l2_loss(x_hat, x).sum(1)  # half the square: noise of variance 1
kl = (mu**2 + jnp.exp(log_var) - 1 - log_var) / 2
print("error", round(float(error.mean()), 4), "KL", round(float(kl.sum(1).mean()), 4))
print("KL of each dimension", np.asarray(kl.mean(0)).round(4))  # the second is given up
print("error by a plain mean", round(float(optax.l2_loss(x_hat, x).mean()), 4))  # a quarter
