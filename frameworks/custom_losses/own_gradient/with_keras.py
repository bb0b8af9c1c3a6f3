import jax  # the backend: Keras has no gradient function of its own
import numpy as np
from keras import ops


@ops.custom_gradient
def log_cosh(r):
    def gradient(*args, upstream=None):  # args[0] or upstream, as the backend passes it
        (upstream,) = args if upstream is None else (upstream,)
        return upstream * ops.tanh(r)

    return ops.abs(r) + ops.log1p(ops.exp(-2 * ops.abs(r))) - 0.6931472, gradient


r = ops.convert_to_tensor([-100.0, 0.5, 2.0])
print("each", np.asarray(log_cosh(r)).round(4))
print("gradient", np.asarray(jax.grad(lambda r: ops.mean(log_cosh(r)))(r)).round(4))
