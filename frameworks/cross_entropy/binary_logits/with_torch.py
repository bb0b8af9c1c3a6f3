import torch
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits

logits = torch.tensor([2.0, -1.0, 0.5], requires_grad=True)
labels = torch.tensor([1.0, 0.0, 0.0])  # floats, in the shape of the logits

loss = binary_cross_entropy_with_logits(logits, labels)
loss.backward()
print("loss", round(loss.item(), 4))
print("gradient", logits.grad.numpy().round(4))
print("decisions", (logits > 0).int().numpy())  # a logit of 0 is a probability of one half

# sure and wrong: BCELoss sees a probability that float32 has rounded to 1, or one below 1e-12
for name, loss in (
    ("from the logit", binary_cross_entropy_with_logits),
    ("from the sigmoid", lambda z, y: binary_cross_entropy(z.sigmoid(), y)),
):
    for score, label in ((20.0, 0.0), (-40.0, 1.0)):
        z = torch.tensor([score], requires_grad=True)
        wrong = loss(z, torch.tensor([label]))
        wrong.backward()
        print(f"{name}: loss {wrong.item():.1f}, slope {z.grad.item():.6f}")
