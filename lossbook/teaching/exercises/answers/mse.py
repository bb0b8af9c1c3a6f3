"""Answers to the exercises of the chapter on mean squared error."""

import numpy as np
from scipy.optimize import minimize_scalar

from lossbook import datasets, losses
from lossbook.models import LinearModel
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

TRUTH, PREDICTION = np.array([3.0, 5.0, 2.0, 8.0]), np.array([2.0, 5.0, 4.0, 7.0])
TARGETS = np.array([0.0, 0.0, 0.0, 1.0, 9.0])


def _best_constant(loss, y):
    return LinearModel().fit(np.zeros((len(y), 1)), y, loss).intercept


def _slope_change(extra):
    calls = datasets.telephone_calls()
    honest = (calls.X[:, 0] < 1963) | (calls.X[:, 0] > 1970)
    X, y = calls.X[honest], calls.y[honest].copy()
    before = LinearModel().fit(X, y, losses.MeanSquaredError()).coef[0]
    y[-1] += extra
    return LinearModel().fit(X, y, losses.MeanSquaredError()).coef[0] - before


def _huber_gradient(r, delta):
    return losses.Huber(delta=delta).gradient(np.zeros_like(r), r)


def _power():
    y = np.array([0.0, 0.0, 10.0])
    return minimize_scalar(
        lambda c: np.sum(np.abs(c - y) ** 1.5), bounds=(0, 10), method="bounded"
    ).x


def _rows(y_true, y_pred, w):
    kept = w > 0
    if not kept.any():
        return 0.0
    rows = np.mean((y_pred[kept] - y_true[kept]) ** 2, axis=1)
    return np.sum(w[kept] * rows) / np.sum(w[kept])


def _rows_by_zero(y_true, y_pred, w):
    rows = np.mean((y_pred - y_true) ** 2, axis=1)
    return np.sum(w * rows) / max(np.sum(w), 1e-300)


def _rows_over_n(y_true, y_pred, w):
    kept = w > 0
    return np.sum(w[kept] * np.mean((y_pred - y_true)[kept] ** 2, axis=1)) / max(len(w), 1)


def _rows_summed(y_true, y_pred, w):
    return _rows(y_true, y_pred, w) * y_true.shape[1]


def _rows_without_weights(y_true, y_pred, w):
    return _rows(y_true, y_pred, 1.0 * (w > 0))


def _rows_of_nothing(y_true, y_pred, w):
    return _rows(y_true, y_pred, w) if (w > 0).any() else np.nan


EXERCISES = [
    Exercise(
        key="mse.by-hand",
        kind="number",
        answer=lambda: losses.MeanSquaredError()(TRUTH, PREDICTION),
        right="(1 + 0 + 4 + 1) / 4.",
        hint="Subtract, square, add up, divide by how many there are.",
        mistakes=[
            (lambda: np.sum((TRUTH - PREDICTION) ** 2), "that is the sum; the loss is the mean"),
            (
                lambda: losses.MeanSquaredError()(TRUTH, PREDICTION) / 2,
                "that has the one half; this book's squared error has not",
            ),
            (
                lambda: losses.MeanSquaredError()(TRUTH, PREDICTION) ** 0.5,
                "that is the root mean squared error; do not take the root",
            ),
            (
                lambda: losses.MeanAbsoluteError()(TRUTH, PREDICTION),
                "that is the mean absolute error; square the residuals",
            ),
        ],
    ),
    Exercise(
        key="mse.units",
        kind="number",
        answer=lambda: (
            losses.MeanSquaredError()(1000 * TRUTH, 1000 * PREDICTION)
            / losses.MeanSquaredError()(TRUTH, PREDICTION)
        ),
        right="the unit of the MSE is the square of the unit of y.",
        hint="What happens to one residual? And to its square?",
        mistakes=[
            (lambda: 1000, "that is the factor of the RMSE; the MSE is in squared units"),
            (lambda: 1e-6, "the other way round: the same call is a larger number in thousands"),
        ],
    ),
    Exercise(
        key="mse.constants",
        kind="array",
        answer=lambda: np.array(
            [
                _best_constant(losses.MeanSquaredError(), TARGETS),
                _best_constant(losses.MeanAbsoluteError(), TARGETS),
            ]
        ),
        right="the mean, 2, is larger than four of the five targets; three of them equal the median, 0.",
        hint="Squared error finds the mean, absolute error the median.",
        mistakes=[(lambda: np.array([0.0, 2.0]), "the right numbers in the other order")],
    ),
    Exercise(
        key="mse.bakery",
        kind="number",
        answer=lambda: 3 / (3 + 1),
        right="it should sell out on one day in four.",
        hint="In the pinball loss too little costs tau and too much 1 - tau.",
        mistakes=[
            (lambda: 1 / 4, "that is the share of days on which it should sell out"),
            (lambda: 3, "that is the ratio of the prices; a quantile lies between 0 and 1"),
            (lambda: 1 / 3, "scale the prices so that they add up to one"),
            (lambda: 75, "in percent, yes; give it as a number between 0 and 1"),
        ],
    ),
    Exercise(
        key="mse.huber-gradient",
        kind="function",
        answer=_huber_gradient,
        inputs=[
            (np.array([1.0, 5.0, 10.0, 50.0]), 2.0),
            (np.array([-3.0, -0.5, 0.0, 0.5, 3.0]), 1.0),
            (np.array([1e-300, -1e300]), 0.5),
        ],
        right="the residual, clipped. Nothing else.",
        hint="numpy has a function for holding values between two limits.",
        mistakes=[
            (lambda r, delta: np.clip(r, 0, delta), "negative residuals need a gradient too"),
            (lambda r, delta: np.clip(r, -1, 1), "the limits depend on delta"),
        ],
    ),
    Exercise(
        key="mse.smooth-l1",
        kind="number",
        answer=lambda: 1 / _huber_gradient(np.array([10.0]), 0.25)[0],
        right="Huber's slope is delta where that of SmoothL1 is 1.",
        hint="Compare the slopes far from zero.",
        mistakes=[
            (lambda: 0.25, "that is how much smaller the gradient is: the rate makes up for it")
        ],
    ),
    Exercise(
        key="mse.leverage",
        kind="number",
        answer=lambda: _slope_change(100.0),
        nearest=0.01,
        right="more than the whole honest slope of 1.08.",
        hint="The mean of the years is not 1961.5: eight of them are missing.",
        mistakes=[
            (
                lambda: _slope_change(1.0),
                "that is for one million; the record is 100 million too high",
            )
        ],
    ),
    Exercise(
        key="mse.power",
        kind="number",
        answer=_power,
        tolerance=1e-3,
        right="nearer to the mean: the powers between 1 and 2 lead from the median to the mean.",
        hint="Set the derivative of 2 c^1.5 + (10 - c)^1.5 to zero.",
        mistakes=[
            (lambda: 10 / 3, "that is the mean, the answer for the power 2"),
            (lambda: 5 / 3, "halfway between median and mean is a good guess, but not the answer"),
        ],
    ),
    Exercise(
        key="mse.diagnosis",
        kind="choice",
        choices={
            "a": "learning rate too low",
            "b": "shapes (442, 1) and (442,)",
            "c": "measurements say nothing",
            "d": "a few huge targets",
        },
        answer=lambda: "b",
        right="each prediction is held against all 442 targets, and the best answer to all is their mean.",
        hint="The best constant under squared error is the mean, and it costs the variance.",
        mistakes=[
            (
                lambda: "a",
                "a rate that is too low leaves the loss still falling; this run has arrived, at the "
                "variance",
            ),
            (
                lambda: "c",
                "then least squares would find nothing in them either, and it halves the variance",
            ),
            (
                lambda: "d",
                "a huge target tilts the plane; it does not take the predictions' spread away",
            ),
        ],
    ),
    Exercise(
        key="mse.training-error",
        kind="choice",
        choices={
            "1": "the split",
            "2": "the three squares",
            "3": "bias times noise",
            "4": "scatter times noise",
            "5": "scatter times bias",
        },
        answer=lambda: "4",
        right="the fit has seen this noise and follows it, so the training error is smaller by twice "
        "their covariance.",
        hint="Which two random numbers know of each other, now that the model was fitted to y?",
        mistakes=[
            (lambda: "1", "that adds and subtracts the mean prediction and uses y = f + noise"),
            (lambda: "2", "those are the definitions of the three"),
            (
                lambda: "3",
                "a fixed number comes out of the expectation, and the noise has mean zero",
            ),
            (
                lambda: "5",
                "a fixed number comes out of the expectation; what is left has mean zero",
            ),
        ],
    ),
    Exercise(
        key="mse.rows",
        kind="function",
        answer=_rows,
        inputs=[
            (
                np.array([[1.0, 100.0], [2.0, 120.0], [3.0, 90.0]]),
                np.array([[1.5, 110.0], [2.0, 115.0], [1.0, 92.0]]),
                np.array([1.0, 1.0, 0.0]),
            ),
            (
                np.array([[0.0, 0.0], [np.nan, 1.0], [0.0, 0.0]]),
                np.array([[1.0, 1.0], [5.0, 5.0], [2.0, 4.0]]),
                np.array([3.0, 0.0, 1.0]),
            ),
            (np.array([[0.0], [0.0]]), np.array([[1.0], [3.0]]), np.array([1.0, 2.0])),
            (np.array([[np.nan, 1.0]]), np.array([[0.0, 0.0]]), np.array([0.0])),
        ],
        right="one number a row, then the weighted mean of the rows that count.",
        hint="Choose the rows with w > 0 first; then the mean over the outputs, then that over the rows.",
        mistakes=[
            (_rows_by_zero, "0 times NaN is NaN: choose the rows before you multiply"),
            (_rows_over_n, "divide by the sum of the weights, not by the number of rows"),
            (_rows_summed, "take the mean over the outputs of a row, not the sum"),
            (_rows_without_weights, "that keeps the rows and forgets their weights"),
            (_rows_of_nothing, "where every weight is 0, return 0"),
        ],
    ),
    Exercise(
        key="mse.root",
        kind="choice",
        answer=lambda: "b",
        choices={
            "a": "larger batches need a larger learning rate",
            "b": "the root is taken of each batch by itself",
            "c": "the last batch is smaller and counts too much",
            "d": "small batches did not get there in time",
        },
        right="with one sample the root of its square is the absolute error, which asks for the median; "
        "with all samples the root moves no minimum, and it is the mean.",
        hint="What is the loss when the batch is a single sample?",
        mistakes=[
            (
                lambda: "a",
                "the rate decides how fast it gets there; these are the least means of the losses",
            ),
            (
                lambda: "c",
                "each set of samples of one size is a batch here, and all count the same",
            ),
            (
                lambda: "d",
                "3 is where the loss of single samples is least, and training on would not move it",
            ),
        ],
    ),
]
