import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[[2.0, 0.0, 0.0], [0.0, 1.0, 3.0]], [[0.0, 2.0, 0.0], [9.0, 0.0, 0.0]]])
labels = torch.tensor([[0, 1], [1, -100]])  # the second sequence has one token

# cross_entropy wants the classes at axis 1
nats = cross_entropy(logits.transpose(1, 2), labels, reduction="none")
count = (labels != -100).sum(1)
print("perplexity", round((nats.sum() / count.sum()).exp().item(), 4))
# not the perplexity of the corpus: exp of a mean is not the mean of exp
print("mean of two perplexities", round((nats.sum(1) / count).exp().mean().item(), 4))
print("uniform guess", cross_entropy(torch.zeros(1, 3), labels[:1, 0]).exp().round().item())
