import numpy as np
from scipy.special import expit

from lossbook.losses import BinaryCrossEntropy
from lossbook.models import LinearModel

rng = np.random.default_rng(0)
x = rng.standard_normal(5000)
y = rng.random(5000) < 1 / (1 + np.exp(5 - 1.5 * x))
ratio = np.sum(~y) / np.sum(y)

model = LinearModel()
model.fit(x[:, None], y, BinaryCrossEntropy(from_logits=True), sample_weight=np.where(y, ratio, 1))
logits = model.predict(x[:, None])
print("base rate", round(y.mean(), 4))
print("mean probability", f"{expit(logits).mean():.3f}")
print("mean probability undone", f"{expit(logits - np.log(ratio)).mean():.3f}")
