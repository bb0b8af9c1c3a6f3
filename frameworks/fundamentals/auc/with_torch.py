import torch
from torch.nn.functional import softplus

z = torch.tensor([2.0, -1.0, 0.5, 0.5], requires_grad=True)  # the scores of a batch
y = torch.tensor([1, 0, 1, 0])


def pair_loss(z, y):
    gap = z[:, None] - z[None, :]
    pair = (y[:, None] == 1) & (y[None, :] == 0)  # a positive row, a negative column
    return softplus(-gap)[pair].sum() / pair.sum().clamp(min=1)


loss = pair_loss(z, y)
loss.backward()
print("loss", round(loss.item(), 4))
print("gradient", z.grad.numpy().round(4))  # adds up to 0
gap = (z[y == 1][:, None] - z[y == 0]).detach()
print("AUC", ((gap > 0).float() + (gap == 0) / 2).mean().item())
print("a batch of one class", pair_loss(z, torch.ones(4)).item())  # a mean would be NaN
