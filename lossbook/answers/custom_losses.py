"""Answers to the exercises of the chapter on custom losses."""

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from lossbook import losses
from lossbook.check import Exercise
from lossbook.models import LinearModel

TARGETS = np.array([1.0, 2.0, 4.0, 8.0])


def _swap():
    y, p = np.array([1.0]), np.array([3.0])
    candidates = {
        "squared": losses.MeanSquaredError(),
        "Huber": losses.Huber(),
        "log-cosh": losses.LogCosh(),
        "expectile 0.8": losses.Expectile(expectile=0.8),
    }
    return next(name for name, loss in candidates.items() if loss(y, p) != loss(p, y))


def _mape(weight):
    loss = losses.MeanAbsoluteError()
    return LinearModel().fit(np.zeros((4, 1)), TARGETS, loss, sample_weight=weight).intercept


def _two_futures(a):
    def slope(c):
        return np.mean(a * np.expm1(a * (c - np.array([0.0, 100.0]))))

    return brentq(slope, 0.0, 100.0, xtol=1e-10)


def _straight_gradient(r, a):
    return a * np.expm1(np.minimum(a * r, 1.0))


def _relative():
    y = np.array([1.0, 7.0])
    return minimize_scalar(
        lambda c: np.mean((c - y) ** 2 / c),
        bounds=(0.1, 20),
        method="bounded",
        options={"xatol": 1e-10},
    ).x


def _pull(alpha):
    loss = losses.Barron(alpha=alpha)
    return minimize_scalar(lambda u: -loss.gradient(0.0, u), bounds=(0.0, 10), method="bounded").x


EXERCISES = [
    Exercise(
        key="custom_losses.alarm",
        kind="number",
        answer=lambda: 1 / (1 + 9),
        right="one alarm in ten may be a true one, and it still pays.",
        hint="At probability p an alarm costs 1 - p on average. What does silence cost?",
        mistakes=[
            (lambda: 9 / (1 + 9), "that is how sure you would be if alarms were the dear error"),
            (lambda: 1 / 9, "nearly: those are the odds; give the probability"),
            (lambda: 1 / 2, "that is for equal prices"),
        ],
    ),
    Exercise(
        key="custom_losses.swap",
        kind="choice",
        answer=_swap,
        right="the other three depend on the size of the residual alone.",
        hint="Exchanging the two changes the sign of the residual and nothing else.",
        choices={
            "squared": "the square of the residual",
            "Huber": "square near zero, straight beyond",
            "log-cosh": "the same without a seam",
            "expectile 0.8": "0.8 times the square if the prediction is too low, else 0.2 times",
        },
    ),
    Exercise(
        key="custom_losses.weights",
        kind="number",
        answer=lambda: 100 / 4,
        right="each weight is one over its own loss.",
        hint="At the best s, exp(s) is the loss of the task.",
        mistakes=[
            (lambda: 4 / 100, "the other way round: the smaller loss gets the larger weight"),
            (lambda: 5, "that is the ratio of the standard deviations; weights go with variances"),
        ],
    ),
    Exercise(
        key="custom_losses.mape",
        kind="number",
        answer=lambda: _mape(1 / TARGETS),
        right="the smallest of the four: its weight is more than that of all the others.",
        hint="The weights are 1, 1/2, 1/4 and 1/8.",
        mistakes=[
            (lambda: 3, "that is the median; the small targets weigh more"),
            (lambda: 3.75, "that is the mean"),
            (lambda: 2, "the weight up to 2 is 1.5 of 1.875; half is reached before"),
        ],
    ),
    Exercise(
        key="custom_losses.two-futures",
        kind="number",
        answer=lambda: _two_futures(-0.02),
        tolerance=1e-3,
        right="22 francs above the mean.",
        hint="Average exp(0.02 y) over 0 and 100, take the logarithm, divide by 0.02.",
        mistakes=[
            (lambda: _two_futures(0.02), "that is for a = 0.02, where too much is the dear side"),
            (lambda: 50, "that is the mean, the answer of squared error"),
            (
                lambda: 50 * np.log(1 + np.exp(2)),
                "you have the sum of the two exponentials; take their mean",
            ),
        ],
    ),
    Exercise(
        key="custom_losses.straight",
        kind="function",
        answer=_straight_gradient,
        inputs=[
            (np.array([1.0, 5.0, 10.0, 50.0]), 0.1),
            (np.array([-100.0, -50.0, -10.0, 0.0, 20.0]), -0.02),
            (np.array([1e300, -1e300, 1e-300]), 1.0),
        ],
        right="now the worst error pulls with (e - 1) a, and no more.",
        hint="Everything beyond a r = 1 should look to the exponential as if it were 1.",
        mistakes=[
            (
                lambda r, a: a * np.expm1(np.minimum(r, 1.0)),
                "the limit is for a r, not for r; and the exponent lost its a",
            ),
            (
                lambda r, a: a * np.expm1(np.clip(a * r, -1.0, 1.0)),
                "the straight side needs no clipping: it flattens by itself",
            ),
            (lambda r, a: np.expm1(np.minimum(a * r, 1.0)), "the chain rule gives a factor a"),
        ],
    ),
    Exercise(
        key="custom_losses.relative",
        kind="number",
        answer=_relative,
        tolerance=1e-4,
        right="the root of the mean square.",
        hint="The mean of c - 2 y + y^2 / c has the derivative 1 - mean(y^2) / c^2.",
        mistakes=[
            (lambda: 4, "that is the mean: you have treated the c below as a constant"),
            (lambda: 7**0.5, "that is the geometric mean"),
            (lambda: 25, "take the root"),
        ],
    ),
    Exercise(
        key="custom_losses.pull",
        kind="number",
        answer=lambda: _pull(-2.0),
        tolerance=1e-3,
        right="little more than c: from there on an error pulls less the larger it is.",
        hint="The derivative of u / (u^2 + 4)^2 has the numerator u^2 + 4 - 4 u^2.",
        mistakes=[
            (lambda: 2 / 3, "the square of the residual is 4/3"),
            (lambda: 4 / 3, "that is its square"),
            (lambda: 2, "there the loss reaches half its height; the slope is past its top"),
        ],
    ),
]
