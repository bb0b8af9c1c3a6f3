import torch

y_true = torch.tensor([1.0, float("nan"), 3.0])  # the second was not measured
keep = ~y_true.isnan()


def loss_and_gradient(squares):
    y_pred = torch.tensor([1.5, 2.0, 2.0], requires_grad=True)
    loss = squares(y_pred)
    loss.backward()
    return round(loss.item(), 4), y_pred.grad.numpy().round(4)


def filled(p):  # choose before the arithmetic
    return (keep * (p - torch.where(keep, y_true, 0.0)) ** 2).sum() / keep.sum()


# 0 * nan is nan, in the sum and in the gradient
print("times the mask", *loss_and_gradient(lambda p: (keep * (p - y_true) ** 2).sum() / 2))
# this mends the value; the gradient is 0 times that of the branch not taken, again nan
chosen = loss_and_gradient(lambda p: torch.where(keep, (p - y_true) ** 2, 0.0).sum() / 2)
print("where after the square", *chosen)
print("where before the square", *loss_and_gradient(filled))
