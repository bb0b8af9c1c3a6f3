"""Answers to the exercises of the chapter on choosing a loss, which draw on the whole book."""

import numpy as np

from lossbook import datasets, losses
from lossbook.models import LinearModel
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

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


#: the values of Huber's threshold that the exercise on the model that does not move has to tell apart
THRESHOLDS = {"small": 0.01, "large": 1e5}


def _ported():
    """Scores that are clipped to the number below 1 in float32 cost half of log(2^23) on labels 1 and 0."""
    sigmoids = losses.BinaryCrossEntropy(from_logits=True)(np.array([1, 0]), np.array([2.0, 1.0]))
    clipped = -np.log(2.0**-23) / 2
    return "logits" if round(sigmoids, 2) == 0.72 and round(clipped, 2) == 7.97 else "weights"


def _moves():
    """Of the thresholds, the one under which the best constant of the food is the median and descent crawls."""
    food = datasets.engel().y
    c = {name: _constant(losses.Huber(delta=delta), food) for name, delta in THRESHOLDS.items()}
    return min(c, key=lambda name: abs(c[name] - np.median(food)))


def bars(a, b):
    """The mean of the differences and its standard error."""
    lead = np.asarray(a) - np.asarray(b)
    return lead.mean(), lead.std(ddof=1) / np.sqrt(len(lead))


def _unpaired(a, b):
    spread = np.sqrt(np.var(a, ddof=1) + np.var(b, ddof=1))
    return np.mean(a) - np.mean(b), spread / np.sqrt(len(a))


def _hole():
    """The first step of the proof that does not hold, by example."""
    y, out, loss = TARGETS, np.array([2.0, 1.0, 3.0, 3.0, 9.0]), losses.MeanAbsoluteError()
    a, b, c = 2.0, 7.0, _constant(loss)
    here = a * loss(y, out) + b, a * loss(y, np.full(5, c)) + b
    grid = np.linspace(0, 13, 1301)
    values = [a * loss.pointwise(y, np.full(5, v)) + b for v in grid]
    steps = {
        "1": np.isclose(np.mean(a * loss.pointwise(y, out) + b), here[0]),
        "2": np.isclose(grid[np.argmin(np.mean(values, axis=1))], c),
        "3": np.isclose(np.min(np.mean(values, axis=1)), here[1]),
        "4": np.isclose(1 - here[0] / here[1], 1 - loss(y, out) / loss(y, np.full(5, c))),
    }
    return next((step for step, holds in steps.items() if not holds), "none")


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
        nearest=0.01,
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
            (
                lambda: [*_constants()[:2], np.quantile(TARGETS, 0.9), _constants()[3]],
                "np.quantile interpolates: under the pinball loss 8.8 costs more than 12",
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
        nearest=0.01,
        right="0.31 looks good beside ln 2 = 0.69; beside 0.325 it is 5 percent less.",
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
    Exercise(
        key="conclusion.moves",
        kind="choice",
        answer=_moves,
        choices={
            "rate": "the learning rate is too large",
            "small": "δ is far smaller than the errors",
            "large": "δ is far larger than the errors",
            "logs": "the targets went through a logarithm",
        },
        right="beyond δ, Huber's loss is the absolute error times δ: it asks for the median, and whispers.",
        hint="Which answer did the loss ask for, and how hard does it pull?",
        mistakes=[
            (
                lambda: "rate",
                "what jumps to and fro gets far in a step; this goes a thousandth of a franc each time",
            ),
            (
                lambda: "large",
                "then it would be squared error: the best constant would be the mean, 624",
            ),
            (
                lambda: "logs",
                "then the best constant would be the logarithm of a price, between 5 and 8",
            ),
        ],
    ),
    Exercise(
        key="conclusion.ported",
        kind="choice",
        answer=_ported,
        choices={
            "sum": "Keras adds up what PyTorch averages",
            "order": "the arguments in PyTorch are swapped",
            "logits": "Keras takes the scores for probabilities",
            "weights": "Keras weights the two classes",
        },
        right="without from_logits=True scores of 2 and 1 are clipped to just below 1, and trained as such.",
        hint="What does a probability of 1 for a label of 0 cost, in float32?",
        mistakes=[
            (lambda: "sum", "the sum of two would be twice the mean, 1.44"),
            (lambda: "order", "0.72 is what the sigmoids of 2 and 1 cost, so PyTorch's is right"),
            (
                lambda: "weights",
                "there are none in the call",
            ),
        ],
    ),
    Exercise(
        key="conclusion.hole",
        kind="choice",
        answer=_hole,
        choices={
            "1": "the mean of a ℓ + b",
            "2": "the same best constant",
            "3": "the loss of the best constant",
            "4": "the skill",
            "none": "the proof is right",
        },
        right="the unit a cancels, and b does not. Take the floor of a loss off before you speak of its skill.",
        hint="Try a = 1, b = 7, L = 1 and L0 = 2.",
        mistakes=[
            (lambda: "1", "each sample brings a ℓ + b, and the mean of b is b"),
            (lambda: "2", "an increasing function of the mean has its minimum at the same place"),
            (lambda: "3", "the constant is the same, by step 2; step 1 gives its loss"),
            (
                lambda: "none",
                "put numbers in: with b = 7, L = 1 and L0 = 2 the skill falls from 1/2 to 1/9",
            ),
        ],
    ),
    Exercise(
        key="conclusion.bars",
        kind="function",
        answer=bars,
        inputs=[
            (np.array([1.0, 4.0, 2.0, 7.0]), np.array([0.5, 4.0, 3.0, 5.0])),
            (np.array([3.0, 3.0, 3.0]), np.array([3.0, 3.0, 3.0])),
            (np.array([1e6, 2e6]), np.array([1e6 - 1, 2e6 + 1])),
            (np.array([0.0, 10.0, 20.0, 30.0, 40.0]), np.array([1.0, 11.0, 21.0, 31.0, 41.0])),
        ],
        right="whatever makes a sample costly for both models has gone from the difference, and from its bar.",
        hint="Subtract first; n differences have a spread with the divisor n - 1.",
        mistakes=[
            (
                _unpaired,
                "these are the bars of two models that met different samples; subtract first",
            ),
            (
                lambda a, b: (np.mean(a - b), np.std(a - b) / np.sqrt(len(a))),
                "nearly: the spread of n differences has the divisor n - 1",
            ),
            (
                lambda a, b: (np.mean(a - b), np.std(a - b, ddof=1)),
                "that is the spread of one difference; the mean of n trembles less, by the root of n",
            ),
            (
                lambda a, b: (np.mean(b - a), np.std(a - b, ddof=1) / np.sqrt(len(a))),
                "the sign is turned: a - b is above 0 where b is better",
            ),
        ],
    ),
]
