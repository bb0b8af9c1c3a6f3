import numpy as np

from lossbook.losses import Pinball

y_true = np.array([1.0, 2.0, 3.0, 4.0, 100.0])

loss, y_pred = Pinball(quantile=0.7), 0.0
for _step in range(400):
    y_pred -= 0.1 * np.mean(loss.gradient(y_true, np.full(5, y_pred)))
print("loss at three", round(loss(y_true, np.full(5, 3.0)), 4))
print("best constant", f"{y_pred:.1f}")
