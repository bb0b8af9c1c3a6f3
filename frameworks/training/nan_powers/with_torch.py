import torch
from torch.nn.functional import poisson_nll_loss, softplus


def show(name, z, loss):
    (slope,) = torch.autograd.grad(loss, z)
    print(f"{name}: loss {loss.item():.3g}, slope {slope.item():.3g}")


for gamma in (2.0, 0.5):  # a right answer with much certainty: its probability is rounded to 1
    z = torch.tensor(20.0, requires_grad=True)
    nats = softplus(-z)
    show(f"focal {gamma}", z, (1 - torch.exp(-nats)) ** gamma * nats)
z = torch.tensor(20.0, requires_grad=True)
p = torch.sigmoid(z)
show("focal 0.5, of p", z, (1 - p) ** 0.5 * -torch.log(p))
z = torch.tensor(20.0, requires_grad=True)
show("focal 0.5, of 1 - p", z, torch.sigmoid(-z) ** 0.5 * softplus(-z))

for raw in (0.1, 0.0, -0.1):  # the rate itself
    z = torch.tensor(raw, requires_grad=True)
    loss = poisson_nll_loss(z, torch.tensor(2.0), log_input=False)
    show(f"rate {raw}", z, loss)
z = torch.tensor(-0.1, requires_grad=True)
show("softplus", z, poisson_nll_loss(softplus(z), torch.tensor(2.0), log_input=False))
