import torch

y_true = torch.tensor([1.0, 2.0, 3.0, 4.0, 100.0])


def pinball(y_pred, y_true, quantile):  # torch has none
    r = y_true - y_pred
    return torch.maximum(quantile * r, (quantile - 1) * r).mean()


y_pred = torch.tensor(0.0, requires_grad=True)
optimizer = torch.optim.SGD([y_pred], lr=0.1)
for _step in range(400):
    optimizer.zero_grad()
    pinball(y_pred, y_true, 0.7).backward()
    optimizer.step()
print("loss at three", round(pinball(torch.tensor(3.0), y_true, 0.7).item(), 4))
print("best constant", f"{y_pred.item():.1f}")  # the 0.7 quantile; the 100 does not pull
