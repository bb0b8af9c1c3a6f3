import torch
from torch.nn.functional import mse_loss

y = torch.tensor([1.0, 10.0, 100.0])  # over several powers of ten: train on the logarithm
target = y.log()  # log1p where y may be 0

best = target.mean()  # the constant with the least squared error of the logarithm
print("loss of the logarithm", round(mse_loss(best.expand(3), target).item(), 4))
print("exp of the prediction", round(best.exp().item(), 4))  # too low for a mean: a median
print("mean of the targets", round(y.mean().item(), 4))
# smearing (Duan 1983): times the mean of exp of the residuals
smeared = best.exp() * (target - best).exp().mean()
print("smeared", round(smeared.item(), 4))
