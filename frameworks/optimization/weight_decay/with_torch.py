import torch

signs = [1.0 if t % 2 else -1.0 for t in range(300)]
noise = torch.tensor([10.0, 0.1])  # gradients that say nothing, one large and one small


def run(optimizer_class):
    w = torch.nn.Parameter(torch.ones(2))
    optimizer = optimizer_class([w], lr=0.01, weight_decay=0.3)
    for sign in signs:
        w.grad = sign * noise
        optimizer.step()
    return [f"{float(v):.2f}" for v in w.detach()]


# Adam adds 0.3 w to the gradient, an L2 penalty: Adam divides it by the size of the gradient
print("L2 in the loss", *run(torch.optim.Adam))
print("decoupled", *run(torch.optim.AdamW))  # both shrink by (1 - 0.01 * 0.3)**300
