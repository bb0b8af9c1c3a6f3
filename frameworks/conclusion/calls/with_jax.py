import jax
import jax.numpy as jnp
import optax

y, pred = jnp.array([1.0, 4.0]), jnp.array([2.0, 1.0])  # numbers, or counts
label, z = jnp.array([1.0, 0.0]), jnp.array([2.0, 1.0])  # a logit each
index = jnp.array([0, 2])  # integers; a row of logits each
logits = jnp.array([[2.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
shares = jnp.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])
spread = jnp.array([0.5, 4.0])  # variances

calls = {  # one loss a sample; three have no name in Optax
    "mean": optax.squared_error(pred, y),
    "mean, some targets wrong": optax.huber_loss(pred, y, delta=1.0),
    "median": jnp.abs(pred - y),
    "mean and spread": (jnp.log(spread) + (pred - y) ** 2 / spread) / 2,
    "count": pred - y * jnp.log(pred),
    "one of two, or each of several": optax.sigmoid_binary_cross_entropy(z, label),
    "one of K": optax.softmax_cross_entropy_with_integer_labels(logits, index),
    "a distribution": optax.kl_divergence(jax.nn.log_softmax(logits), shares),
}
for target, loss in calls.items():
    print(f"{target:32}{loss.mean():.4f}")
