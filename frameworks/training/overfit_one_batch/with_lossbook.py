import numpy as np

from lossbook.losses import CrossEntropy
from lossbook.models import MLP, train
from lossbook.optim import Adam

rng = np.random.default_rng(0)
X, labels = rng.standard_normal((16, 20)), rng.integers(0, 10, 16)

model = MLP((20, 128, 10), "relu", seed=0)
history = train(model, X, labels, CrossEntropy(from_logits=True), optimizer=Adam(0.01), epochs=300)
print("below one hundredth:", history.loss[-1] < 0.01)
print("right", np.sum(model.predict(X).argmax(1) == labels), "of", len(X))
