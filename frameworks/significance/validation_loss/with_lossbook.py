import numpy as np

from lossbook.losses import MeanSquaredError

y_true = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 4.0])
y_pred = np.ones(9)

loss = MeanSquaredError()
print("validation loss", loss(y_true, y_pred))
means = [loss(y_true[i : i + 4], y_pred[i : i + 4]) for i in range(0, 9, 4)]
print("mean of batch means", sum(means) / len(means))
