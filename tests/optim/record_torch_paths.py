"""Record the paths of PyTorch's optimizers on the Rosenbrock function, for test_optimizers.py.

    python tests/optim/record_torch_paths.py

writes torch_paths.json beside this file. It needs PyTorch, which the tests do not. The expressions
under "ours" are the same runs in the terms of lossbook.optim.
"""

import json
from pathlib import Path

import torch

START, STEPS = (-1.2, 1.0), 60
SGD, ADAM = torch.optim.SGD, torch.optim.Adam
SCHEDULES = torch.optim.lr_scheduler


def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2


# ours: (make the torch optimizer, make its schedule or None, clip the gradient or None)
RUNS = {
    "GradientDescent(1e-3)": (lambda p: SGD(p, lr=1e-3), None, None),
    "Momentum(1e-4, 0.9)": (lambda p: SGD(p, lr=1e-4, momentum=0.9), None, None),
    "Nesterov(1e-4, 0.8)": (lambda p: SGD(p, lr=1e-4, momentum=0.8, nesterov=True), None, None),
    "AdaGrad(0.3)": (lambda p: torch.optim.Adagrad(p, lr=0.3), None, None),
    "RMSProp(0.02, 0.95)": (lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.95), None, None),
    "Adam(0.05)": (lambda p: ADAM(p, lr=0.05), None, None),
    "Adam(0.05, 0.5, 0.9, 1e-3)": (
        lambda p: ADAM(p, lr=0.05, betas=(0.5, 0.9), eps=1e-3),
        None,
        None,
    ),
    "AdamW(0.05)": (lambda p: torch.optim.AdamW(p, lr=0.05), None, None),
    "AdamW(0.05, weight_decay=0.3)": (
        lambda p: torch.optim.AdamW(p, lr=0.05, weight_decay=0.3),
        None,
        None,
    ),
    "GradientDescent(StepDecay(1e-3, 0.5, 7))": (
        lambda p: SGD(p, lr=1e-3),
        lambda o: SCHEDULES.StepLR(o, step_size=7, gamma=0.5),
        None,
    ),
    "GradientDescent(ExponentialDecay(1e-3, 0.97))": (
        lambda p: SGD(p, lr=1e-3),
        lambda o: SCHEDULES.ExponentialLR(o, gamma=0.97),
        None,
    ),
    "Adam(CosineDecay(0.05, 60, 0.01))": (
        lambda p: ADAM(p, lr=0.05),
        lambda o: SCHEDULES.CosineAnnealingLR(o, T_max=60, eta_min=0.01),
        None,
    ),
    "Adam(InverseTimeDecay(0.05, 0.1))": (
        lambda p: ADAM(p, lr=0.05),
        lambda o: SCHEDULES.LambdaLR(o, lambda t: 1 / (1 + 0.1 * t)),
        None,
    ),
    "Adam(Warmup(0.05, 10))": (
        lambda p: ADAM(p, lr=0.05),
        lambda o: SCHEDULES.LinearLR(o, start_factor=0.1, end_factor=1.0, total_iters=9),
        None,
    ),
    "GradientDescent(0.02), clip=ClipByValue(3.0)": (
        lambda p: SGD(p, lr=0.02),
        None,
        lambda p: torch.nn.utils.clip_grad_value_(p, 3.0),
    ),
    # clip_grad_norm_ divides by norm + 1e-6, so the paths agree to about 1e-6 only.
    "GradientDescent(0.02), clip=ClipByNorm(5.0)": (
        lambda p: SGD(p, lr=0.02),
        None,
        lambda p: torch.nn.utils.clip_grad_norm_(p, 5.0),
    ),
}


def path(make_optimizer, make_schedule, clip):
    x = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = make_optimizer([x])
    schedule = make_schedule(optimizer) if make_schedule else None
    points = [x.tolist()]
    for _ in range(STEPS):
        optimizer.zero_grad()
        rosenbrock(x).backward()
        if clip:
            clip([x])
        optimizer.step()
        if schedule:
            schedule.step()
        points.append(x.tolist())
    return points


if __name__ == "__main__":
    paths = {ours: path(*run) for ours, run in RUNS.items()}
    target = Path(__file__).with_name("torch_paths.json")
    lines = ",\n".join(f"{json.dumps(ours)}: {json.dumps(p)}" for ours, p in paths.items())
    version = torch.__version__.partition("+")[0]
    target.write_text(f'{{"torch": "{version}", "paths": {{\n{lines}\n}}}}\n')
