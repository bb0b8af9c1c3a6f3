import numpy as np

from lossbook.custom import from_function


def asymmetric(y_true, y_pred, under=3.0):
    """A prediction below the target costs `under` times as much as one above it."""
    r = y_pred - y_true
    return np.where(r < 0, -under * r, r)


loss = from_function(asymmetric, under=4.0)  # its gradient is found by autograd
value, gradient = loss.value_and_gradient([2.0, 2.5, 4.0], [1.0, 2.0, 5.0])
print("loss", round(value, 4))
print("gradient", gradient.round(4))
