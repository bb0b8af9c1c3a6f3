import torch
from torch.nn.functional import cross_entropy, margin_ranking_loss, softplus

# one query: the relevant document first, a strong rival, eight others
score = torch.tensor([0.0, 3.0, 0, 0, 0, 0, 0, 0, 0, 0], requires_grad=True)

pairwise = softplus(score[1:] - score[0]).mean()  # the logistic loss of each difference
print("pairwise", round(pairwise.item(), 4))
(pull,) = torch.autograd.grad(pairwise, score)
print("share of the rival", round((pull[1] / pull[1:].sum()).item(), 2))

listwise = cross_entropy(score[None], torch.tensor([0]))  # one softmax over the list
print("listwise", round(listwise.item(), 4))
(pull,) = torch.autograd.grad(listwise, score)
print("share of the rival", round((pull[1] / pull[1:].sum()).item(), 2))

# the margin is 0 unless you set it: then equal scores cost nothing
equal, first = torch.zeros(1), torch.ones(1)
print("equal scores, no margin", margin_ranking_loss(equal, equal, first).item())
print("equal scores, margin one", margin_ranking_loss(equal, equal, first, margin=1.0).item())
