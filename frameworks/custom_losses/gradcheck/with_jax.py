import jax
import jax.numpy as jnp
from jax.test_util import check_grads


def with_slope(factor):
    """The square, with a gradient by hand: the factor 2 is right."""

    @jax.custom_vjp
    def square(r):
        return (r**2).sum()

    square.defvjp(lambda r: (square(r), r), lambda r, upstream: (upstream * factor * r,))
    return square


jax.config.update("jax_enable_x64", True)  # with float32 the differences are noise
r = jnp.array([-1.0, 0.5, 3.0])
for name, factor in (("right:", 2.0), ("wrong:", 1.0)):
    try:
        check_grads(with_slope(factor), (r,), order=1, modes=["rev"])
        print(name, True)
    except AssertionError:
        print(name, False)
