import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0]])
labels = torch.tensor([0, 1, 2])
weight = torch.tensor([1.0, 2.0, 5.0])  # one for each class

each = cross_entropy(logits, labels, weight=weight, reduction="none")  # weighted already
print("each", each.numpy().round(4))
print("divided by the sum of weights", round(cross_entropy(logits, labels, weight).item(), 4))
print("divided by the count", round(each.mean().item(), 4))  # not what "mean" does
# but it does so where the same labels are given as rows of probabilities
rows = torch.nn.functional.one_hot(labels).float()
print("mean from rows", round(cross_entropy(logits, rows, weight).item(), 4))
# in a batch of one the weight is divided out again
alone = cross_entropy(logits[2:], labels[2:], weight)
print("the third alone", round(alone.item(), 4))
