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
        hint="The floor goes by rate over batch size.",
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
]
