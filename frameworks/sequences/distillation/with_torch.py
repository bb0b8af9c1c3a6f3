import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax

student = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], requires_grad=True)
teacher = torch.tensor([[0.0, 1.0, 3.0], [1.0, -1.0, 4.0]])  # computed under no_grad()
labels = torch.tensor([0, 2])


def soft(student, teacher, T):
    p, q = log_softmax(teacher / T, -1), log_softmax(student / T, -1)
    return kl_div(q, p, reduction="batchmean", log_target=True)


def distillation(student, teacher, labels, T=4.0, alpha=0.5):
    labels_part = cross_entropy(student, labels)
    return alpha * T**2 * soft(student, teacher, T) + (1 - alpha) * labels_part


def pull(loss):
    return torch.autograd.grad(loss, student)[0].norm().item()


print("loss", round(distillation(student, teacher, labels).item(), 4))
for T in (4.0, 8.0, 16.0):
    without = pull(soft(student, teacher, T))
    print(f"T = {T:.0f}: without {without:.4f} with {T**2 * without:.4f}")
