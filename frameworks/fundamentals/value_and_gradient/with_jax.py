import jax
import jax.numpy as jnp

x, y = jnp.array([1.0, 2.0, 3.0]), jnp.array([2.0, 4.0, 7.0])
w = 1.0


def loss(w):
    return ((w * x - y) ** 2).mean()


for _step in range(2):
    value, gradient = jax.value_and_grad(loss)(w)
    print("loss", round(float(value), 4), "gradient", round(float(gradient), 4))
    w = w - 0.1 * gradient
print("w after two steps", round(float(w), 4))

# any slope from -1 to 1 is right at the kink; PyTorch says 0, JAX 1
print("slope of abs at its kink, from the right", jax.grad(jnp.abs)(0.0))
