import torch
from torch.nn.functional import mse_loss

y_true = torch.tensor([1.0, 2.0, 3.0])
y_pred = torch.tensor([[1.0], [2.0], [3.0]])  # what Linear(..., 1) returns: all right

print("differences", tuple((y_pred - y_true).shape))  # each prediction with each target
print("loss of all pairs", round(mse_loss(y_pred, y_true).item(), 4))  # with a warning only
print("loss", round(mse_loss(y_pred.squeeze(1), y_true).item(), 4))
# the best model for all pairs predicts the mean of the targets, whatever the input


def own_loss(y_pred, y_true):
    assert y_pred.shape == y_true.shape, f"{tuple(y_pred.shape)} against {tuple(y_true.shape)}"
    return ((y_pred - y_true) ** 2).mean()


try:
    own_loss(y_pred, y_true)
except AssertionError as error:
    print("refused:", error)
