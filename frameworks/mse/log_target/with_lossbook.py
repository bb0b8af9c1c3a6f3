import numpy as np

from lossbook.losses import MeanSquaredError, MeanSquaredLogarithmicError

y = np.array([1.0, 10.0, 100.0])
target = np.log(y)
best = np.full(3, target.mean())

print("loss of the logarithm", round(MeanSquaredError()(target, best), 4))
print("exp of the prediction", round(np.exp(best[0]), 4))
print("mean of the targets", round(y.mean(), 4))
print("smeared", round(np.exp(best[0]) * np.exp(target - best).mean(), 4))
print("loss with log1p inside", round(MeanSquaredLogarithmicError()(y, np.full(3, 10.0)), 4))
