import torch
from torch.nn.functional import cross_entropy

logits = torch.zeros(2, 4, 3)  # two sequences of up to four tokens
logits[0, :, 0] = 2.0
labels = torch.tensor([[0, 0, 0, 0], [1, -100, -100, -100]])  # the second has one token

nats = cross_entropy(logits.transpose(1, 2), labels, reduction="none")
count = (labels != -100).sum(1)
print("mean over the tokens", round((nats.sum() / count.sum()).item(), 4))
# each sequence counts the same: the one token of the second as much as four of the first
print("mean of two means", round((nats.sum(1) / count).mean().item(), 4))
print("weight of its token", 1 / 2 / count[1].item(), "instead of", 1 / count.sum().item())
