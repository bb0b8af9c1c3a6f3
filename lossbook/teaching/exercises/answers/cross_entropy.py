"""Answers to the exercises of the chapter on cross-entropy."""

import numpy as np
from scipy.special import logsumexp as log_sum_exp

from lossbook import losses
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

GIVEN = np.array([0.8, 0.5, 0.25])  # to what happened


def _surprise(p):
    return losses.BinaryCrossEntropy()(np.ones_like(p), p)


def _score_gradient(z, y):
    return losses.CrossEntropy(from_logits=True).gradient(np.array([y]), z[None, :])[0]


def _truth_behind(loss, answer):
    down, up = loss.gradient(0.0, answer), loss.gradient(1.0, answer)
    return down / (down - up)


def _loss_from_logits(z, y):
    return losses.BinaryCrossEntropy(from_logits=True).pointwise(y, z)


def _without_log1p(z, y):
    wrong = np.where(y == 1, -z, z)
    return np.maximum(wrong, 0) + np.log(1 + np.exp(-np.abs(wrong)))


def _masked_mean(z, y):
    keep = y != -100
    if not keep.any():
        return 0.0
    return losses.CrossEntropy(from_logits=True)(y[keep], z[keep])


def _mean_over_all(z, y):
    return _masked_mean(z, y) * np.mean(y != -100)


def _multiplied_by_a_mask(z, y):
    keep = y != -100
    with np.errstate(invalid="ignore"):
        each = log_sum_exp(z, axis=1) - z[np.arange(len(y)), np.where(keep, y, 0)]
        return np.sum(each * keep) / max(keep.sum(), 1)


def _log_odds(p):
    return np.log(p / (1 - p))


EXERCISES = [
    Exercise(
        key="cross_entropy.by-hand",
        kind="number",
        answer=lambda: _surprise(GIVEN),
        nearest=0.01,
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
        nearest=0.01,
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
        nearest=0.01,
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
        nearest=0.01,
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
        nearest=0.01,
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
        nearest=0.01,
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
        nearest=0.01,
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
    Exercise(
        key="cross_entropy.diagnosis",
        kind="choice",
        choices={
            "a": "trained for too long",
            "b": "label smoothing",
            "c": "each sick person counted 19 times",
            "d": "labels exchanged",
        },
        answer=lambda: "c",
        right="in each row the odds are 19 times too high: a shift of the logits by log(19), to be "
        "subtracted.",
        hint="The odds of 10, 50 and 90 percent are 1/9, 1 and 9.",
        mistakes=[
            (
                lambda: "a",
                "a model that is too sure says too little below and too much above; this one says "
                "too much everywhere",
            ),
            (
                lambda: "b",
                "smoothing draws forecasts toward one half from both sides: what is said to have 90 "
                "percent would happen more often",
            ),
            (
                lambda: "d",
                "then what is said to be likely would happen less often than the unlikely; here it "
                "rises",
            ),
        ],
    ),
    Exercise(
        key="cross_entropy.stable",
        kind="function",
        answer=_loss_from_logits,
        inputs=[
            (np.array([2.0, -1.0, 0.5, 0.0]), np.array([1.0, 0.0, 0.0, 1.0])),
            (np.array([1000.0, -1000.0, 1000.0]), np.array([0.0, 1.0, 1.0])),
            (np.array([30.0]), np.array([1.0])),  # each alone: its digits are held against its size
            (np.array([-36.0]), np.array([0.0])),
        ],
        right="and its digits are right wherever the exponential has any.",
        hint="np.log1p(x) is log(1 + x), also where 1 + x rounds to 1.",
        mistakes=[
            (
                _without_log1p,
                "it survives, but where the loss is tiny 1 + x has rounded x away: take np.log1p",
            ),
            (
                lambda z, y: np.mean(_loss_from_logits(z, y)),
                "that is the mean; return the loss of each sample",
            ),
            (
                lambda z, y: _loss_from_logits(z, 1 - y),
                "that is the loss with the labels exchanged",
            ),
        ],
    ),
    Exercise(
        key="cross_entropy.labels",
        kind="choice",
        choices={
            "a": "the rate is too high",
            "b": "a missing pos_weight",
            "c": "a softmax over labels that may be true together",
            "d": "rare photographs",
        },
        answer=lambda: "c",
        right="k true tags share the sum of 1: 1/k each, and k log k for all of them. Take one "
        "sigmoid a tag and the binary cross-entropy.",
        hint="Two equal probabilities are at most one half each, and cost 2 log 2.",
        mistakes=[
            (
                lambda: "a",
                "a loss that jumps would not read 0.02, 2 log 2 and 3 log 3, to the second digit",
            ),
            (
                lambda: "b",
                "with one sigmoid a tag and no pos_weight, two tags of a training photograph can "
                "both come near 1; what keeps these at 0.51 and 0.34?",
            ),
            (
                lambda: "d",
                "then more training would bring them up; but no outputs that sum to 1 do better "
                "than 1/2 and 1/2",
            ),
        ],
    ),
    Exercise(
        key="cross_entropy.masked",
        kind="function",
        answer=_masked_mean,
        inputs=[
            (
                np.array([[2.0, 0.5, -1.0], [0.0, 1.0, 3.0], [0.5, 0.5, 0.0], [9.0, 0.0, 0.0]]),
                np.array([0, 1, 2, -100]),
            ),
            (np.array([[1000.0, 0.0], [3.0, -1.0], [0.0, 800.0]]), np.array([1, -100, 1])),
            (np.array([[0.3, 0.1], [np.nan, np.nan]]), np.array([0, -100])),
            (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([-100, -100])),
        ],
        right="and what the padding holds cannot touch it.",
        hint="The sum over the tokens kept, divided by their number.",
        mistakes=[
            (
                _mean_over_all,
                "that divides by all places; divide by the number of those that are kept",
            ),
            (
                lambda z, y: _masked_mean(z, y) if np.any(y != -100) else np.nan,
                "where there is padding only, the mean is 0/0: return 0 there",
            ),
            (
                _multiplied_by_a_mask,
                "0 times NaN is NaN: choose the rows by indexing, before anything is computed",
            ),
            (
                lambda z, y: _masked_mean(z, y) * np.sum(y != -100),
                "that is the sum over the tokens kept; divide by their number",
            ),
        ],
    ),
]
