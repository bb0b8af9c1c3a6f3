import torch
from torch.nn.functional import cross_entropy

logits = torch.tensor([[0.0, 1.0, 2.0]])  # three classes: 0, 1 and 2

for label in (2, 3, -1, 255):
    try:
        loss = cross_entropy(logits, torch.tensor([label]))
        print("label", label, "loss", round(loss.item(), 4))
    except IndexError as error:  # on a GPU: device-side assert triggered
        print(error)

# 255 for pixels that nobody has labeled
loss = cross_entropy(logits.repeat(2, 1), torch.tensor([2, 255]), ignore_index=255)
print("ignored, loss", round(loss.item(), 4))
