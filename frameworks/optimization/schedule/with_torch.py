import math

import torch

w = torch.nn.Parameter(torch.zeros(1))
optimizer = torch.optim.AdamW([w], lr=0.1)  # the peak


def factor(t, warmup=10, steps=100):
    """Up on a line, then down half a wave of the cosine."""
    if t < warmup:
        return t / warmup
    return 0.5 * (1 + math.cos(math.pi * min((t - warmup) / (steps - warmup), 1)))


schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
rates = []
for _step in range(101):
    rates.append(schedule.get_last_lr()[0])
    optimizer.step()
    schedule.step()  # after optimizer.step(), and once a step: else warm-up lasts ten epochs
print("rates", [round(rates[t], 4) for t in (0, 5, 10, 55, 100)])
