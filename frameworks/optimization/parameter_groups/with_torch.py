import torch

model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.LayerNorm(8), torch.nn.Linear(8, 1))
decayed = [p for p in model.parameters() if p.ndim >= 2]  # matrices
others = [p for p in model.parameters() if p.ndim < 2]  # biases, scales of the norm

optimizer = torch.optim.AdamW(
    [
        {"params": decayed, "weight_decay": 0.1},
        {"params": others, "weight_decay": 0.0},
    ],
    lr=1e-3,
)
print("decayed", sum(p.numel() for p in decayed))
print("others", sum(p.numel() for p in others))
