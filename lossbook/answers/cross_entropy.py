"""Answers to the exercises of the chapter on cross-entropy."""

import numpy as np

from lossbook import losses
from lossbook.check import Exercise

GIVEN = np.array([0.8, 0.5, 0.25])  # to what happened


def _surprise(p):
    return losses.BinaryCrossEntropy()(np.ones_like(p), p)


def _score_gradient(z, y):
    return losses.CrossEntropy(from_logits=True).gradient(np.array([y]), z[None, :])[0]


def _truth_behind(loss, answer):
    down, up = loss.gradient(0.0, answer), loss.gradient(1.0, answer)
    return down / (down - up)


def _log_odds(p):
    return np.log(p / (1 - p))


EXERCISES = [
    Exercise(
        key="cross_entropy.by-hand",
        kind="number",
        answer=lambda: _surprise(GIVEN),
        tolerance=1e-3,
        right="the product of the three is 0.1, so it is log(10) / 3.",
        hint="Take minus the logarithm of each probability, and the mean.",
        mistakes=[
            (lambda: 3 * _surprise(GIVEN), "that is the sum; the loss is the mean"),
            (lambda: _surprise(GIVEN) / np.log(2), "that is in bits; this book counts in nats"),
            (lambda: _surprise(GIVEN) / np.log(10), "that is the logarithm to base 10"),
            (
                lambda: -np.log(GIVEN.mean()),
                "that is the logarithm of the mean; take logarithms first",
            ),
            (lambda: -_surprise(GIVEN), "the size is right; surprise is minus the logarithm"),
        ],
    ),
    Exercise(
        key="cross_entropy.untrained",
        kind="number",
        answer=lambda: np.log(50_000),
        tolerance=1e-3,
        right="and its perplexity is 50,000.",
        hint="Each token has the probability 1/50,000.",
        mistakes=[
            (lambda: np.log2(50_000), "that is in bits; this book counts in nats"),
            (lambda: np.log10(50_000), "that is the logarithm to base 10"),
            (lambda: 50_000, "that is the perplexity; the loss is its logarithm"),
            (lambda: np.log(2), "that is for two equally likely outcomes"),
        ],
    ),
    Exercise(
        key="cross_entropy.volume",
        kind="number",
        answer=lambda: _log_odds(0.8) / _log_odds(0.9),
        tolerance=1e-3,
        right="a temperature of 1.58.",
        hint="Log-odds of 0.9 are log 9; of 0.8, log 4.",
        mistakes=[
            (
                lambda: _log_odds(0.9) / _log_odds(0.8),
                "that is the temperature, by which to divide",
            ),
            (lambda: 0.8 / 0.9, "multiply the logits, not the probabilities"),
            (lambda: 4 / 9, "that is the ratio of the odds; logits are their logarithms"),
        ],
    ),
    Exercise(
        key="cross_entropy.floor",
        kind="number",
        answer=lambda: losses.CrossEntropy(from_logits=True)([0], [[1.0, 0.0, 0.0]]),
        tolerance=1e-3,
        right="however sure the model is.",
        hint="The second softmax sees the scores 1, 0 and 0.",
        mistakes=[
            (lambda: 0.0, "that is the floor with one softmax"),
            (lambda: -np.log(np.e / (np.e + 9)), "that is for ten classes; here are three"),
            (lambda: np.log(3), "that is for scores that are all equal"),
        ],
    ),
    Exercise(
        key="cross_entropy.gradient",
        kind="function",
        answer=_score_gradient,
        inputs=[
            (np.array([2.0, -1.0, 0.5]), 2),
            (np.array([1000.0, 0.0]), 1),
            (np.array([-1000.0, -1001.0, -999.0]), 0),
        ],
        right="forecast minus truth.",
        hint="The softmax of z, less 1 at y; subtract the largest score before you exponentiate.",
        mistakes=[
            (
                lambda z, y: -_score_gradient(z, y),
                "that is truth minus forecast: the sign is wrong",
            ),
            (
                lambda z, y: _score_gradient(z, y) + (np.arange(len(z)) == y),
                "that is the softmax; subtract 1 at the true class",
            ),
        ],
    ),
    Exercise(
        key="cross_entropy.gap",
        kind="number",
        answer=lambda: np.log((1 - 0.1 + 0.1 / 10) / (0.1 / 10)),
        tolerance=1e-3,
        right="no weights run away from here.",
        hint="The true class gets 0.91, each other class 0.01.",
        mistakes=[
            (lambda: np.log(0.9 / 0.1), "each of the nine other classes has only 0.01"),
            (
                lambda: np.log(0.9 / 0.01),
                "the true class gets its share of the uniform part too: 0.91",
            ),
            (
                lambda: np.log(0.9 / (0.1 / 9)),
                "the uniform part goes to all ten classes, not to nine",
            ),
            (lambda: 0.9, "that is the difference of the probabilities; logits are logarithms"),
        ],
    ),
    Exercise(
        key="cross_entropy.review",
        kind="choice",
        choices={"e": "natural", "2": "binary", "10": "decimal"},
        answer=lambda: "10",
        right="in nats they are 0.1054 and 0.001054; the ratio of 100 is the same.",
        hint="Compute -log(0.9) with each.",
        mistakes=[
            (lambda: "e", "the natural logarithm gives 0.1054"),
            (lambda: "2", "the binary logarithm gives 0.152"),
        ],
    ),
    Exercise(
        key="cross_entropy.undo",
        kind="number",
        answer=lambda: (0.6 / 0.4 / 9) / (1 + 0.6 / 0.4 / 9),
        tolerance=1e-3,
        right="one in seven.",
        hint="Divide the odds by nine, and turn them back into a probability.",
        mistakes=[
            (lambda: 0.6 / 9, "divide the odds by nine, not the probability"),
            (lambda: 0.6 / 0.4 / 9, "these are the odds; the probability is odds / (1 + odds)"),
            (lambda: 13.5 / 14.5, "that is the weight applied once more; it has to be undone"),
        ],
    ),
    Exercise(
        key="cross_entropy.focal",
        kind="number",
        answer=lambda: _truth_behind(losses.Focal(gamma=2.0), 0.8),
        tolerance=1e-3,
        right="the focal loss had drawn it toward one half.",
        hint="The slope for the label 0, divided by that slope minus the slope for the label 1.",
        mistakes=[
            (lambda: 0.8, "it would be, if the focal loss were proper"),
            (
                lambda: 1 - _truth_behind(losses.Focal(gamma=2.0), 0.8),
                "that is the probability of the other class",
            ),
        ],
    ),
]
