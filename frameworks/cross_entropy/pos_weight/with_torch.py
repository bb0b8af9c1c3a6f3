import math

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

labels = torch.tensor([1.0, 0.0, 0.0, 0.0, 0.0])  # one in five
logits = torch.zeros(5, requires_grad=True)  # a probability of 0.5 for each

loss = binary_cross_entropy_with_logits(logits, labels, pos_weight=torch.tensor(4.0))
loss.backward()
print("loss", round(loss.item(), 4))  # divided by the count, not by the sum of weights
# pos_weight has one entry a label; weight has one an entry of the batch, whatever its label
each = torch.where(labels == 1, 4.0, 1.0)
same = binary_cross_entropy_with_logits(logits, labels, weight=each)
print("the same by weight", round(same.item(), 4))
# the gradients cancel: with pos_weight 4, 0.5 is the best constant where the base rate is 0.2
print("sum of the gradient", round(abs(logits.grad.sum().item()), 4))
print("probability given", torch.sigmoid(logits[0]).item())
print("probability undone", round(torch.sigmoid(logits[0] - math.log(4.0)).item(), 4))
