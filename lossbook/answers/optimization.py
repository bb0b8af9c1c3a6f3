"""Answers to the exercises of the chapter on optimization."""

import numpy as np

from lossbook.check import Exercise
from lossbook.optim import Adam, GradientDescent, Momentum, minimize


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
        tolerance=1e-2,
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
        hint="The floor goes by rate over batch size.",
        mistakes=[(lambda: 0.02 / 8, "a larger batch allows a larger rate, not a smaller one")],
    ),
    Exercise(
        key="optimization.sigmoids",
        kind="number",
        answer=lambda: 0.25**10,
        tolerance=1e-2,
        right="less than a millionth, at best.",
        hint="The steepest slope of the sigmoid is at zero.",
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
]
