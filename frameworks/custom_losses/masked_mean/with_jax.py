import jax
import jax.numpy as jnp

y_true = jnp.array([1.0, jnp.nan, 3.0])  # the second was not measured
keep = ~jnp.isnan(y_true)
y_pred = jnp.array([1.5, 2.0, 2.0])


def times(p, mask=0.0 + keep):  # 0 * nan is nan, in the sum and in the gradient
    return (mask * (p - y_true) ** 2).sum() / mask.sum()


def boolean(p):  # XLA may choose instead of multiply by a bool (jax issue 12233): not to rely on
    return times(p, keep)


def after(p):  # mends the value; the gradient is 0 times that of the branch not taken: nan
    return jnp.where(keep, (p - y_true) ** 2, 0).sum() / keep.sum()


def before(p):  # choose before the arithmetic
    return (keep * (p - jnp.where(keep, y_true, 0)) ** 2).sum() / keep.sum()


print("times the mask", times(y_pred), jax.grad(times)(y_pred))
print("times a boolean mask", boolean(y_pred), jax.grad(boolean)(y_pred))
print("where after the square", after(y_pred), jax.grad(after)(y_pred))
print("where before the square", before(y_pred), jax.grad(before)(y_pred))
