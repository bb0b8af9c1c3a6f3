import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

rng = np.random.default_rng(0)
x = rng.standard_normal(5000)
y = rng.random(5000) < 1 / (1 + np.exp(5 - 1.5 * x))  # few of the class 1
x, y = torch.tensor(x, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
pos_weight = (1 - y).sum() / y.sum()  # both classes weigh the same

optimizer = torch.optim.Adam([w, b], lr=0.1)
for _step in range(400):
    optimizer.zero_grad()
    binary_cross_entropy_with_logits(w * x + b, y, pos_weight=pos_weight).backward()
    optimizer.step()
logits = (w * x + b).detach()
print("base rate", round(y.mean().item(), 4))
print("mean probability", f"{logits.sigmoid().mean().item():.3f}")  # no probabilities any more
undone = (logits - pos_weight.log()).sigmoid()  # the weight shifts the log-odds by its logarithm
print("mean probability undone", f"{undone.mean().item():.3f}")
