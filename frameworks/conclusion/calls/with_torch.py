import torch
import torch.nn.functional as F

y, pred = torch.tensor([1.0, 4.0]), torch.tensor([2.0, 1.0])  # numbers, or counts
label, z = torch.tensor([1.0, 0.0]), torch.tensor([2.0, 1.0])  # float labels, a logit each
index = torch.tensor([0, 2])  # int64; a row of logits each
logits = torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
shares = torch.tensor([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]])
spread = torch.tensor([0.5, 4.0])  # variances

calls = {
    "mean": F.mse_loss(pred, y),
    "mean, some targets wrong": F.huber_loss(pred, y, delta=1.0),
    "median": F.l1_loss(pred, y),
    "mean and spread": F.gaussian_nll_loss(pred, y, var=spread),  # without log(2 pi) / 2
    "count": F.poisson_nll_loss(pred.log(), y),  # takes the log of the rate
    "one of two, or each of several": F.binary_cross_entropy_with_logits(z, label),
    "one of K": F.cross_entropy(logits, index),
    "a distribution": F.kl_div(logits.log_softmax(-1), shares, reduction="batchmean"),
}
for target, loss in calls.items():
    print(f"{target:32}{loss.item():.4f}")
