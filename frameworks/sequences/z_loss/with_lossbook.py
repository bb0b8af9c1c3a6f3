import numpy as np

from lossbook.losses import CrossEntropy, ZLoss

logits = np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [1.0, 1.0, 0.0]])
labels = np.array([0, 2, 1])
cross_entropy, z_loss = CrossEntropy(from_logits=True), ZLoss(coefficient=1e-4)
total = cross_entropy + z_loss  # a loss, with value and gradient

for shift in (0.0, 10.0):
    z = logits + shift
    assert np.isclose(total(labels, z), cross_entropy(labels, z) + z_loss(labels, z))
    print(f"shift {shift:.0f}: cross-entropy {cross_entropy(labels, z):.4f}", end=" ")
    print(f"z-loss {z_loss(labels, z):.4f}")
