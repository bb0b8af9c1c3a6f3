import math

import torch
from torch.nn.functional import cross_entropy, nll_loss

logits = torch.zeros(1, 10)
logits[0, 3] = 10.0  # certain of class 3, and right
label = torch.tensor([3])

print("logits given", round(cross_entropy(logits, label).item(), 4))
# softmax in the model and again in cross_entropy: the loss cannot fall below its floor
print("softmax twice", round(cross_entropy(logits.softmax(1), label).item(), 4))
print("floor", round(math.log(math.e + 9) - 1, 4))
# nll_loss takes log-probabilities; given probabilities it is below 0
print("nll_loss of probabilities", round(nll_loss(logits.softmax(1), label).item(), 4))
