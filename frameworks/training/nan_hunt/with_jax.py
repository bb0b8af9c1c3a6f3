import jax
import jax.numpy as jnp

print("sqrt at zero", jax.grad(jnp.sqrt)(0.0))
print("abs through sqrt", jax.grad(lambda x: jnp.sqrt(x**2))(0.0))  # infinity times 0
# where takes the value of one branch, and the gradient of both: 0 times infinity
print("where, other branch", jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), x))(0.0))


def safe(x):  # first make the argument harmless, then choose
    return jnp.where(x > 0, jnp.sqrt(jnp.where(x > 0, x, 1.0)), x)


print("where, inside and out", jax.grad(safe)(0.0))

with jax.debug_nans(True):  # slow: to search, not to train
    try:
        jax.grad(lambda x: jnp.sqrt(x**2))(0.0)
    except FloatingPointError as error:  # its text names the operation, its traceback the line
        print("debug_nans raises", type(error).__name__)
