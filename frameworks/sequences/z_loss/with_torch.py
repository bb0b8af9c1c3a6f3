import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [1.0, 1.0, 0.0]])
labels = torch.tensor([0, 2, 1])


def z_loss(logits, coefficient=1e-4):
    return coefficient * logits.float().logsumexp(-1).square().mean()


for shift in (0.0, 10.0):
    z = logits + shift
    print(f"shift {shift:.0f}: cross-entropy {cross_entropy(z, labels).item():.4f}", end=" ")
    print(f"z-loss {z_loss(z).item():.4f}")
