import jax
import jax.numpy as jnp
import numpy as np

w = jnp.array([0.5, 1.0])  # a value for each of two states
reward, discount = 1.0, 0.9


def error(w, hold):
    target = reward + discount * w[1]  # depends on w, and is to be taken as given
    return w[0] - (jax.lax.stop_gradient(target) if hold else target)


print("error", round(float(error(w, True)), 4))
for name, hold in (("target held", True), ("target moves too", False)):
    gradient = jax.grad(lambda w, hold=hold: error(w, hold) ** 2)(w)
    print(name, np.asarray(gradient).round(4))
