import torch
from torch import nn


def asymmetric(y_pred, y_true, under=3.0):
    """A prediction below the target costs `under` times as much as one above it."""
    r = y_pred - y_true
    return torch.where(r < 0, -under * r, r).mean()


class Asymmetric(nn.Module):
    def __init__(self, under=3.0):
        super().__init__()
        self.under = under

    def forward(self, y_pred, y_true):
        return asymmetric(y_pred, y_true, self.under)


y_pred = torch.tensor([1.0, 2.0, 5.0], requires_grad=True)
loss = Asymmetric(under=4.0)(y_pred, torch.tensor([2.0, 2.5, 4.0]))
loss.backward()
print("loss", round(loss.item(), 4))
print("gradient", y_pred.grad.numpy().round(4))
