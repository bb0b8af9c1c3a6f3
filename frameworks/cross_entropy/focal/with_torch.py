import torch
from torch.nn.functional import binary_cross_entropy_with_logits

logits = torch.tensor([2.0, -1.0, 0.5])
labels = torch.tensor([1.0, 0.0, 0.0])
gamma, alpha = 2.0, 0.25  # alpha weighs the class 1, and 1 - alpha the class 0

# torch has none; this is what torchvision.ops.sigmoid_focal_loss computes
cost = binary_cross_entropy_with_logits(logits, labels, reduction="none")
p = logits.sigmoid()
p_true = p * labels + (1 - p) * (1 - labels)  # the probability given to the true class
weight = alpha * labels + (1 - alpha) * (1 - labels)
each = weight * (1 - p_true) ** gamma * cost
print("each", each.numpy().round(4))
print("loss", round(each.mean().item(), 4))
print("without alpha", round(((1 - p_true) ** gamma * cost).mean().item(), 4))
