import jax.numpy as jnp
import numpy as np
import optax
from jax.nn import log_sigmoid

# a reward model: one score for the chosen answer of each pair, one for the rejected
chosen, rejected = jnp.array([1.2, -0.3, 2.0]), jnp.array([0.4, 0.9, 1.5])
print("loss", round(float(-log_sigmoid(chosen - rejected).mean()), 4))
rewards = jnp.stack([chosen, rejected], axis=1)  # logits of two classes; the chosen is class 0
nought = jnp.zeros(3, dtype=int)
same = optax.softmax_cross_entropy_with_integer_labels(rewards, nought).mean()
print("the same by cross-entropy", round(float(same), 4))
print("equal rewards", round(float(-log_sigmoid(0.0)), 4))

# DPO: sums of the log-probabilities of the tokens, of the policy and of a frozen reference
policy = jnp.array([[-41.0, -70.0], [-28.0, -36.0]])  # columns: chosen, rejected
reference = jnp.array([[-40.0, -60.0], [-30.0, -31.0]])
beta = 0.1
reward = beta * (policy - reference)
print("rewards", np.asarray(reward).round(2))  # the first pair: both have fallen
gap = reward[:, 0] - reward[:, 1]
print("DPO", round(float(-log_sigmoid(gap).mean()), 4))
