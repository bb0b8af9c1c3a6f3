import torch
from torch.nn.functional import log_softmax

answer = torch.tensor([0, 1, 2, 0])  # a group of four, of one token each


def grpo_loss(logits, reward):
    advantage = (reward - reward.mean()) / (reward.std(correction=0) + 1e-6)
    log_p = log_softmax(logits, 0)[answer]
    ratio = (log_p - log_p.detach()).exp()  # 1 in value, but not in its gradient
    return -(advantage * ratio).mean()


for reward in ([1.0, 0.0, 0.0, 1.0], [1.0, 1.0, 1.0, 1.0]):
    logits = torch.zeros(3, requires_grad=True)
    loss = grpo_loss(logits, torch.tensor(reward))
    loss.backward()
    print("rewards", reward, "loss", round(abs(loss.item()), 4))
    print("gradient", (logits.grad + 0.0).numpy().round(4))
