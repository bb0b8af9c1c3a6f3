import numpy as np

from lossbook.losses import MeanSquaredError

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 5)) * [1, 1, 1, 2, 3]
y = X.sum(1) + rng.standard_normal(200)
w = np.zeros(5)
rates, smooth = np.geomspace(1e-4, 1.0, 100), []
for t, rate in enumerate(rates):
    i = slice(t % 10 * 20, t % 10 * 20 + 20)
    loss, gradient = MeanSquaredError().value_and_gradient(y[i], X[i] @ w)
    w = w - rate * X[i].T @ gradient
    smooth.append(0.8 * smooth[-1] + 0.2 * loss if smooth else loss)
best = int(np.argmin(smooth))
up = next(r for r, s in zip(rates[best:], smooth[best:], strict=True) if s > 4 * smooth[best])
print("smoothed loss is least at", round(rates[best], 4))
print("and four times as large at", round(up, 4))
print("limit of the whole data", round(2 / np.linalg.eigvalsh(2 * X.T @ X / 200)[-1], 4))
