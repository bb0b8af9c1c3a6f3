import torch
from torch.nn.functional import huber_loss, smooth_l1_loss

y_pred = torch.tensor([0.5, -3.0, 10.0], requires_grad=True)
y_true = torch.zeros(3)

each = huber_loss(y_pred, y_true, delta=2.0, reduction="none")
huber_loss(y_pred, y_true, delta=2.0).backward()
print("each", each.detach().numpy().round(4))
print("gradient", y_pred.grad.numpy().round(4))  # at most delta for each, before the mean
# Smooth L1 is Huber divided by its beta: of slope 1 far out, whatever beta is
smooth = smooth_l1_loss(y_pred, y_true, beta=2.0, reduction="none")
print("smooth l1", smooth.detach().numpy().round(4))
