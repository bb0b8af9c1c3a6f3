import torch
from torch.nn.functional import cross_entropy

# two sequences of two tokens, three classes; the last token is padding
logits = torch.tensor([[[2.0, 0.5, -1.0], [0.0, 1.0, 3.0]], [[0.5, 0.5, 0.0], [9.0, 0.0, 0.0]]])
labels = torch.tensor([[0, 1], [2, -100]])  # -100 is what ignore_index is by default
flat, y = logits.flatten(0, 1), labels.flatten()  # else the classes belong at axis 1

each = cross_entropy(flat, y, reduction="none")
print("each", each.numpy().round(4))
print("mean over the kept", round(cross_entropy(flat, y).item(), 4))
print("mean over all places", round(each.mean().item(), 4))  # padding counts as a loss of 0

nothing = torch.full_like(y, -100)
total, kept = cross_entropy(flat, nothing, reduction="sum"), (nothing != -100).sum()
print("nothing kept", cross_entropy(flat, nothing).item())  # 0 / 0, though the gradient is 0
print("nothing kept, divisor at least one:", (total / kept.clamp(min=1)).item())

try:  # with rows of probabilities there is none; a negative one, as the default, does nothing
    cross_entropy(flat, flat.softmax(-1), ignore_index=0)
except RuntimeError as error:
    print(error)

# NaN in the logits of the padding: the loss is right, and the gradient is not
flat[3] = torch.nan
flat.requires_grad_()
print("padding of NaN", round(cross_entropy(flat, y).item(), 4))
(gradient,) = torch.autograd.grad(cross_entropy(flat, y), flat)
print("its gradient", gradient[3].numpy())
keep = y != -100  # chosen before the loss
(gradient,) = torch.autograd.grad(cross_entropy(flat[keep], y[keep]), flat)
print("its gradient, chosen first", gradient[3].numpy())
