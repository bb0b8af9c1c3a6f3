import torch
from torch.nn.functional import cross_entropy

torch.manual_seed(0)
model = torch.nn.Linear(4, 3)
X, labels = torch.randn(10, 4), torch.randint(3, (10,))
micro_batches = [(X[:7], labels[:7]), (X[7:], labels[7:])]  # of different sizes

whole = torch.autograd.grad(cross_entropy(model(X), labels), model.weight)[0]

model.zero_grad()
for x, y in micro_batches:
    cross_entropy(model(x), y, reduction="sum").div(len(X)).backward()
right = model.weight.grad.clone()

model.zero_grad()
for x, y in micro_batches:
    cross_entropy(model(x), y).div(len(micro_batches)).backward()  # the mean of two means
wrong = model.weight.grad.clone()

print("sum over all samples equals the whole batch:", torch.allclose(right, whole, atol=1e-6))
print("mean of means equals the whole batch:", torch.allclose(wrong, whole, atol=1e-6))
