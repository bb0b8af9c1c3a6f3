import numpy as np
import torch

rng = np.random.default_rng(0)
x = rng.uniform(0, 3, (500, 1))
y = np.sin(2 * x) + (0.1 + 0.3 * x) * rng.standard_normal((500, 1))  # wider to the right
W1, W2 = 2 * rng.standard_normal((1, 32)), 0.2 * rng.standard_normal((32, 1))  # the start
x, y, W1, W2 = (torch.tensor(a, dtype=torch.float32) for a in (x, y, W1, W2))


def bill(y_pred, y_true, under=4.0):
    """One too few costs 4, one too many costs 1."""
    assert y_pred.shape == y_true.shape
    r = y_pred - y_true
    return torch.where(r < 0, -under * r, r).mean()


def trained(loss_function):
    net = torch.nn.Sequential(torch.nn.Linear(1, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
    with torch.no_grad():
        for layer, start in ((net[0], W1), (net[2], W2)):
            layer.weight.copy_(start.T)
            layer.bias.zero_()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _step in range(1000):
        optimizer.zero_grad()
        loss_function(net(x), y).backward()
        optimizer.step()
    return net(x).detach()


for name, loss_function in (("squared", torch.nn.functional.mse_loss), ("bill", bill)):
    p = trained(loss_function)
    short = [(y > p)[part].float().mean().item() for part in (x < 1.5, x >= 1.5)]
    print(f"trained on {name}: mean bill", round(bill(p, y).item(), 2))
    print(f"trained on {name}: short left and right", *(round(s, 1) for s in short))
