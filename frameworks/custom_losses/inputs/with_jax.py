import jax
import jax.numpy as jnp

X = jnp.array([[1.0], [2.0], [4.0]])  # the price
y = jnp.array([[3.0], [1.5], [5.0]])  # how many were sold
parameters = {"w": jnp.ones((1, 1)), "b": jnp.zeros(1)}


def loss(parameters, x, y):
    y_pred = x @ parameters["w"] + parameters["b"]
    return (x * jnp.abs(y_pred - y)).mean()


value, gradient = jax.value_and_grad(loss)(parameters, X, y)
print("loss", round(float(value), 4))
print("gradient of the bias", round(float(gradient["b"][0]), 4))
