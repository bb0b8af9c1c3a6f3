import math

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

torch.manual_seed(0)
X = torch.randn(2000, 20)
last = nn.Linear(20, 10)
nn.init.zeros_(last.weight)  # or small: then the start is known before the run
nn.init.zeros_(last.bias)
labels = torch.randint(0, 10, (2000,))
print("ten classes", round(cross_entropy(last(X), labels).item(), 4))
print("log of ten", round(math.log(10), 4))

rare = torch.zeros(2000, 1)
rare[:20] = 1.0  # one in a hundred
last = nn.Linear(20, 1)
nn.init.zeros_(last.weight)
for name, start in (("bias at zero", 0.0), ("bias at the base rate", math.log(0.01 / 0.99))):
    nn.init.constant_(last.bias, start)
    print(name, round(binary_cross_entropy_with_logits(last(X), rare).item(), 4))
