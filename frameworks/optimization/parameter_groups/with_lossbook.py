import numpy as np

from lossbook.models import MLP
from lossbook.optim import AdamW

model = MLP((4, 8, 1))  # it has no norm: what does not decay are the biases
model.biases[0][:] = 1.0
optimizer = AdamW(1e-3, weight_decay=0.1, mask=model.is_weight)

before = model.parameters.copy()
optimizer.step(model.parameters, np.zeros(before.size), optimizer.init(before))
print("decayed", np.count_nonzero(model.parameters != before))
print("biases", np.count_nonzero(~model.is_weight))
print("a bias after a step", model.biases[0][0])
