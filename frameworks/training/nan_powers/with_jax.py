import jax
import jax.numpy as jnp


def show(name, loss, z):
    value, slope = jax.value_and_grad(loss)(z)
    print(f"{name}: loss {value:.3g}, slope {slope:.3g}")


def focal(gamma):
    def loss(z):
        nats = jax.nn.softplus(-z)
        return (1 - jnp.exp(-nats)) ** gamma * nats

    return loss


def poisson(rate, count=2.0):
    return rate - count * jnp.log(rate)


for gamma in (2.0, 0.5):  # a right answer with much certainty: its probability is rounded to 1
    show(f"focal {gamma}", focal(gamma), 20.0)
sigmoid = jax.nn.sigmoid
show("focal 0.5, of p", lambda z: (1 - sigmoid(z)) ** 0.5 * -jnp.log(sigmoid(z)), 20.0)
show("focal 0.5, of 1 - p", lambda z: sigmoid(-z) ** 0.5 * jax.nn.softplus(-z), 20.0)

for rate in (0.1, -0.1):  # the rate itself
    show(f"rate {rate}", poisson, rate)
show("softplus", lambda z: poisson(jax.nn.softplus(z)), -0.1)
