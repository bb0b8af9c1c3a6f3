import torch
from torch.nn.functional import multi_margin_loss

scores = torch.tensor([[2.0, 1.5, 1.2], [-0.5, -2.0, -3.0], [0.0, 1.0, 0.5]])
labels = torch.tensor([0, 0, 0])

# every wrong class within the margin counts, and the sum is divided by the number of classes
each = multi_margin_loss(scores, labels, reduction="none")
print("sum over wrong classes", (3 * each).numpy().round(4))  # Weston and Watkins
print("its share of the classes", each.numpy().round(4))

wrong = scores.scatter(1, labels[:, None], -torch.inf).amax(1)
true = scores.gather(1, labels[:, None])[:, 0]
print("worst wrong class", (1 + wrong - true).clamp(min=0).numpy().round(4))  # Crammer, Singer
