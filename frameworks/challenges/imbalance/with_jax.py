import jax
import jax.numpy as jnp
import numpy as np
import optax

rng = np.random.default_rng(0)
x = rng.standard_normal(5000)
y = rng.random(5000) < 1 / (1 + np.exp(5 - 1.5 * x))  # few of the class 1
x, y = jnp.asarray(x), jnp.asarray(y, "float32")
pos_weight = (1 - y).sum() / y.sum()  # both classes weigh the same


def loss(p):
    each = optax.sigmoid_binary_cross_entropy(p["w"] * x + p["b"], y)
    return (jnp.where(y == 1, pos_weight, 1.0) * each).mean()


p = {"w": jnp.zeros(()), "b": jnp.zeros(())}
optimizer, gradient = optax.adam(0.1), jax.jit(jax.grad(loss))
state = optimizer.init(p)
for _step in range(400):
    updates, state = optimizer.update(gradient(p), state)
    p = optax.apply_updates(p, updates)
logits = p["w"] * x + p["b"]
print("base rate", round(float(y.mean()), 4))
print("mean probability", f"{jax.nn.sigmoid(logits).mean():.3f}")  # no probabilities any more
undone = jax.nn.sigmoid(logits - jnp.log(pos_weight))  # the weight shifts the log-odds
print("mean probability undone", f"{undone.mean():.3f}")
