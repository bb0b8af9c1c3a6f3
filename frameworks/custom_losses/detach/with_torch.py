import torch

w = torch.tensor([0.5, 1.0], requires_grad=True)  # a value for each of two states
reward, discount = 1.0, 0.9


def loss(target):
    return (w[0] - target) ** 2


target = reward + discount * w[1]  # depends on w, and is to be taken as given
print("error", round((w[0] - target).item(), 4))
for name, t in (("target held", target.detach()), ("target moves too", target)):
    (gradient,) = torch.autograd.grad(loss(t), w, retain_graph=True)
    print(name, gradient.numpy().round(4))
