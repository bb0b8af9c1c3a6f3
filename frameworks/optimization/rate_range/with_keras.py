import keras
import numpy as np

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 5)) * [1, 1, 1, 2, 3]
y = X.sum(1, keepdims=True) + rng.standard_normal((200, 1))
model = keras.Sequential(
    [keras.Input((5,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")]
)
model.compile(optimizer=keras.optimizers.SGD(1.0), loss="mean_squared_error")
rates, smooth = np.geomspace(1e-4, 1.0, 100), []
for t, rate in enumerate(rates):  # one step at each rate; afterwards start anew
    i = slice(t % 10 * 20, t % 10 * 20 + 20)
    model.optimizer.learning_rate = rate
    model.reset_metrics()  # else some versions return the mean of all losses so far
    loss = float(model.train_on_batch(X[i], y[i]))
    smooth.append(0.8 * smooth[-1] + 0.2 * loss if smooth else loss)
best = int(np.argmin(smooth))
up = next(r for r, s in zip(rates[best:], smooth[best:], strict=True) if s > 4 * smooth[best])
print("smoothed loss is least at", round(rates[best], 4))
print("and four times as large at", round(up, 4))  # to grow takes steps too: stay well below
