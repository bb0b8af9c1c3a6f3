import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], requires_grad=True)
labels = torch.tensor([0, 1])  # class indices: int64, not floats

loss = cross_entropy(logits, labels)  # logits, not probabilities
loss.backward()
print("loss", round(loss.item(), 4))
print("gradient", logits.grad.numpy().round(4))
