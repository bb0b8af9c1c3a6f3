import jax  # the backend: Keras has no gradient function of its own
import numpy as np
from keras import ops

w = ops.convert_to_tensor([0.5, 1.0])  # a value for each of two states
reward, discount = 1.0, 0.9


def error(w, hold):
    target = reward + discount * w[1]  # depends on w, and is to be taken as given
    return w[0] - (ops.stop_gradient(target) if hold else target)


print("error", round(float(error(w, True)), 4))
for name, hold in (("target held", True), ("target moves too", False)):
    gradient = jax.grad(lambda w, hold=hold: error(w, hold) ** 2)(w)
    print(name, np.asarray(gradient).round(4))
