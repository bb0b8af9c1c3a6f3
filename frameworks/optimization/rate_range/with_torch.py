import numpy as np
import torch

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 5)) * [1, 1, 1, 2, 3]
y = X.sum(1) + rng.standard_normal(200)
batches = list(
    zip(torch.tensor(X).float().split(20), torch.tensor(y).float().split(20), strict=True)
)
w = torch.nn.Parameter(torch.zeros(5))
optimizer = torch.optim.SGD([w], lr=1.0)
rates, smooth = np.geomspace(1e-4, 1.0, 100), []
for t, rate in enumerate(rates):  # one step at each rate; afterwards start anew
    x, target = batches[t % 10]
    optimizer.param_groups[0]["lr"] = float(rate)
    optimizer.zero_grad()
    loss = ((x @ w - target) ** 2).mean()
    loss.backward()
    optimizer.step()
    smooth.append(0.8 * smooth[-1] + 0.2 * loss.item() if smooth else loss.item())
best = int(np.argmin(smooth))
up = next(r for r, s in zip(rates[best:], smooth[best:], strict=True) if s > 4 * smooth[best])
print("smoothed loss is least at", round(rates[best], 4))
print("and four times as large at", round(up, 4))  # to grow takes steps too: stay well below
print("limit of the whole data", round(2 / np.linalg.eigvalsh(2 * X.T @ X / 200)[-1], 4))
