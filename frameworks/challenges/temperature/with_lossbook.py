import numpy as np
from scipy.optimize import minimize_scalar

from lossbook.losses import CrossEntropy

rng = np.random.default_rng(0)
true = 2 * rng.standard_normal((2000, 5))
labels = np.argmax(true + rng.gumbel(size=true.shape), axis=1)
logits = 3 * true

loss = CrossEntropy(from_logits=True)
found = minimize_scalar(lambda log_t: loss(labels, logits / np.exp(log_t)))
print("loss before", round(loss(labels, logits), 4))
print("loss after", round(found.fun, 4))
print("temperature", f"{np.exp(found.x):.2f}")
