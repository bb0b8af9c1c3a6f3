import jax
import jax.numpy as jnp
import numpy as np

answer = jnp.array([0, 1, 2, 0])  # a group of four, of one token each


def grpo_loss(logits, reward):
    advantage = (reward - reward.mean()) / (reward.std() + 1e-6)
    log_p = jax.nn.log_softmax(logits)[answer]
    ratio = jnp.exp(log_p - jax.lax.stop_gradient(log_p))  # 1 in value, not in its gradient
    return -(advantage * ratio).mean()


for reward in ([1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]):
    loss, gradient = jax.value_and_grad(grpo_loss)(jnp.zeros(3), jnp.array(reward))
    print("rewards", reward, "loss", round(abs(float(loss)), 4))
    print("gradient", np.asarray(gradient + 0.0).round(4))
