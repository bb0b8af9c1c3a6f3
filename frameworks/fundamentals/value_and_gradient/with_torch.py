import torch

x, y = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 4.0, 7.0])
w = torch.tensor(1.0, requires_grad=True)

for _step in range(2):
    w.grad = None  # optimizer.zero_grad(): backward adds to what is there
    loss = ((w * x - y) ** 2).mean()
    loss.backward()
    print("loss", round(loss.item(), 4), "gradient", round(w.grad.item(), 4))
    with torch.no_grad():
        w -= 0.1 * w.grad
print("w after two steps", round(w.item(), 4))

r = torch.tensor(0.0, requires_grad=True)
r.abs().backward()
print("slope of abs at its kink", r.grad.item())
