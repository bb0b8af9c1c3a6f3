import numpy as np
import torch
from torch.nn.functional import cross_entropy

rng = np.random.default_rng(0)
true = 2 * rng.standard_normal((2000, 5))
labels = np.argmax(true + rng.gumbel(size=true.shape), axis=1)  # drawn from softmax(true)
logits = torch.tensor(3 * true, dtype=torch.float32)  # too sure by a factor of 3
labels = torch.tensor(labels)  # of samples that were not trained on

log_t = torch.zeros((), requires_grad=True)  # of the logarithm: a temperature is above 0
optimizer = torch.optim.LBFGS([log_t], line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = cross_entropy(logits / log_t.exp(), labels)
    loss.backward()
    return loss


optimizer.step(closure)
print("loss before", round(cross_entropy(logits, labels).item(), 4))
print("loss after", round(closure().item(), 4))
print("temperature", f"{log_t.exp().item():.2f}")  # no decision changes: the order stays
