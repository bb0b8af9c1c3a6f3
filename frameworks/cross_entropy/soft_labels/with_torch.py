import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
targets = torch.tensor([[0.9, 0.1, 0.0], [0.0, 0.5, 0.5]])  # floats of the logits' shape

print("loss", round(cross_entropy(logits, targets).item(), 4))
print("each", cross_entropy(logits, targets, reduction="none").numpy().round(4))
