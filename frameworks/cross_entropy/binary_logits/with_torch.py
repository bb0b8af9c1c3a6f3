import torch
from torch.nn.functional import binary_cross_entropy_with_logits

logits = torch.tensor([2.0, -1.0, 0.5], requires_grad=True)
labels = torch.tensor([1.0, 0.0, 0.0])  # floats, in the shape of the logits

loss = binary_cross_entropy_with_logits(logits, labels)
loss.backward()
print("loss", round(loss.item(), 4))
print("gradient", logits.grad.numpy().round(4))
print("decisions", (logits > 0).int().numpy())  # a logit of 0 is a probability of one half
