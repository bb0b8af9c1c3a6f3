"""Answers to the exercises of the chapter on what a loss is."""

import numpy as np

from lossbook import losses
from lossbook.models import LinearModel
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

TARGETS = np.array([1.0, 1.0, 3.0, 5.0, 10.0])
BATCHES, MEANS = np.array([4, 4, 2]), np.array([1.0, 2.0, 6.0])
DEMAND = np.array([1.0, 2.0, 10.0])


def _best_constant(loss, y, weight=None):
    return LinearModel().fit(np.zeros((len(y), 1)), y, loss, sample_weight=weight).intercept


def _constants():
    values, counts = np.unique(TARGETS, return_counts=True)
    return np.array(
        [
            _best_constant(losses.MeanSquaredError(), TARGETS),
            _best_constant(losses.MeanAbsoluteError(), TARGETS),
            values[counts.argmax()],
            (TARGETS.min() + TARGETS.max()) / 2,
        ]
    )


def _waiting_loss(y, y_hat):
    return np.log(y_hat) + y / y_hat


def _mistaken_waiting_loss(y, y_hat):
    return -np.log(y_hat) - y / y_hat


def _pairs(z, y):
    return z[y == 1][:, None] - z[y == 0]


def _pair_loss(z, y):
    gap = _pairs(z, y)
    return np.logaddexp(0, -gap).mean() if gap.size else 0.0


def _sum_of_pairs(z, y):
    return np.logaddexp(0, -_pairs(z, y)).sum()


def _pairs_upside_down(z, y):
    return _pair_loss(-z, y)


def _pairs_of_each_with_each(z, y):
    return np.logaddexp(0, z - z[:, None]).mean()


def _pairs_that_overflow(z, y):
    with np.errstate(over="ignore"):
        return np.log1p(np.exp(-_pairs(z, y))).mean() if _pairs(z, y).size else 0.0


def _pairs_of_nothing(z, y):
    gap = _pairs(z, y)
    return np.logaddexp(0, -gap).mean() if gap.size else np.nan


EXERCISES = [
    Exercise(
        key="fundamentals.word",
        kind="choice",
        answer=lambda: "c",
        choices={"a": "loss", "b": "cost", "c": "objective", "d": "metric", "e": "risk"},
        right="the cost plus a penalty on the weights: what training minimizes.",
        hint="It is a mean over samples, and then something is added that knows no samples.",
        mistakes=[
            (lambda: "a", "a loss belongs to one prediction; this is a number for a whole set"),
            (lambda: "b", "nearly: the mean cross-entropy alone would be the cost"),
            (
                lambda: "d",
                "a model is not judged by the size of its weights, and this number partly is",
            ),
            (lambda: "e", "the risk is an expectation over samples there could be"),
        ],
    ),
    Exercise(
        key="fundamentals.batches",
        kind="number",
        answer=lambda: np.average(MEANS, weights=BATCHES),
        right="each batch counts by its size.",
        hint="Turn each mean back into a sum, add up, divide by ten.",
        mistakes=[
            (lambda: np.mean(MEANS), "that is the mean of means: the small batch counts too much"),
            (lambda: BATCHES @ MEANS, "that is the sum; divide by the number of samples"),
        ],
    ),
    Exercise(
        key="fundamentals.constants",
        kind="array",
        answer=_constants,
        right="the mean, the median, the mode, and the middle of the range.",
        hint="Mean, median, mode, and the point with equal distance to both ends.",
        mistakes=[
            (lambda: _constants()[[1, 0, 2, 3]], "the mean and the median have changed places"),
            (
                lambda: np.where(np.arange(4) == 3, 4.0, _constants()),
                "the last one does not depend on the targets in the middle",
            ),
        ],
    ),
    Exercise(
        key="fundamentals.optimism",
        kind="number",
        answer=lambda: 2 / 0.01,
        right="one percent is lost on each side of the variance with a hundred people; half of that with two hundred.",
        hint="The gap is (1 + 1/n) - (1 - 1/n), in units of the variance.",
        mistakes=[
            (lambda: 100, "that is the gap to the variance; the two curves are twice as far apart"),
        ],
    ),
    Exercise(
        key="fundamentals.units",
        kind="number",
        answer=lambda: 3.3 - np.log(100),
        nearest=0.01,
        right="-1.31, which is less than -1.2: your model is the better one.",
        hint="A density per meter is 100 times the density per centimeter.",
        mistakes=[
            (lambda: 3.3 + np.log(100), "the other way round: per meter the density is larger"),
            (lambda: 3.3 / 100, "the density is multiplied; its logarithm is shifted"),
            (lambda: 3.3 - np.log10(100), "natural logarithms"),
        ],
    ),
    Exercise(
        key="fundamentals.recipe",
        kind="function",
        answer=_waiting_loss,
        inputs=[
            (np.array([1.0, 2.0, 5.0]), np.array([1.0, 1.0, 4.0])),
            (np.array([0.0]), np.array([0.25])),
            (np.array([1e-3, 30.0]), np.array([10.0, 1e-2])),
        ],
        right="its best constant is the mean, and it may be negative: a density again.",
        hint="-log of 1/y_hat is +log(y_hat).",
        mistakes=[
            (_mistaken_waiting_loss, "that is the log-likelihood; the loss is minus that"),
            (lambda y, y_hat: y / y_hat, "log(y_hat) depends on the prediction and must stay"),
        ],
    ),
    Exercise(
        key="fundamentals.expectile",
        kind="number",
        answer=lambda: _best_constant(losses.Expectile(expectile=0.9), np.array([0.0, 10.0])),
        right="the pulls 0.1 times 9 and 0.9 times 1 balance.",
        hint="Set 0.1 c equal to 0.9 (10 - c).",
        mistakes=[
            (lambda: 10, "that is the 0.9-quantile; squares do not run all the way"),
            (lambda: 5, "that is the mean, the expectile for 1/2"),
            (lambda: 1, "too high is the cheap side: the other way round"),
        ],
    ),
    Exercise(
        key="fundamentals.mape",
        kind="number",
        answer=lambda: _best_constant(losses.MeanAbsoluteError(), DEMAND, 1 / DEMAND),
        right="it rewards forecasts that are too low; remember that when a report is proud of one.",
        hint="Sample i pulls with 1 / y_i: 1, 1/2 and 1/10.",
        mistakes=[
            (lambda: 2, "that is the median, for equal pulls; here small targets pull harder"),
            (lambda: np.mean(DEMAND), "that is the mean, which squared error asks for"),
            (
                lambda: 3 / np.sum(1 / DEMAND),
                "that is the harmonic mean: a good guess, but the pulls do not grow with distance",
            ),
        ],
    ),
    Exercise(
        key="fundamentals.batch-size",
        kind="choice",
        answer=lambda: "b",
        choices={
            "a": "the model is still in training mode, with dropout on",
            "b": "the last batch is smaller and counts too much",
            "c": "rounding: larger sums lose more digits",
            "d": "169 tumors are too few",
        },
        right="13 and 169 divide 169, so there all batches are equal, and those two agree; batches of "
        "128 leave 41, which count for half.",
        hint="For which two sizes are all batches equally large?",
        mistakes=[
            (lambda: "a", "dropout would give another number in every run, also at the same size"),
            (
                lambda: "c",
                "rounding changes the sixteenth digit, in float32 the seventh; here it is the second",
            ),
            (
                lambda: "d",
                "that is how far the loss may be from the risk; the 169 tumors are the same each time",
            ),
        ],
    ),
    Exercise(
        key="fundamentals.step",
        kind="choice",
        answer=lambda: "4",
        choices={
            "1": "the derivative of an even function is odd",
            "2": "where the slope of a convex function is zero, it is least",
            "3": "residuals from their mean add up to zero",
            "4": "an odd function keeps a sum of zero",
        },
        right="of the continuous odd functions only c r keeps every sum of zero, and that is squared "
        "error; if the targets lie symmetrically about their mean, the conclusion holds after all.",
        hint="Go through the steps with the targets 0, 0 and 3.",
        mistakes=[
            (lambda: "1", "that is the chain rule, applied to l(-r) = l(r)"),
            (
                lambda: "2",
                "a sum of convex functions is convex, and its stationary points are minima",
            ),
            (lambda: "3", "that is what the mean is: the sum of the targets minus n times itself"),
        ],
    ),
    Exercise(
        key="fundamentals.pairs",
        kind="function",
        answer=_pair_loss,
        inputs=[
            (np.array([2.0, -1.0, 0.5, 0.5]), np.array([1, 0, 1, 0])),
            (np.array([-1000.0, 1000.0, 3.0]), np.array([1, 0, 0])),
            (np.array([0.3, 0.1]), np.array([1, 1])),
            (np.zeros(5), np.array([0, 1, 0, 0, 1])),
        ],
        right="each positive with each negative, and nothing where a class is missing.",
        hint="z[y == 1][:, None] - z[y == 0] has a row for each positive, a column for each negative.",
        mistakes=[
            (_sum_of_pairs, "that is the sum over the pairs; divide by their number"),
            (
                _pairs_upside_down,
                "that rewards negatives above positives: turn the sign of the gap",
            ),
            (
                _pairs_of_each_with_each,
                "that takes pairs of one class, too, and each sample with itself",
            ),
            (
                _pairs_that_overflow,
                "exp overflows for a pair that is 2000 in the wrong order; np.logaddexp(0, -gap)",
            ),
            (_pairs_of_nothing, "where a class is missing there is no pair: return 0, not NaN"),
        ],
    ),
    Exercise(
        key="fundamentals.swing",
        kind="choice",
        answer=lambda: "b",
        choices={
            "a": "the learning rate is too high",
            "b": "the gradient is never cleared",
            "c": "the batches are too small",
            "d": "momentum of 0.9",
        },
        right="each step adds its gradient to all the earlier ones, so the weight swings through the "
        "goal like a pendulum without friction.",
        hint="What does a smaller rate change, and what does it leave as it is?",
        mistakes=[
            (
                lambda: "a",
                "then the swings would be gone at a quarter of the rate; they are as wide, and slower",
            ),
            (lambda: "c", "all samples are in each step, so nothing is left to chance"),
            (
                lambda: "d",
                "momentum of 0.9 forgets old gradients, so that its swings die away: after 60 steps at "
                "0.01 the loss would be 0.13",
            ),
        ],
    ),
]
