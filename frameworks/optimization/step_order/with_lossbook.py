import numpy as np

from lossbook.losses import CrossEntropy
from lossbook.models import MLP
from lossbook.optim import ClipByNorm, InverseTimeDecay

rng = np.random.default_rng(0)
X, labels = 3 * rng.standard_normal((16, 4)), rng.integers(0, 3, 16)

model, schedule = MLP((4, 3)), InverseTimeDecay(0.1, decay=1.0)
model.parameters[:] = 0
loss = CrossEntropy(from_logits=True)
gradient = np.zeros_like(model.parameters)
for part in (slice(0, 8), slice(8, 16)):
    gradient += 8 / 16 * model.value_and_gradient(X[part], labels[part], loss)[1]
step = schedule(0) * ClipByNorm(1.0)(gradient)
print("norm before clipping", round(np.linalg.norm(gradient), 1))
print("length of the step", f"{np.linalg.norm(step):.3f}")
print("rate of the next", schedule(1))
