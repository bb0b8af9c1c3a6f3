import numpy as np

from lossbook.losses import BinaryCrossEntropy, CrossEntropy

labels = np.random.default_rng(1).integers(0, 10, 2000)
print("ten classes", round(CrossEntropy(from_logits=True)(labels, np.zeros((2000, 10))), 4))
print("log of ten", round(np.log(10), 4))

rare = np.zeros(2000)
rare[:20] = 1.0
loss = BinaryCrossEntropy(from_logits=True)
print("bias at zero", round(loss(rare, np.zeros(2000)), 4))
print("bias at the base rate", round(loss(rare, np.full(2000, np.log(0.01 / 0.99))), 4))
