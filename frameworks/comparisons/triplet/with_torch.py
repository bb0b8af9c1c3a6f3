import torch
from torch.nn.functional import normalize, triplet_margin_loss

anchor = normalize(torch.tensor([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]))
positive = normalize(torch.tensor([[0.9, 0.1], [0.8, 0.6], [1.0, 0.0]]))
negative = normalize(torch.tensor([[0.0, 1.0], [0.2, 1.0], [0.1, 0.9]]))

# the margin is 1.0 unless you set it; distances, not their squares
each = triplet_margin_loss(anchor, positive, negative, margin=0.2, reduction="none")
print("each", each.numpy().round(3))
print("share that costs nothing", round((each == 0).float().mean().item(), 3))
# the test of a sign: exchange the two of a triplet that is in order, and it costs more
exchanged = triplet_margin_loss(anchor[1:2], negative[1:2], positive[1:2], margin=0.2)
print("exchanged", round(exchanged.item(), 3))

point = torch.full((3, 2), 0.5**0.5)  # every input at one place
a, p, n = (point.clone().requires_grad_() for _ in range(3))
loss = triplet_margin_loss(a, p, n, margin=0.2)
loss.backward()
print("collapsed", round(loss.item(), 3))
print("pull on the anchor", a.grad[0].numpy())
# the 1e-6 that is added to each difference gives a direction that the data have no part in
print("pull on the positive", p.grad[0].numpy().round(3))
