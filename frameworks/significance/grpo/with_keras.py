import jax  # the backend: Keras has no gradient function of its own
import numpy as np
from keras import ops

answer = np.array([0, 1, 2, 0])  # a group of four, of one token each


def grpo_loss(logits, reward):
    advantage = (reward - ops.mean(reward)) / (ops.std(reward) + 1e-6)
    log_p = ops.take(ops.log_softmax(logits), answer)
    ratio = ops.exp(log_p - ops.stop_gradient(log_p))  # 1 in value, not in its gradient
    return -ops.mean(advantage * ratio)


for reward in ([1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]):
    loss, gradient = jax.value_and_grad(grpo_loss)(ops.zeros(3), ops.array(reward))
    print("rewards", reward, "loss", round(abs(float(loss)), 4))
    print("gradient", np.asarray(gradient + 0.0).round(4))
