import torch
from torch.nn.functional import kl_div

target = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.6, 0.3]])
logits = torch.tensor([[1.0, 0.5, 0.0], [0.0, 1.0, 1.0]])

# log-probabilities first, then the target
log_p = logits.log_softmax(1)
print("divided by the rows", round(kl_div(log_p, target, reduction="batchmean").item(), 4))
# "mean", the default, divides by all entries: a third of the divergence with three classes
print("divided by the entries", round(kl_div(log_p, target, reduction="mean").item(), 4))
# a divergence below 0 says that probabilities were given where their logarithms belong
wrong = kl_div(logits.softmax(1), target, reduction="batchmean")
print("probabilities given", round(wrong.item(), 4))
