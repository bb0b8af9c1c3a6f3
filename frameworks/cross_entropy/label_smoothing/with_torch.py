import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])
labels = torch.tensor([0, 1])

loss = cross_entropy(logits, labels, label_smoothing=0.1)
smoothed = torch.tensor([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
print("loss", round(loss.item(), 4))
print("least value", round(-(smoothed * smoothed.log()).sum().item(), 4))
