import keras
import numpy as np

y = np.array([[1.0], [10.0], [100.0]])  # over several powers of ten: train on the logarithm
target = np.log(y)

best = np.full_like(target, target.mean())
loss = float(keras.losses.MeanSquaredError()(target, best))
print("loss of the logarithm", round(loss, 4))
print("exp of the prediction", round(float(np.exp(best[0, 0])), 4))  # too low for a mean
# this loss takes log1p inside, of both: the prediction stays in the unit of y, not below 0
inside = keras.losses.MeanSquaredLogarithmicError()(y, np.full_like(y, 10.0))
print("loss with log1p inside", round(float(inside), 4))
