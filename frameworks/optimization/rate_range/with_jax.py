import jax
import jax.numpy as jnp
import numpy as np

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 5)) * [1, 1, 1, 2, 3]
y = X.sum(1) + rng.standard_normal(200)
w = jnp.zeros(5)
loss_and_gradient = jax.jit(jax.value_and_grad(lambda w, x, y: ((x @ w - y) ** 2).mean()))
rates, smooth = np.geomspace(1e-4, 1.0, 100), []
for t, rate in enumerate(rates):  # one step at each rate; afterwards start anew
    i = slice(t % 10 * 20, t % 10 * 20 + 20)
    loss, gradient = loss_and_gradient(w, X[i], y[i])
    w = w - rate * gradient
    smooth.append(0.8 * smooth[-1] + 0.2 * float(loss) if smooth else float(loss))
best = int(np.argmin(smooth))
up = next(r for r, s in zip(rates[best:], smooth[best:], strict=True) if s > 4 * smooth[best])
print("smoothed loss is least at", round(rates[best], 4))
print("and four times as large at", round(up, 4))  # to grow takes steps too: stay well below
