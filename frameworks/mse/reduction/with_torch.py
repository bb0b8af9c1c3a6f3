import torch
from torch.nn.functional import mse_loss

y_pred = torch.tensor([2.5, 0.0, 2.0], requires_grad=True)
y_true = torch.tensor([3.0, -0.5, 2.0])  # of the same shape: (3,) and (3, 1) broadcast to (3, 3)

loss = mse_loss(y_pred, y_true)
loss.backward()
print("mean", round(loss.item(), 4))
print("each", mse_loss(y_pred, y_true, reduction="none").detach().numpy().round(4))
print("gradient", y_pred.grad.numpy().round(4))
