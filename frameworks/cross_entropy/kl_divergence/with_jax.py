import jax.numpy as jnp
import optax
from jax.nn import log_softmax, softmax

target = jnp.array([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]])
logits = jnp.array([[1.0, 0.5, 0.0], [0.0, 1.0, 1.0]])

each = optax.kl_divergence(log_softmax(logits), target)  # log-probabilities first
print("each", each.round(4))
print("divided by the rows", round(float(each.mean()), 4))
# a divergence below 0 says that probabilities were given where their logarithms belong
wrong = optax.kl_divergence(softmax(logits), target).mean()
print("probabilities given", round(float(wrong), 4))
