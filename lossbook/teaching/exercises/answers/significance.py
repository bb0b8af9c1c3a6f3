"""Answers to the exercises of the chapter on significance."""

import numpy as np

from lossbook import datasets, losses
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

SPAM = np.array([1.0, 0.0]), np.array([0.1, 0.9])


def _know_nothing():
    outcome, share = SPAM
    return losses.BinaryCrossEntropy()(outcome, np.full(2, 0.1), share)


def _honest(differences, train_size, test_size):
    spread = np.std(differences, ddof=1)
    return spread * np.sqrt(1 / len(differences) + test_size / train_size)


def _pulls():
    data = datasets.diabetes()
    y = data.y
    slope = losses.MeanSquaredError().value_and_gradient(y, np.full_like(y, y.mean()))[1]
    return np.abs(slope @ data.X)


def _patience(val_losses, patience, first=np.inf, better=np.less):
    least, best, waited = first, 0, 0
    for epoch, loss in enumerate(val_losses):
        waited += 1
        if better(loss, least):
            least, best, waited = loss, epoch, 0
        if waited == patience:
            break
    return [best, epoch]


def _least_of_all(val_losses, patience):
    return [int(np.nanargmin(val_losses)), len(val_losses) - 1]


def _waits_for_one_more(val_losses, patience):
    return _patience(val_losses, patience + 1)


def _equal_is_better(val_losses, patience):
    return _patience(val_losses, patience, better=np.less_equal)


def _against_the_last(val_losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(val_losses)):
        waited = 0 if val_losses[epoch] < val_losses[epoch - 1] else waited + 1
        best = epoch if waited == 0 else best
        if waited == patience:
            break
    return [best, epoch]


def _keeps_the_last(val_losses, patience):
    return [_patience(val_losses, patience)[1]] * 2


EXERCISES = [
    Exercise(
        key="significance.typical",
        kind="number",
        answer=lambda: np.exp(-0.5),
        nearest=0.01,
        right="about 0.61: better than a coin, and far from sure.",
        hint="Undo the logarithm.",
        mistakes=[
            (lambda: 1 - 0.5, "a loss is no probability; undo the logarithm"),
            (lambda: np.exp(0.5), "that is the perplexity; a probability is its reciprocal"),
            (lambda: 2**-0.5, "that undoes a logarithm with base 2; these are nats"),
        ],
    ),
    Exercise(
        key="significance.digits",
        kind="number",
        answer=lambda: losses.CrossEntropy(from_logits=True)(np.array([3]), np.zeros((1, 10))),
        nearest=0.01,
        right="if your first loss is much larger, look at how the network is initialized.",
        hint="It is the same for each digit: minus the logarithm of one tenth.",
        mistakes=[
            (lambda: np.log(2), "that is for two classes; here are ten"),
            (lambda: np.log2(10), "that is in bits; this book's logarithm is the natural one"),
            (lambda: 1.0, "that is the logarithm to base 10; this book's is the natural one"),
            (lambda: 0.1, "that is the probability; the loss is minus its logarithm"),
            (lambda: 0.9, "that is the error rate of a guess; asked is the cross-entropy"),
        ],
    ),
    Exercise(
        key="significance.needle",
        kind="choice",
        answer=lambda: "c",
        choices={
            "a": "the log loss",
            "b": "the Brier score",
            "c": "the error rate",
            "d": "the hinge loss",
        },
        right="it is flat, with steps; a gradient sees the flat parts only.",
        hint="Which of them does not change at all when a score changes a little?",
        mistakes=[
            (lambda: "a", "its slope in the logit, p - y, is nowhere zero"),
            (lambda: "b", "its gradient fades where the model is sure and wrong, but it is there"),
            (lambda: "d", "it has a kink and a flat side, but a slope wherever a sample is wrong"),
        ],
    ),
    Exercise(
        key="significance.angle",
        kind="number",
        answer=lambda: np.degrees(np.arctan((100 - 1) / (2 * np.sqrt(100)))),
        nearest=1,
        right="about 79 degrees: almost a right angle, and still downhill.",
        hint="The cosine is 2 sqrt(kappa) / (kappa + 1).",
        mistakes=[
            (lambda: np.arccos(20 / 101), "that is in radians; asked are degrees"),
            (lambda: 20 / 101, "that is the cosine of the angle"),
            (lambda: 90.0, "it comes near, but never gets there"),
        ],
    ),
    Exercise(
        key="significance.spam",
        kind="number",
        answer=lambda: 1 - 0.30 / _know_nothing(),
        nearest=0.01,
        right="8 percent of the way from knowing nothing.",
        hint="What does a filter that says 10 percent to every message get?",
        mistakes=[
            (lambda: 1 - 0.30 / np.log(2), "measured against a coin; the best constant is 0.1"),
            (
                lambda: 0.30 / _know_nothing(),
                "that is what is left of the loss; subtract it from 1",
            ),
        ],
    ),
    Exercise(
        key="significance.honest-bar",
        kind="function",
        answer=_honest,
        inputs=[
            (np.array([0.1, -0.2, 0.3, 0.0]), 48, 12),
            (np.array([1.0, 2.0]), 9, 1),
            (np.zeros(10), 90, 10),
        ],
        right="it does not vanish, however many splits you make.",
        hint="The standard deviation with divisor J - 1, times the root of a sum of two terms.",
        mistakes=[
            (
                lambda d, n1, n2: np.std(d, ddof=1) * np.sqrt(1 / len(d)),
                "that is the naive bar; add the second term under the root",
            ),
            (
                lambda d, n1, n2: np.std(d) * np.sqrt(1 / len(d) + n2 / n1),
                "divide by J - 1 in the variance (ddof=1)",
            ),
            (
                lambda d, n1, n2: np.std(d, ddof=1) * np.sqrt(1 / len(d) + n2 / (n1 + n2)),
                "the second term is test over training, not test over all",
            ),
            (
                lambda d, n1, n2: np.std(d, ddof=1) * np.sqrt(1 / len(d) + n1 / n2),
                "the second term is upside down",
            ),
        ],
    ),
    Exercise(
        key="significance.ridge",
        kind="number",
        answer=lambda: 442 * 0.5 / 2,
        right="and with 884 patients it would have to be twice that.",
        hint="Ours is a mean plus a half of lambda times the squares.",
        mistakes=[
            (lambda: 442 * 0.5, "our penalty has a half in front"),
            (lambda: 0.5 / 2, "theirs is a sum over patients, ours a mean"),
            (lambda: 0.5, "the two objectives differ by more than their names"),
        ],
    ),
    Exercise(
        key="significance.lasso",
        kind="number",
        answer=lambda: _pulls().max(),
        nearest=0.1,
        right="the last to let go is the body mass index.",
        hint="The largest entry of the gradient of the mean squared error at w = 0.",
        mistakes=[
            (
                lambda: _pulls().max() / 2,
                "that is scikit-learn's alpha: its squared error has a half",
            ),
            (lambda: _pulls().max() * 442, "the loss is a mean: divide by the number of patients"),
            (
                lambda: _pulls().max() * 221,
                "the loss is a mean, and the derivative of a square has a 2",
            ),
            (
                lambda: _pulls().min(),
                "that is the smallest pull; all are zero only from the largest",
            ),
        ],
    ),
    Exercise(
        key="significance.gap",
        kind="choice",
        answer=lambda: "c",
        choices={
            "a": "tumors of the validation set are also in the training set",
            "b": "the model overfits",
            "c": "the training number contains the penalty, the validation number does not",
            "d": "the validation tumors happen to be easier",
        },
        right="the gap is about 0.01 times the squared weights, which is what L2(0.02) adds; compare "
        "losses without it.",
        hint="Divide the gap by the last column.",
        mistakes=[
            (
                lambda: "a",
                "a leak makes validation as good as training; here it is better by more than a third",
            ),
            (lambda: "b", "an overfitted model is better in training than in validation"),
            (
                lambda: "d",
                "easier tumors would not explain why the gap shrinks in step with the weights",
            ),
        ],
    ),
    Exercise(
        key="significance.shrink",
        kind="choice",
        answer=lambda: "5",
        choices={
            "1": "the fit for lambda is the best for lambda",
            "2": "the fit for mu is the best for mu",
            "3": "the penalty does not grow",
            "4": "the training loss does not fall",
            "5": "no single weight grows",
        },
        right="the sum of the squares falls, and single weights may still grow: others make room for "
        "them. On the diabetes data most of the 64 do, somewhere on the way.",
        hint="Steps 1 to 4 speak of sums. Which one speaks of more?",
        mistakes=[
            (lambda: "1", "that is what being the minimum means, with any other weights put in"),
            (lambda: "2", "that is what being the minimum means, with any other weights put in"),
            (lambda: "3", "add 1 and 2: both losses cancel, and mu - lambda is positive"),
            (lambda: "4", "put 3 into 1: the term with lambda on the right is not the larger one"),
        ],
    ),
    Exercise(
        key="significance.patience",
        kind="function",
        answer=_patience,
        inputs=[
            ([1.0, 0.8, 0.7, 0.72, 0.69, 0.71, 0.73, 0.75, 0.6], 3),
            ([0.9, 0.5, 0.4, 0.3], 2),
            ([0.5, 0.7, 0.6, 0.6, 0.4], 3),
            ([0.5, 0.5, 0.5, 0.4], 2),
            ([0.5, 0.6, 0.7, 0.8, 0.9, 0.4], 2),
            ([0.5, 0.4, np.nan, np.nan, 0.3], 2),
        ],
        right="the 0.6 of epoch 8 is never seen: that is the price of patience 3.",
        hint="Count the epochs since the least loss; a loss that is not below it, NaN included, adds one.",
        mistakes=[
            (_keeps_the_last, "that keeps the last epoch, not the best one"),
            (_least_of_all, "that looks at all epochs; training stops before it has seen them"),
            (_against_the_last, "compare with the least loss so far, not with the last one"),
            (_waits_for_one_more, "stop as soon as `patience` epochs have not beaten the least"),
            (_equal_is_better, "an equal loss is not lower"),
        ],
    ),
    Exercise(
        key="significance.groups",
        kind="choice",
        answer=lambda: "c",
        choices={
            "a": "run A, since its loss rises",
            "b": "run B, since its learning rate is too low",
            "c": "run B, since all rewards of each group are equal",
            "d": "neither, since each loss is near 0",
        },
        right="each advantage is 0, and so is the gradient; make the prompts easier, or the reward "
        "finer. In run A the loss is 0.04 times the KL, and rises because the policy moves.",
        hint="A loss of 0 is where both start. What else is 0?",
        mistakes=[
            (lambda: "a", "its reward rises as well; the loss is the penalty, 0.04 times the KL"),
            (lambda: "b", "a gradient of 0 moves nothing at any rate"),
            (lambda: "d", "the losses tell nothing, and the gradients do: look at that column"),
        ],
    ),
]
