import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

logits = torch.tensor([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]])

for wrong in (3, -1):  # classes counted from 1, "unknown" as -1: on a GPU a device-side assert
    try:
        cross_entropy(logits, torch.tensor([0, wrong]))
    except IndexError as error:
        print(error)

# labels of two classes are not checked: 1 and 2 in place of 0 and 1, or pixels from 0 to 255
logit, beyond = torch.tensor([3.0]), torch.tensor([2.0])
loss = binary_cross_entropy_with_logits(logit, beyond)
print("loss of a label two", round(loss.item(), 4))  # below 0, and without a least value
