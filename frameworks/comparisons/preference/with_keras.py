import numpy as np
from keras.losses import BinaryCrossentropy, SparseCategoricalCrossentropy

# a reward model: one score for the chosen answer of each pair, one for the rejected
chosen = np.array([[1.2], [-0.3], [2.0]], dtype="float32")
rejected = np.array([[0.4], [0.9], [1.5]], dtype="float32")
logistic = BinaryCrossentropy(from_logits=True)  # of a difference, with the label 1
print("loss", round(float(logistic(np.ones((3, 1)), chosen - rejected)), 4))
rewards = np.concatenate([chosen, rejected], axis=1)  # logits of two classes
same = SparseCategoricalCrossentropy(from_logits=True)(np.zeros(3, dtype=int), rewards)
print("the same by cross-entropy", round(float(same), 4))
print("equal rewards", round(float(logistic(np.ones((1, 1)), np.zeros((1, 1)))), 4))

# DPO: sums of the log-probabilities of the tokens, of the policy and of a frozen reference
policy = np.array([[-41.0, -70.0], [-28.0, -36.0]])  # columns: chosen, rejected
reference = np.array([[-40.0, -60.0], [-30.0, -31.0]])
beta = 0.1
reward = beta * (policy - reference)
print("rewards", reward.round(2))  # the first pair: both have fallen
gap = reward[:, :1] - reward[:, 1:]
print("DPO", round(float(logistic(np.ones((2, 1)), gap)), 4))
