import jax
import jax.numpy as jnp
import optax

logits = jnp.array([2.0, -1.0, 0.5])
labels = jnp.array([1.0, 0.0, 0.0])


def mean_loss(logits):
    return optax.sigmoid_binary_cross_entropy(logits, labels).mean()


loss, gradient = jax.value_and_grad(mean_loss)(logits)
print("loss", round(float(loss), 4))
print("gradient", gradient.round(4))
print("decisions", (logits > 0).astype(int))


def by_sigmoid(z):
    return -jnp.log(1 - jax.nn.sigmoid(z))


def by_logit(z):
    return optax.sigmoid_binary_cross_entropy(z, 0.0)


# sure and wrong: float32 has rounded the probability to 1
for name, loss in (("from the logit", by_logit), ("from the sigmoid", by_sigmoid)):
    wrong, slope = jax.value_and_grad(loss)(20.0)
    print(f"{name}: loss {wrong:.1f}, slope {slope:.1f}")
