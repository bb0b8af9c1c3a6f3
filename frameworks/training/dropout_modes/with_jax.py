import jax
import jax.numpy as jnp

w = jnp.full(4, 0.25)
X, y = jnp.ones((50000, 4)), jnp.ones(50000)  # without dropout every prediction is right


def loss(w, key=None):  # JAX has no modes: a key is given in training, and only there
    keep = 1.0 if key is None else jax.random.bernoulli(key, 0.5, X.shape) / 0.5
    return (((X * keep) @ w - y) ** 2).mean()


# each unit is 0 or 2: the prediction has the variance 4 * 0.25**2
print("training loss", f"{loss(w, jax.random.key(0)):.2f}")
print("validation loss", f"{loss(w):.2f}")  # same weights, same samples
