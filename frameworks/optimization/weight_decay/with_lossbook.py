import numpy as np

from lossbook.optim import Adam, AdamW

signs = [1.0 if t % 2 else -1.0 for t in range(300)]
noise = np.array([10.0, 0.1])


def run(optimizer, l2=0.0):
    w = np.ones(2)
    memory = optimizer.init(w)
    for sign in signs:
        optimizer.step(w, sign * noise + l2 * w, memory)
    return [f"{v:.2f}" for v in w]


print("L2 in the loss", *run(Adam(0.01), l2=0.3))
print("decoupled", *run(AdamW(0.01, weight_decay=0.3)))
