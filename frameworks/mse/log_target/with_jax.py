import jax.numpy as jnp
import optax

y = jnp.array([1.0, 10.0, 100.0])  # over several powers of ten: train on the logarithm
target = jnp.log(y)  # log1p where y may be 0

best = target.mean()  # the constant with the least squared error of the logarithm
loss = optax.squared_error(jnp.full(3, best), target).mean()
print("loss of the logarithm", round(float(loss), 4))
print("exp of the prediction", round(float(jnp.exp(best)), 4))  # too low for a mean: a median
print("mean of the targets", round(float(y.mean()), 4))
# smearing (Duan 1983): times the mean of exp of the residuals
print("smeared", round(float(jnp.exp(best) * jnp.exp(target - best).mean()), 4))
