import jax
import jax.numpy as jnp
import numpy as np
import optax

rng = np.random.default_rng(0)
true = 2 * rng.standard_normal((2000, 5))
labels = jnp.asarray(np.argmax(true + rng.gumbel(size=true.shape), axis=1))
logits = jnp.asarray(3 * true)  # too sure by a factor of 3; of samples that were not trained on


def loss(log_t):  # of the logarithm: a temperature is above 0
    return optax.softmax_cross_entropy_with_integer_labels(logits / jnp.exp(log_t), labels).mean()


log_t, slope, bend = 0.0, jax.jit(jax.grad(loss)), jax.jit(jax.grad(jax.grad(loss)))
for _step in range(20):  # Newton's method, one parameter, with steps of at most 1
    log_t = log_t - jnp.clip(slope(log_t) / jnp.abs(bend(log_t)), -1, 1)
print("loss before", round(float(loss(0.0)), 4))
print("loss after", round(float(loss(log_t)), 4))
print("temperature", f"{jnp.exp(log_t):.2f}")  # no decision changes: the order stays
