import torch
from torch import nn

torch.manual_seed(0)
X, labels = torch.randn(16, 20), torch.randint(0, 10, (16,))  # no relation: to be learned by heart
model = nn.Sequential(nn.Linear(20, 128), nn.ReLU(), nn.Linear(128, 10))  # no dropout, no decay
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for _step in range(300):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(X), labels)
    loss.backward()
    optimizer.step()
# if not: a fault of the program (labels, loss, rate, a frozen layer, a lost gradient), not of data
print("below one hundredth:", loss.item() < 0.01)
print("right", (model(X).argmax(1) == labels).sum().item(), "of", len(X))
