import jax
import jax.numpy as jnp
import optax

labels = jnp.array([1.0, 0.0, 0.0, 0.0, 0.0])  # one in five
logits = jnp.zeros(5)  # a probability of 0.5 for each


def mean_loss(logits):
    weight = jnp.where(labels == 1, 4.0, 1.0)  # pos_weight by hand
    return (weight * optax.sigmoid_binary_cross_entropy(logits, labels)).mean()


loss, gradient = jax.value_and_grad(mean_loss)(logits)
print("loss", round(float(loss), 4))
# the gradients cancel: with pos_weight 4, 0.5 is the best constant where the base rate is 0.2
print("sum of the gradient", round(abs(float(gradient.sum())), 4))
print("probability given", jax.nn.sigmoid(logits[0]))
print("probability undone", round(float(jax.nn.sigmoid(logits[0] - jnp.log(4.0))), 4))
