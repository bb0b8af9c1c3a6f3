import torch
from torch.nn.functional import mse_loss

y_true = torch.tensor([1.0, 2.0, 3.0, 8.0])
y_pred = torch.tensor([1.0, 2.0, 2.0, 5.0])
print("rmse", round(mse_loss(y_pred, y_true).sqrt().item(), 4))
halves = [mse_loss(y_pred[i : i + 2], y_true[i : i + 2]) for i in (0, 2)]
print("mean over two batches", round(torch.stack(halves).sqrt().mean().item(), 4))  # another loss
print("root of the mean", round(torch.stack(halves).mean().sqrt().item(), 4))


def slope(eps):
    p = y_true[:2].clone().requires_grad_()  # all right: the root's slope is infinite, times 0
    (mse_loss(p, y_true[:2]) + eps).sqrt().backward()
    return p.grad.numpy()


print("gradient where all is right", slope(0.0))
print("the same with an eps", slope(1e-8))  # or train on the square: it has the same minimum
