import torch
from torch.nn.functional import cross_entropy, logsigmoid

# a reward model: one score for the chosen answer of each pair, one for the rejected
chosen, rejected = torch.tensor([1.2, -0.3, 2.0]), torch.tensor([0.4, 0.9, 1.5])
print("loss", round(-logsigmoid(chosen - rejected).mean().item(), 4))
rewards = torch.stack([chosen, rejected], dim=1)  # logits of two classes; the chosen is class 0
nought = torch.zeros(3, dtype=torch.long)
print("the same by cross-entropy", round(cross_entropy(rewards, nought).item(), 4))
print("equal rewards", round(-logsigmoid(torch.tensor(0.0)).item(), 4))

# DPO: sums of the log-probabilities of the tokens, of the policy and of a frozen reference
policy = torch.tensor([[-41.0, -70.0], [-28.0, -36.0]])  # columns: chosen, rejected
reference = torch.tensor([[-40.0, -60.0], [-30.0, -31.0]])
beta = 0.1
reward = beta * (policy - reference)
print("rewards", reward.numpy().round(2))  # the first pair: both have fallen
gap = reward[:, 0] - reward[:, 1]
print("DPO", round(-logsigmoid(gap).mean().item(), 4))
