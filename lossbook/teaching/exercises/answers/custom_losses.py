"""Answers to the exercises of the chapter on custom losses."""

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from lossbook import losses
from lossbook.models import LinearModel
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

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


def _alike():
    """Which of the causes the shapes show: NumPy broadcasts as PyTorch does."""
    x = np.ones((64, 1)) - np.ones(64)
    return "shape" if x.shape == (64, 64) else "order"


def _between(loss=None):
    """The step that fails for a loss with two valleys: right of the lower one it also falls."""
    loss = losses.Tukey(scale=1.0) if loss is None else loss
    y = np.array([0.0, 0.1, 0.0, 9.0, 9.1])
    c = np.linspace(0.05, 9.05, 91)
    risk = [loss(y, np.full(5, v)) for v in c]
    return "b" if np.any(np.diff(risk)[int(np.argmin(risk)) :] < 0) else "d"


# the log of the exercise "A total that falls forever": training losses and log-variances by epoch
FALLS = {0: (1.0, 0.0, 1.0, 0.0), 10: (0.2, -1.6, 0.8, -0.2)}
FALLS |= {100: (0.01, -4.6, 0.81, -0.2), 1000: (1e-6, -13.8, 0.97, 0.0)}


def _total(l1, s1, l2, s2):
    return 0.5 * (np.exp(-s1) * l1 + s1 + np.exp(-s2) * l2 + s2)


def _falls():
    """Whether one weight runs away while the loss of the other task comes back up."""
    first, last = FALLS[10], FALLS[1000]
    return "c" if np.exp(-last[1]) > 1e5 and last[2] > 1.1 * first[2] else "b"


def _increments(z):
    return np.cumsum(np.column_stack([z[:, :1], np.logaddexp(0, z[:, 1:])]), axis=1)


def _overflowing(z):
    with np.errstate(over="ignore"):
        return np.cumsum(np.column_stack([z[:, :1], np.log1p(np.exp(z[:, 1:]))]), axis=1)


def _exponential(z):
    with np.errstate(over="ignore"):
        return np.cumsum(np.column_stack([z[:, :1], np.exp(z[:, 1:])]), axis=1)


def _not_summed(z):
    return np.column_stack([z[:, :1], z[:, :1] + np.logaddexp(0, z[:, 1:])])


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
            (lambda: 9 / (1 + 9), "that is how sure you would be if alarms were the costly error"),
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
        nearest=1,
        right="22 francs above the mean.",
        hint="Average exp(0.02 y) over 0 and 100, take the logarithm, divide by 0.02.",
        mistakes=[
            (lambda: _two_futures(0.02), "that is for a = 0.02, where too much is the costly side"),
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
            (
                lambda: 4,
                "that is the mean, Poisson's answer: you have treated the c below as a constant",
            ),
            (lambda: 7**0.5, "that is the geometric mean"),
            (lambda: 25, "take the root"),
        ],
    ),
    Exercise(
        key="custom_losses.pull",
        kind="number",
        answer=lambda: _pull(-2.0),
        nearest=0.01,
        right="little more than c: from there on an error pulls less the larger it is.",
        hint="The derivative of u / (u^2 + 4)^2 has the numerator u^2 + 4 - 4 u^2.",
        mistakes=[
            (lambda: 2 / 3, "the square of the residual is 4/3"),
            (lambda: 4 / 3, "that is its square"),
            (lambda: 2, "there the loss reaches half its height; the slope is past its top"),
        ],
    ),
    Exercise(
        key="custom_losses.alike",
        kind="choice",
        answer=_alike,
        right="a column less a row is a table: 4,096 errors, and one best allowance for all.",
        hint="How many numbers does x hold?",
        choices={
            "shape": "x does not hold the 64 errors that she means",
            "order": "truth and prediction are exchanged",
            "size": "the exponentials overflow",
            "cut": "no gradient comes back to the network",
        },
        mistakes=[
            (lambda: "order", "the prediction less the truth is as in the chapter"),
            (lambda: "size", "then the loss would be infinite, and would not level off"),
            (lambda: "cut", "then the loss would not fall; and nothing here detaches anything"),
        ],
    ),
    Exercise(
        key="custom_losses.between",
        kind="choice",
        answer=_between,
        right="a convex loss falls toward its lowest place from both sides; one with two valleys need not.",
        hint="Which step says something about the shape of the loss?",
        choices={
            "a": "both have a lowest place",
            "b": "they fall toward it and rise behind it",
            "c": "so does their sum, outside of the interval",
            "d": "so nothing outside is lower",
        },
        mistakes=[
            (lambda: "a", "Tukey's loss has a lowest place, too; it only may have another valley"),
            (lambda: "c", "that follows, if both fall; look at the step that says so"),
            (lambda: "d", "that follows from c: what falls toward an end is lowest at the end"),
        ],
    ),
    Exercise(
        key="custom_losses.falls",
        kind="choice",
        answer=_falls,
        choices={
            "a": "the + s is missing",
            "b": "nothing is the matter",
            "c": "task 1 is learned by heart and starves task 2",
            "d": "the unit of task 2",
        },
        right="bound s from below by the noise that you believe in.",
        hint="Compare the training loss of task 1 with its validation loss.",
        mistakes=[
            (
                lambda: "a",
                "each total in the table has its s: half of (1 - 4.6 + 0.99 - 0.2) is -1.41",
            ),
            (lambda: "b", "the sign is no fault, but look at task 2, which is back where it began"),
            (lambda: "d", "learned weights do not notice a unit"),
        ],
    ),
    Exercise(
        key="custom_losses.increments",
        kind="function",
        answer=_increments,
        inputs=[
            (np.array([[0.0, 0.0, 0.0], [1.0, -2.0, 3.0]]),),
            (np.array([[-1.0, 800.0], [5.0, -800.0]]),),
            (np.array([[2.0]]),),
        ],
        tolerance=1e-9,
        right="a start and positive steps: in order by construction, in training as well.",
        hint="Two columns of zeros give 0 and log 2.",
        mistakes=[
            (_overflowing, "at 800 the exponential overflows: use np.logaddexp(0, z)"),
            (_exponential, "the steps are softplus of the outputs, not their exponentials"),
            (_not_summed, "each step is added to the quantile before it, not to the first"),
            (
                lambda z: np.sort(z, axis=1),
                "that is the first cure, after training; here in the network",
            ),
        ],
    ),
]
