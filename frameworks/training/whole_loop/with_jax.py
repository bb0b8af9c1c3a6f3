import jax
import jax.numpy as jnp
import numpy as np
import optax

rng = np.random.default_rng(0)
X = rng.uniform(-2, 2, (1200, 1))
y = np.sin(2 * X) + 0.3 * rng.standard_normal((1200, 1))  # least loss: 0.09
X, X_val, y, y_val = map(jnp.asarray, (X[:800], X[800:], y[:800], y[800:]))


def loss(p, x, y, key=None):  # a key is given in training: dropout on
    h = jnp.tanh(x @ p["w1"] + p["b1"])
    if key is not None:
        h = h * jax.random.bernoulli(key, 0.98, h.shape) / 0.98
    return optax.squared_error(h @ p["w2"] + p["b2"], y).mean()


@jax.jit
def step(p, state, x, y, key):
    updates, state = optimizer.update(jax.grad(loss)(p, x, y, key), state)
    return optax.apply_updates(p, updates), state


k = jax.random.split(jax.random.key(0), 4)
p = {"w1": jax.random.normal(k[0], (1, 64)), "b1": jax.random.normal(k[1], (64,))}
p |= {"w2": jax.random.normal(k[2], (64, 1)) / 8, "b2": jnp.zeros(1)}
optimizer, validation_loss = optax.adam(0.02), jax.jit(loss)
state, key, best, best_loss, waited = optimizer.init(p), k[3], p, jnp.inf, 0
for _epoch in range(300):
    key, shuffle, drop = jax.random.split(key, 3)  # a key is used once
    batches = jax.random.permutation(shuffle, 800).reshape(16, 50)
    for batch, now in zip(batches, jax.random.split(drop, 16), strict=True):
        p, state = step(p, state, X[batch], y[batch], now)
    val_loss, waited = validation_loss(p, X_val, y_val), waited + 1
    if val_loss < best_loss:
        best, best_loss, waited = p, val_loss, 0  # arrays are immutable: no copy needed
    if waited == 30:
        break
print("validation loss of the best epoch", f"{best_loss:.2f}")  # chosen by it: a bit too good
