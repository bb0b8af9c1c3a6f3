"""Answers to the exercises of the chapter on choosing a loss, which draw on the whole book."""

import numpy as np

from lossbook import losses
from lossbook.check import Exercise
from lossbook.models import LinearModel

TARGETS = np.array([1.0, 1.0, 2.0, 4.0, 12.0])


def _constant(loss, targets=TARGETS):
    return LinearModel().fit(np.zeros((len(targets), 1)), targets, loss).intercept


def _constants(quantile=0.9):
    asked = (
        losses.MeanSquaredError(),
        losses.MeanAbsoluteError(),
        losses.Pinball(quantile=quantile),
        losses.MeanSquaredLogarithmicError(),
    )
    return [_constant(loss) for loss in asked]


def _entropy(share):
    return losses.BinaryCrossEntropy()([share], [share])


def _louder():
    """The weight at which the slope of the sum is zero just above zero."""
    targets, c = np.array([0.0, 0.0, 10.0]), np.full(3, 1e-12)
    slopes = [
        loss.gradient(targets, c).mean()
        for loss in (losses.MeanSquaredError(), losses.MeanAbsoluteError())
    ]
    return -slopes[0] / slopes[1]


EXERCISES = [
    Exercise(
        key="conclusion.constants",
        kind="array",
        answer=_constants,
        tolerance=1e-3,
        right="one data set, four questions.",
        hint="They are a mean, a median, a quantile, and a geometric mean of 1 + y, less 1.",
        mistakes=[
            (
                lambda: [*_constants()[:3], np.exp(np.mean(np.log(TARGETS)))],
                "the geometric mean is that of 1 + y; take the 1 off at the end",
            ),
            (
                lambda: [*_constants()[:3], _constants()[3] + 1],
                "nearly: take the 1 off the geometric mean",
            ),
        ],
    ),
    Exercise(
        key="conclusion.pulls",
        kind="number",
        answer=lambda: -losses.Pinball(quantile=0.8).gradient(0.0, -3.0),
        right="the pull does not grow with the error, so it is a pinball loss.",
        hint="Two levels, one on each side: which loss has them?",
        mistakes=[
            (lambda: 0.2, "that is the price of too much; it pushes the answer down only gently")
        ],
    ),
    Exercise(
        key="conclusion.courier",
        kind="choice",
        answer=lambda: "pinball 5/6",
        choices={
            "squared": "the mean",
            "pinball 5/6": "a quantile",
            "expectile 5/6": "an expectile",
            "Tukey": "deaf to what is far away",
        },
        right="the prices are by the minute, so a quantile; and 999 pulls no harder than 60.",
        hint="Which answer does a price list by the unit ask for?",
        mistakes=[
            (lambda: "squared", "late and early cost the same to it, and 999 owns the fit"),
            (
                lambda: "expectile 5/6",
                "lopsided, but it squares: prices that grow with the minutes, and 999 pulls without limit",
            ),
            (lambda: "Tukey", "deaf to 999, but late and early cost the same to it"),
        ],
    ),
    Exercise(
        key="conclusion.beat",
        kind="number",
        answer=lambda: 1 - 0.31 / _entropy(0.1),
        tolerance=0.01,
        right="0.31 looks good beside ln 2 = 0.69; beside 0.325 it is next to nothing.",
        hint="The best constant costs 0.1 times ln 10 and 0.9 times ln (10/9).",
        mistakes=[
            (
                lambda: 1 - 0.31 / np.log(2),
                "ln 2 is what a coin costs; the best constant says 0.1",
            ),
            (
                lambda: 0.31 / _entropy(0.1),
                "that is the share that is left",
            ),
        ],
    ),
    Exercise(
        key="conclusion.agree",
        kind="number",
        answer=lambda: np.mean(TARGETS.mean() > TARGETS),
        right="from 0.6 to 0.8 the quantile is the mean, on these five numbers.",
        hint="Three targets cost 1 - tau a unit each, two cost tau.",
        mistakes=[
            (lambda: 0.8, "that is the largest"),
            (lambda: 0.5, "for 0.5 it finds the median, 2"),
        ],
    ),
    Exercise(
        key="conclusion.louder",
        kind="number",
        answer=_louder,
        right="below 20 the sum is a compromise; from 20 on the median has its way.",
        hint="The slope of the sum at c = 0, from the right, must not be negative.",
        mistakes=[
            (
                lambda: _louder() / 2,
                "a factor of 2: the slope of r squared is 2 r",
            ),
            (
                lambda: _louder() / 3,
                "the absolute error too is a mean over three targets",
            ),
        ],
    ),
]
