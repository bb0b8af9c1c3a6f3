import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

logits = torch.tensor([[3.0, -2.0, 2.0], [-1.0, 2.0, -3.0]])  # one logit a label
labels = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])  # floats; the first row has two

print("loss", round(binary_cross_entropy_with_logits(logits, labels).item(), 4))
print("sigmoids", logits[0].sigmoid().numpy().round(4))  # each on its own
print("softmax", logits[0].softmax(0).numpy().round(4))  # sums to 1: never two near 1
print("decisions", (logits > 0).int().numpy())
# cross_entropy accepts the rows without a word: two labels share one probability
best = cross_entropy(torch.tensor([[20.0, -20.0, 20.0]]), labels[:1])
print("least softmax loss of the first row", round(best.item(), 4))
