import numpy as np

from lossbook.losses import DPO, BradleyTerry, CrossEntropy

chosen, rejected = np.array([1.2, -0.3, 2.0]), np.array([0.4, 0.9, 1.5])
print("loss", round(BradleyTerry()(chosen, rejected), 4))
rewards = np.column_stack([chosen, rejected])
same = CrossEntropy(from_logits=True)(np.zeros(3, dtype=int), rewards)
print("the same by cross-entropy", round(same, 4))
print("equal rewards", round(BradleyTerry()([0.0], [0.0]), 4))

policy = np.array([[-41.0, -70.0], [-28.0, -36.0]])
reference = np.array([[-40.0, -60.0], [-30.0, -31.0]])
print("rewards", (0.1 * (policy - reference)).round(2))
print("DPO", round(DPO(beta=0.1)(*policy.T, *reference.T), 4))
