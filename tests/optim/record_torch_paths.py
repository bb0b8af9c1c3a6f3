"""Record paths of PyTorch's optimizers on the Rosenbrock function, and rates of its ReduceLROnPlateau.

    python tests/optim/record_torch_paths.py

writes torch_paths.json beside this file, for test_optimizers.py and test_plateau.py. It needs PyTorch,
which the tests do not. The expressions under "ours" are the same runs in the terms of lossbook.optim.
"""

import functools
import itertools
import json
import math
import random
from pathlib import Path

import torch

START, STEPS = (-1.2, 1.0), 60
SGD, ADAM = torch.optim.SGD, torch.optim.Adam
SCHEDULES = torch.optim.lr_scheduler
# eps: the least change of the rate that it makes at all
PLATEAU = functools.partial(SCHEDULES.ReduceLROnPlateau, eps=0)


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
    "AdamW(0.05, weight_decay=0.3, mask=[True, False])": (
        lambda p: torch.optim.AdamW(
            [{"params": p[:1], "weight_decay": 0.3}, {"params": p[1:], "weight_decay": 0.0}],
            lr=0.05,
        ),
        None,
        None,
    ),
    "Momentum(ReduceOnPlateau(2e-3, 0.7, 1), 0.9)": (
        lambda p: SGD(p, lr=2e-3, momentum=0.9),
        lambda o: PLATEAU(o, factor=0.7, patience=1),
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
    x = [torch.tensor(start, dtype=torch.float64, requires_grad=True) for start in START]
    optimizer = make_optimizer(x)
    schedule = make_schedule(optimizer) if make_schedule else None
    points = [[entry.item() for entry in x]]
    for _ in range(STEPS):
        optimizer.zero_grad()
        value = rosenbrock(x)
        value.backward()
        if clip:
            clip(x)
        optimizer.step()
        if isinstance(schedule, SCHEDULES.ReduceLROnPlateau):
            schedule.step(value.item())
        elif schedule:
            schedule.step()
        points.append([entry.item() for entry in x])
    return points


def plateaus():
    """Losses by epoch that fall, rise, rest, and are no numbers; and the rate after each."""
    random.seed(0)
    grids = itertools.product(
        [0.5, 0.1], [0, 1, 3], [0.0, 1e-4, 0.1], ["rel", "abs"], [0, 2], [0, 1e-3]
    )
    for factor, patience, threshold, mode, cooldown, floor in grids:
        losses = [1.0, 1.0]
        for _ in range(38):
            last = losses[-1] if math.isfinite(losses[-1]) else 0.5
            usual = [last, round(last * random.uniform(0.85, 1.05), 4), round(random.random(), 4)]
            rare = random.random() < 0.05
            losses.append(random.choice([math.nan, math.inf] if rare else usual))
        optimizer = SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        schedule = PLATEAU(
            optimizer,
            factor=factor,
            patience=patience,
            threshold=threshold,
            threshold_mode=mode,
            cooldown=cooldown,
            min_lr=floor,
        )
        rates = []
        for loss in losses:
            optimizer.step()
            schedule.step(loss)
            rates.append(optimizer.param_groups[0]["lr"])
        ours = f"ReduceOnPlateau(0.5, {factor}, {patience}, {threshold}, {mode!r}, {cooldown}, {floor})"
        yield {"ours": ours, "losses": losses, "rates": rates}


if __name__ == "__main__":
    paths = {ours: path(*run) for ours, run in RUNS.items()}
    target = Path(__file__).with_name("torch_paths.json")
    lines = ",\n".join(f"{json.dumps(ours)}: {json.dumps(p)}" for ours, p in paths.items())
    rates = ",\n".join(json.dumps(run) for run in plateaus())
    version = torch.__version__.partition("+")[0]
    target.write_text(
        f'{{"torch": "{version}", "paths": {{\n{lines}\n}}, "plateaus": [\n{rates}\n]}}\n'
    )
