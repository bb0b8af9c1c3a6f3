import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.0, 0.0, 9.0], [1.0, 1.0, 1.0]])
labels = torch.tensor([0, 1, 0, 2])

each = cross_entropy(logits, labels, reduction="none")
hardest = each.argsort(descending=True)
print("each", each.numpy().round(4))
print("hardest first", hardest.tolist())  # look at these samples: wrong labels come first
print("weighted", round((each * torch.tensor([1.0, 1.0, 0.0, 1.0])).sum().item() / 3, 4))
