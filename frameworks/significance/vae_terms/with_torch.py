import torch
from torch.nn.functional import mse_loss

x = torch.tensor([[0.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]])  # two images, four pixels
x_hat = torch.tensor([[0.1, 0.8, 0.7, 0.2], [0.9, 0.9, 0.3, 0.1]])
mu = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])  # two codes of two dimensions
log_var = torch.tensor([[-1.0, 0.0], [-1.0, 0.0]])

error = mse_loss(x_hat, x, reduction="none").sum(1) / 2  # half: noise of variance 1
kl = (mu**2 + log_var.exp() - 1 - log_var) / 2
print("error", round(error.mean().item(), 4), "KL", round(kl.sum(1).mean().item(), 4))
print("KL of each dimension", kl.mean(0).numpy().round(4))  # the second is given up
print("error by the default", round(mse_loss(x_hat, x).item() / 2, 4))  # a quarter of it
