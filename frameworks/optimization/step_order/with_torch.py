import numpy as np
import torch
from torch.nn.functional import cross_entropy

rng = np.random.default_rng(0)
X, labels = 3 * rng.standard_normal((16, 4)), rng.integers(0, 3, 16)
X, labels = torch.tensor(X, dtype=torch.float32), torch.tensor(labels)

model = torch.nn.Linear(4, 3)
torch.nn.init.zeros_(model.weight)
torch.nn.init.zeros_(model.bias)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda t: 1 / (1 + t))
scaler = torch.amp.GradScaler("cpu", init_scale=65536.0)  # for float16; bfloat16 needs none
start = model.weight.detach().clone(), model.bias.detach().clone()

for x, y in zip(X.split(8), labels.split(8), strict=True):  # two parts of one batch
    with torch.autocast("cpu", dtype=torch.bfloat16):  # "cuda", float16 on a GPU
        logits = model(x)
    loss = cross_entropy(logits.float(), y, reduction="sum") / len(X)  # of the whole batch
    scaler.scale(loss).backward()  # adds to the gradients
scaler.unscale_(optimizer)  # before the norm is looked at
norm = torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
scaler.step(optimizer)  # skips the step where a gradient is inf or nan
scaler.update()
schedule.step()  # once an update, not once a part
optimizer.zero_grad()  # after the last part, not after each

moved = [p.detach() - s for p, s in zip(model.parameters(), start, strict=True)]
print("norm before clipping", round(norm.item(), 1))
print("length of the step", f"{sum((m**2).sum() for m in moved).sqrt().item():.3f}")
print("rate of the next", optimizer.param_groups[0]["lr"])
