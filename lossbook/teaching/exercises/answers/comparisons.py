"""Answers to the exercises of the chapter on losses of comparisons."""

import numpy as np
from scipy.optimize import minimize_scalar

from lossbook import losses
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]


def _contrast(a, b, scale, *, normalize=True, columns=True):
    if normalize:
        a, b = (z / np.linalg.norm(z, axis=1, keepdims=True) for z in (a, b))
    similarity, partner = scale * a @ b.T, np.arange(len(a))
    loss = losses.CrossEntropy(from_logits=True)
    rows = loss(partner, similarity)
    return (rows + loss(partner, similarity.T)) / 2 if columns else rows


def _what_is_wrong(told=0.3, margin=0.2, positive=0.6, negative=0.7):
    """The suspicion under which the triplet costs what the library says."""

    def cost(p, n):
        return losses.Triplet(margin=margin)([[0.0]], [[p]], [[n]])

    suspicions = {
        "a": cost(positive, negative),
        "b": cost(negative, positive),
        "c": cost(positive**2, negative**2),
        "d": cost(0.0, 0.0),
    }
    (found,) = (name for name, value in suspicions.items() if np.isclose(value, told))
    return found


def _two_teams():
    loss = losses.BradleyTerry()
    cost = lambda lead: 3 * loss([lead], [0.0]) + loss([0.0], [lead])  # noqa: E731
    return minimize_scalar(cost, (0, 3)).x


def _collapsed(pairs, views=1):
    point, rows = np.ones((views * pairs, 2)), np.tile(np.arange(pairs), views)
    return losses.NTXent()(rows, point) if views > 1 else losses.InfoNCE()(point, point)


def _floor():
    """Four images of a class at one place, four of another one opposite to it, in the cold."""
    z = np.repeat([[1.0, 0.0], [-1.0, 0.0]], 4, axis=0)
    return losses.SupervisedContrastive(temperature=0.01)(np.repeat([0, 1], 4), z)


def _cold(*rivals):
    return max(0.0, max(rivals) - 0.5)


EXERCISES = [
    Exercise(
        key="comparisons.by-hand",
        kind="choice",
        answer=_what_is_wrong,
        choices={
            "a": "nothing",
            "b": "the sign of the distance",
            "c": "the distances are squared",
            "d": "the embeddings have collapsed",
        },
        right="0.2 - 0.6 + 0.7; in order it costs 0.1, and less than when it is exchanged.",
        hint="What does it cost, what exchanged, what squared, and what if all distances are 0?",
        mistakes=[
            (lambda: "a", "margin plus the positive's distance, less the negative's, is 0.1"),
            (lambda: "c", "with squares it would cost 0.2 + 0.36 - 0.49 = 0.07"),
            (lambda: "d", "then all distances were 0, and the loss the margin, 0.2"),
        ],
    ),
    Exercise(
        key="comparisons.start",
        kind="number",
        answer=lambda: _collapsed(8, views=2),
        nearest=0.01,
        right="the logarithm of 15: all others of the 16.",
        hint="All similarities are 1: what does a softmax over the others give the partner?",
        mistakes=[
            (lambda: np.log(8), "each image is there twice, and an anchor meets all others"),
            (lambda: np.log(16), "an anchor is not compared with itself"),
            (lambda: np.log2(15), "the logarithm is the natural one"),
            (
                lambda: 2 * np.log(15),
                "so reads SimCLR's own code, which adds two halves; take the mean",
            ),
        ],
    ),
    Exercise(
        key="comparisons.rewards",
        kind="number",
        answer=lambda: losses.BradleyTerry()([-0.4], [-1.2]),
        nearest=0.01,
        right="both fell, and the loss is below log 2.",
        hint="Only the difference of the two counts: 0.8.",
        mistakes=[
            (lambda: np.log1p(np.exp(0.8)), "the sign: the chosen one is ahead, by 0.8"),
            (lambda: 0.8, "that is the gap; what does it cost?"),
            (lambda: np.log1p(np.exp(-1.6)), "the difference is -0.4 + 1.2"),
            (lambda: np.log1p(np.exp(-0.08)), "the rewards have their beta already"),
        ],
    ),
    Exercise(
        key="comparisons.two-teams",
        kind="number",
        answer=_two_teams,
        nearest=0.01,
        right="log 3, the log-odds of winning.",
        hint="Solve 1 / (1 + exp(-d)) = 3/4.",
        mistakes=[
            (lambda: 0.75, "that is the probability; the difference is its log-odds"),
            (lambda: np.log(4 / 3), "that is what a win costs; the difference is the log-odds"),
            (lambda: 3.0, "those are the odds; take their logarithm"),
        ],
    ),
    Exercise(
        key="comparisons.floor",
        kind="number",
        answer=_floor,
        nearest=0.01,
        right="log 3: each partner gets a third at best, whatever the temperature.",
        hint="At best the whole softmax lies on the partners, in equal shares.",
        mistakes=[
            (lambda: 0.0, "three partners share one softmax; no two of them can have all of it"),
            (lambda: np.log(4), "the anchor itself is not in the sum: three are left"),
            (lambda: np.log(3) / 10, "the temperature divides similarities, not the loss"),
        ],
    ),
    Exercise(
        key="comparisons.parts",
        kind="number",
        answer=lambda: _collapsed(128),
        nearest=0.01,
        right="log 128: each softmax sees its own part only.",
        hint="The mean of eight equal numbers is one of them.",
        mistakes=[
            (lambda: np.log(1024), "no softmax sees more than 128 rows"),
            (lambda: np.log(128) / 8, "the mean of eight equal numbers is one of them"),
            (lambda: np.log(255), "InfoNCE has N keys for a query, not 2N - 1"),
        ],
    ),
    Exercise(
        key="comparisons.cold",
        kind="number",
        answer=lambda: _cold(0.8, 0.2, -0.4),
        nearest=0.01,
        right="a hinge on the hardest negative alone.",
        hint="What is left of a soft maximum when it is cold?",
        mistakes=[
            (lambda: 0.0, "that would be so if the partner led all negatives"),
            (lambda: -0.3, "the hardest negative is ahead: it costs"),
            (lambda: 0.8, "only the difference to the partner's 0.5 counts"),
        ],
    ),
    Exercise(
        key="comparisons.ipo",
        kind="number",
        answer=lambda: -1.5 - 0.5 / 0.2,
        nearest=0.1,
        right="both fell, and the gap is 2.5.",
        hint="The difference of the two changes is 2.5.",
        mistakes=[
            (lambda: 1.0, "the chosen answer is to be ahead: -1.5 less the other is 2.5"),
            (lambda: -6.5, "the goal is 1 / (2 beta), not 1 / beta"),
            (lambda: 4.0, "it has fallen: write a minus"),
            (lambda: -2.5, "that is the gap; the chosen answer has fallen too"),
            (lambda: 2.5, "that is the gap; the chosen answer has fallen too"),
        ],
    ),
    Exercise(
        key="comparisons.displaced",
        kind="choice",
        answer=lambda: "d",
        choices={
            "a": "a multiple of v, with a t that grows",
            "b": "t grows without end",
            "c": "the sum is at least the term of b",
            "d": "an upper bound, and falls at each step",
        },
        right="the bound falls, and takes log pi(w) to minus infinity; below it, it may rise first.",
        hint="Drag the chosen answer of the figure to (1.5, 0.5): one answer lies beyond.",
        mistakes=[
            (
                lambda: "a",
                "the gap is h v, its gradient v, and DPO's pull on the gap is never 0: t grows",
            ),
            (
                lambda: "b",
                "log(1 + exp(-beta gap)) falls for ever; were t bounded, its slope would not be 0",
            ),
            (lambda: "c", "a sum of positive terms is at least one of them"),
        ],
    ),
    Exercise(
        key="comparisons.triplets",
        kind="choice",
        answer=lambda: "B",
        choices={
            "A": "run A only",
            "B": "run B only",
            "both": "A and B",
            "neither": "neither of the two",
        },
        right="its distances go to 0 and its loss to exactly the margin: lower the rate, and begin "
        "with semi-hard negatives. In A nine triplets in ten are right by the margin; what is left "
        "may have wrong labels.",
        hint="Look at the distances, not at the loss.",
        mistakes=[
            (
                lambda: "A",
                "its distances stay at 1.3 and more, and ever more triplets cost nothing: it learns",
            ),
            (
                lambda: "both",
                "a mean over the triplets that cost something may stand near the margin while most "
                "others are solved; look at A's distances",
            ),
            (
                lambda: "neither",
                "in one of them all pairs are 0.001 apart: it tells no two inputs apart",
            ),
        ],
    ),
    Exercise(
        key="comparisons.contrast",
        kind="function",
        answer=_contrast,
        inputs=[
            (
                np.array([[1.0, 0.1], [0.7, 0.8], [0.0, 2.0]]),
                np.array([[0.9, 0.3], [0.4, 0.9], [-0.2, 1.0]]),
                10.0,
            ),
            (np.array([[3.0, 0.0], [0.0, 0.5]]), np.array([[0.0, 1.0], [2.0, 2.0]]), 1000.0),
            (np.ones((4, 2)), np.ones((4, 2)), 14.3),
        ],
        right="a cross-entropy whose classes are the other samples of the batch; collapsed, as in "
        "the third case, it reads log N.",
        hint="The label of row i is i; and log_softmax survives a scale of 1000.",
        mistakes=[
            (
                lambda a, b, scale: _contrast(a, b, scale, columns=False),
                "that is one direction; average it with the softmax over the columns",
            ),
            (
                lambda a, b, scale: _contrast(a, b, scale, normalize=False),
                "the similarities are cosines: divide each row by its length first",
            ),
            (
                lambda a, b, scale: 2 * _contrast(a, b, scale),
                "that is the sum of the two directions; take their mean",
            ),
            (
                lambda a, b, scale: _contrast(a, b, 1 / scale),
                "multiply by the scale; it is the temperature that divides",
            ),
            (
                lambda a, b, scale: -_contrast(a, b, scale),
                "the sign: a loss is minus the mean of the logarithms",
            ),
        ],
    ),
]
