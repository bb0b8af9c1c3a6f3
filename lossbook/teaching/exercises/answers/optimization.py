"""Answers to the exercises of the chapter on optimization."""

import numpy as np

from lossbook.optim import Adam, GradientDescent, Momentum, minimize
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]


def _bowl(w):
    return 3 * (w[0] - 2) ** 2, 6 * (w - 2)


def _one_step():
    return minimize(_bowl, [0.0], GradientDescent(0.1), steps=1, tol=0).x[0]


def _first_step_of_adam():
    return minimize(lambda w: (0.0, np.array([-300.0])), [0.0], Adam(0.01), steps=1, tol=0).x[0]


def _rolling():
    path = minimize(
        lambda w: (0.0, np.array([1.0])), [0.0], Momentum(1.0, momentum=0.95), steps=1000, tol=0
    ).path[:, 0]
    return path[-2] - path[-1]


def _walk_of_adam(gradients, eta, **options):
    """Where weights that start at zero are after Adam has been handed these gradients."""
    optimizer, w = Adam(eta, **options), np.zeros(gradients.shape[1])
    memory = optimizer.init(w)
    for g in gradients:
        optimizer.step(w, g, memory)
    return w


def _uncorrected(gradients, eta):
    w, m, s = np.zeros((3, gradients.shape[1]))
    for g in gradients:
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        w = w - eta * m / (np.sqrt(s) + 1e-8)
    return w


def _epsilon_inside(gradients, eta):
    w, m, s = np.zeros((3, gradients.shape[1]))
    for t, g in enumerate(gradients, start=1):
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
        w = w - eta * m / (1 - 0.9**t) / np.sqrt(s / (1 - 0.999**t) + 1e-8)
    return w


# the losses of the exercise "Waves", a pass of 20 batches each
WAVES = [1.87, 0.67, 0.35, 0.33, 0.34, 0.36, 0.33, 0.15, 0.12, 0.12, 0.13, 0.15, 0.17]


def _waves():
    """Whether the loss stands still where a schedule stepped once a batch has its rate near zero."""
    step = np.arange(20 * len(WAVES)).reshape(-1, 20)
    rate = (0.5 * (1 + np.cos(np.pi * step / 60))).mean(axis=1)
    still = np.abs(np.diff(WAVES, append=0.1))
    low, high = still[1:][rate[1:] < 0.1], still[1:][rate[1:] > 0.4]
    return "b" if low.max() < 0.03 < high.max() else "c"


def _schedule(t, peak, warmup, steps):
    if t < warmup:
        return peak * (t + 1) / warmup
    return peak / 2 * (1 + np.cos(np.pi * min((t - warmup) / (steps - warmup), 1.0)))


def _from_zero(t, peak, warmup, steps):
    return peak * t / warmup if t < warmup else _schedule(t, peak, warmup, steps)


def _uncounted(t, peak, warmup, steps):
    late = 0 if t > steps else peak / 2 * (1 + np.cos(np.pi * t / steps))
    return peak * (t + 1) / warmup if t < warmup else late


def _up_again(t, peak, warmup, steps):
    if t < warmup:
        return peak * (t + 1) / warmup
    return peak / 2 * (1 + np.cos(np.pi * (t - warmup) / (steps - warmup)))


def _graph(w):
    h = max(0.0, 2 * w)
    return (3 * h + h**2 - 5) ** 2


EXERCISES = [
    Exercise(
        key="optimization.step",
        kind="number",
        answer=_one_step,
        right="the slope at 0 is -12.",
        hint="The derivative of 3 (w - 2)^2 is 6 (w - 2).",
        mistakes=[
            (lambda: -1.2, "against the slope: it is negative at 0, so w goes up"),
            (lambda: 0.6, "the derivative of the square has a factor 2"),
        ],
    ),
    Exercise(
        key="optimization.bound",
        kind="number",
        answer=lambda: 2 / 6,
        nearest=0.01,
        right="the curvature is 6.",
        hint="The bound is 2 over the second derivative.",
        mistakes=[
            (lambda: 2 / 3, "the curvature is the second derivative, twice the coefficient"),
            (lambda: 1 / 6, "that rate lands on the minimum at once; twice it is the limit"),
        ],
    ),
    Exercise(
        key="optimization.adam",
        kind="number",
        answer=_first_step_of_adam,
        right="its first step has the length of the rate, whatever the gradient.",
        hint="Put t = 1 into the formula.",
        mistakes=[
            (lambda: 3.0, "that is the step of gradient descent"),
            (lambda: -0.01, "against the gradient: it is negative, so the weight goes up"),
        ],
    ),
    Exercise(
        key="optimization.momentum",
        kind="number",
        answer=_rolling,
        tolerance=1e-3,
        right="1 / (1 - 0.95).",
        hint="Solve v = 0.95 v - eta g for v.",
        mistakes=[(lambda: 1 / 0.95, "that is one over beta; take one over what is missing to 1")],
    ),
    Exercise(
        key="optimization.graph",
        kind="number",
        answer=lambda: (_graph(1 + 1e-6) - _graph(1 - 1e-6)) / 2e-6,
        tolerance=1e-4,
        right="10 comes back to both branches, 70 to h, and 140 to w.",
        hint="At the output it is 2 (10 - 5).",
        mistakes=[
            (lambda: 60, "only the branch by way of p; the other one adds to it"),
            (lambda: 80, "only the branch by way of q; the other one adds to it"),
            (lambda: 70, "that is at h; z is 2 w"),
        ],
    ),
    Exercise(
        key="optimization.floor",
        kind="number",
        answer=lambda: 0.02 * 256 / 32,
        right="rate over batch stays the same.",
        hint="The floor is proportional to rate over batch size.",
        mistakes=[(lambda: 0.02 / 8, "a larger batch allows a larger rate, not a smaller one")],
    ),
    Exercise(
        key="optimization.sigmoids",
        kind="number",
        answer=lambda: 0.25**10,
        nearest=1e-8,
        right="less than a millionth, at best.",
        hint="The steepest slope of the sigmoid is at zero, and a bias can bring each unit there.",
        mistakes=[
            (lambda: 0.5**10, "one half is its value at zero; its slope is one quarter"),
            (lambda: 2.5, "the factors multiply, they do not add up"),
        ],
    ),
    Exercise(
        key="optimization.rate",
        kind="number",
        answer=lambda: max(abs(1 - 2 / 100), abs(1 - 2 / 100 * 99)),
        tolerance=1e-4,
        right="(99 - 1) / (99 + 1).",
        hint="The best rate is 2 / (1 + 99).",
        mistakes=[
            (lambda: 1 - 1 / 99, "that is with the rate 1 / L; one can do a little better"),
            (lambda: 1 / 99, "that is one over the condition number"),
        ],
    ),
    Exercise(
        key="optimization.still",
        kind="choice",
        answer=lambda: "c",
        choices={
            "a": "the learning rate is too small",
            "b": "the gradient vanishes on its way back",
            "c": "steps that were too long have shut all rectifiers",
            "d": "the floor of the noise",
        },
        right="no hidden value, no gradient for the weights on either side; the last biases need none.",
        hint="Which factor of each gradient is exactly zero?",
        mistakes=[
            (lambda: "a", "then the gradient would still be what it was at the start, not zero"),
            (
                lambda: "b",
                "a vanishing gradient is small, not zero, and the last layer has it whole",
            ),
            (
                lambda: "d",
                "on a floor the loss is low, and the gradient on all the data is small, not zero",
            ),
        ],
    ),
    Exercise(
        key="optimization.write-adam",
        kind="function",
        answer=_walk_of_adam,
        inputs=[
            (np.array([[-300.0, 1e-4, 0.0]]), 0.01),
            (np.array([[1.0, 0.02], [-2.0, 0.01], [0.5, 0.0]]), 0.1),
            (np.tile([3.0, -1e-7], (40, 1)), 0.05),
            (np.empty((0, 2)), 0.1),
        ],
        tolerance=1e-6,
        right="two memories, two corrections, one division.",
        hint="The first step has the length eta in every weight whose gradient is not tiny.",
        mistakes=[
            (_uncorrected, "divide m by 1 - 0.9^t and s by 1 - 0.999^t: both started from zero"),
            (_epsilon_inside, "epsilon belongs outside of the root"),
            (
                lambda gradients, eta: -_walk_of_adam(gradients, eta),
                "against the gradient, not along it",
            ),
            (
                lambda gradients, eta: _walk_of_adam(gradients, eta, beta1=0.999, beta2=0.9),
                "0.9 belongs to the gradients, 0.999 to their squares",
            ),
        ],
    ),
    Exercise(
        key="optimization.waves",
        kind="choice",
        answer=_waves,
        choices={
            "a": "a rate beyond the bound",
            "b": "the schedule is stepped once a batch",
            "c": "the floor of the noise",
            "d": "batches in the same order",
        },
        right="twenty steps a pass: the rate is at zero after three passes, and at its peak after six.",
        hint="60 steps of the schedule should be 60 passes. How many passes are they here?",
        mistakes=[
            (lambda: "a", "then the loss would not come down to 0.12; and why every six passes?"),
            (lambda: "c", "a floor is level: it has no length of six passes"),
            (
                lambda: "d",
                "then the teeth would be one pass long, and other shuffles would change them",
            ),
        ],
    ),
    Exercise(
        key="optimization.schedule",
        kind="function",
        answer=_schedule,
        inputs=[
            (0, 0.1, 10, 100),
            (9, 0.1, 10, 100),
            (10, 0.1, 10, 100),
            (40, 0.1, 10, 100),
            (100, 0.1, 10, 100),
            (130, 0.1, 10, 100),
            (0, 2.0, 0, 50),
            (25, 2.0, 0, 50),
        ],
        tolerance=1e-6,
        right="up on a line, down on a wave, and then nothing.",
        hint="In step 0 of ten warm-up steps the rate is a tenth of the peak.",
        mistakes=[
            (_from_zero, "the first step has the rate zero and moves nothing: use t + 1"),
            (_uncounted, "the wave starts where the warm-up ends: count its steps from there"),
            (_up_again, "after the last step the cosine goes up again: hold it at zero"),
        ],
    ),
]
