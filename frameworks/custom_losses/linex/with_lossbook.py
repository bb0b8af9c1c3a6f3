import numpy as np

from lossbook.custom import from_function


def linex(y_true, y_pred, a):
    x = a * (y_pred - y_true)
    return np.expm1(x) - x


loss = from_function(linex, a=0.1)  # its gradient is found by autograd
value, gradient = loss.value_and_gradient(np.zeros(4), [1.0, 5.0, 10.0, 50.0])
print("loss", round(value, 5))
print("gradient", gradient.round(6))
