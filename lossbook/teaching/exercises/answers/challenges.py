"""Answers to the exercises of the chapter on challenges."""

import numpy as np

from lossbook import losses
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

CAUSES = {
    "rate too high": "the steps are too long",
    "rate too low": "the steps are too short",
    "too few images": "it learns the few by heart",
    "shuffled labels": "the labels have nothing to do with the images",
    "no gradient": "nothing comes back through the layers",
}


def _seventh():
    """The cause that leaves a softmax's decision where it is and makes its mistakes costlier."""
    scores = np.array([[2.0, 1.0, 0.0], [0.5, 0.4, 0.0]])
    labels, loss = np.array([0, 1]), losses.CrossEntropy(from_logits=True)
    same = np.array_equal((16 * scores).argmax(1), scores.argmax(1))
    costlier = loss(labels, 16 * scores) > loss(labels, scores)
    return "another unit" if same and costlier else "harder images"


def _below():
    """The first step that is false for g(y) = -y^2 and the targets 1 and 7."""
    y = np.array([1.0, 7.0])
    g, mean = -(y**2), y.mean()
    tangent = -(mean**2) - 2 * mean * (y - mean)
    steps = {
        "a": np.all(g <= tangent),
        "b": g.mean() <= -(mean**2),
        "c": np.sqrt(-g.mean()) <= mean,
    }
    return next(name for name, holds in steps.items() if not holds)


# of the exercise "An empty mask": median, 95 percent, largest, in lesions and elsewhere
LESIONS, ELSEWHERE, MASK_LOSS = (0.12, 0.25, 0.43), (0.0026, 0.012, 0.094), 0.0061


def _mask():
    """Whether a threshold would do: what is learned, and where a cut leaves the one and not the other."""
    share = 0.001
    silent = -share * np.log(share) - (1 - share) * np.log(1 - share)
    if silent <= MASK_LOSS:
        return "d"
    return "b" if LESIONS[0] > ELSEWHERE[2] and LESIONS[2] < 0.5 else "a"


MASKS = np.array([[[1.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])


def _soft_dice(y, p):
    both, total = (y * p).sum(axis=(1, 2)), (y + p).sum(axis=(1, 2))
    return np.mean(1 - (2 * both + 1) / (total + 1))


def _dice_of_the_batch(y, p):
    return 1 - (2 * np.sum(y * p) + 1) / (np.sum(y + p) + 1)


def _without_epsilon(y, p):
    with np.errstate(invalid="ignore"):
        return np.mean(1 - 2 * (y * p).sum(axis=(1, 2)) / (y + p).sum(axis=(1, 2)))


EXERCISES = [
    Exercise(
        key="challenges.d",
        kind="choice",
        choices=CAUSES,
        answer=lambda: "shuffled labels",
        right="there is nothing to learn but the list itself.",
        hint="What could make unseen images worse than a coin with ten sides?",
        mistakes=[
            (
                lambda: "too few images",
                "close: but with few honest images the unseen loss falls first, as that of patient B",
            ),
            (lambda: "rate too high", "then the training loss would jump about"),
            (
                lambda: "rate too low",
                "then the training loss would fall slowly, and the other with it",
            ),
            (lambda: "no gradient", "then the training loss would not fall"),
        ],
    ),
    Exercise(
        key="challenges.e",
        kind="choice",
        choices=CAUSES,
        answer=lambda: "no gradient",
        right="it says one tenth for every digit, and stays there.",
        hint="log 10 is 2.30.",
        mistakes=[
            (lambda: "rate too low", "A comes down at 0.003, and this one does not at 1"),
            (lambda: "rate too high", "then they would jump, and a constant 2.30 is very calm"),
            (lambda: "too few images", "few images are learned by heart; here nothing is learned"),
            (
                lambda: "shuffled labels",
                "they are learned by heart, as D did; here nothing is learned",
            ),
        ],
    ),
    Exercise(
        key="challenges.stray",
        kind="number",
        answer=lambda: np.mean([*[10.0] * 24, 60.0]),
        right="it moves by a 25th of the distance.",
        hint="Add up all 25.",
        mistakes=[(lambda: 10 + 50 / 24, "there are 25 values now")],
    ),
    Exercise(
        key="challenges.log",
        kind="number",
        answer=lambda: np.exp(0.5),
        nearest=0.01,
        right="65 percent more.",
        hint="The mean of exp(3 + Z) is exp(3) times the mean of exp(Z).",
        mistakes=[
            (lambda: np.exp(1), "half of the variance stands in the exponent"),
            (lambda: np.exp(0.5) - 1, "by so much it is larger; the factor is one more"),
            (lambda: np.exp(3.5), "that is the mean price; the factor is asked for"),
        ],
    ),
    Exercise(
        key="challenges.weight",
        kind="number",
        answer=lambda: 1 / (1 + 9),
        right="odds of 1 to 1, divided by 9.",
        hint="Turn 0.5 into odds first.",
        mistakes=[
            (lambda: 0.5 / 9, "the weight divides the odds, not the probability"),
            (lambda: 0.9, "the other way round: the rare class is less probable than it says"),
        ],
    ),
    Exercise(
        key="challenges.meters",
        kind="number",
        answer=lambda: (3 / 1000) ** 2 / 3**2,
        right="a millionth: the penalty hardly feels the weight any more.",
        hint="Which weight of a meter gives the same predictions?",
        mistakes=[
            (lambda: 1 / 1000, "that is the weight's factor; the penalty takes its square"),
            (lambda: 1e6, "the other way round: in meters the weight is smaller"),
            (lambda: 1000, "in meters the weight is smaller, and the penalty takes its square"),
        ],
    ),
    Exercise(
        key="challenges.steps",
        kind="number",
        answer=lambda: 1 / (0.05 * 200),
        right="one over rate times steps.",
        hint="Small curvatures: the shares are eta t s and s / lambda.",
        mistakes=[
            (lambda: 0.05 * 200, "upside down: the longer the walk, the weaker the penalty"),
            (lambda: 1 / 200, "the rate belongs to it as well"),
        ],
    ),
    Exercise(
        key="challenges.believed",
        kind="number",
        answer=lambda: 0.1**0.5,
        nearest=0.01,
        right="the square root of what it believes.",
        hint="The gradient is that of cross-entropy, times p to the power q.",
        mistakes=[
            (lambda: 0.1, "that is for q = 1"),
            (
                lambda: 0.1**-0.5,
                "that is how many times as strong the other one pulls; turn it over",
            ),
        ],
    ),
    Exercise(
        key="challenges.sum",
        kind="number",
        answer=lambda: sum(1 - p for p in np.full(10, 0.1)),
        right="ten ones, less probabilities that add up to one.",
        hint="Add 1 - p over the ten classes.",
        mistakes=[(lambda: 10, "the probabilities add up to one"), (lambda: 1, "ten less one")],
    ),
    Exercise(
        key="challenges.liars",
        kind="number",
        answer=lambda: 9 / 10,
        tolerance=1e-3,
        right="at nine tenths all ten labels are equally frequent.",
        hint="Solve 1 - eta = eta / 9.",
        mistakes=[
            (lambda: 0.5, "half is the limit for two classes; the lies are spread over nine"),
        ],
    ),
    Exercise(
        key="challenges.seventh",
        kind="choice",
        answer=_seventh,
        right="the largest score stays the largest, and the mistakes are made with full confidence.",
        hint="Which of the four leaves the share of right answers alone?",
        choices={
            "wrong labels": "the clinic has labeled its images badly",
            "learned by heart": "it knows its 600 images and no others",
            "harder images": "the clinic's digits are harder to read",
            "another unit": "the clinic's images are scaled in another way",
        },
        mistakes=[
            (lambda: "wrong labels", "then it would read a smaller share of them rightly"),
            (lambda: "learned by heart", "then the second line would be as bad as the third"),
            (lambda: "harder images", "then it would read a smaller share of them rightly"),
        ],
    ),
    Exercise(
        key="challenges.below",
        kind="choice",
        answer=_below,
        right="undoing a falling g turns the inequality round, and the answer lies above the mean.",
        hint="Put 1 and 7 into each line.",
        choices={
            "a": "below its tangents",
            "b": "the mean of g is at most g of the mean",
            "c": "undo g",
        },
        mistakes=[
            (lambda: "a", "-1 is at most 8, and -49 at most -40: it holds"),
            (lambda: "b", "the mean of -1 and -49 is -25, and g(4) is -16: it holds"),
        ],
    ),
    Exercise(
        key="challenges.mask",
        kind="choice",
        answer=_mask,
        choices={
            "a": "Dice, and train anew",
            "b": "the threshold, on the validation images",
            "c": "a pos_weight of 999",
            "d": "a mistake: nothing has been learned",
        },
        right="at 0.1 it finds more than half of the lesions, and next to nothing else.",
        hint="How many lesion pixels are above 0.1, and how many others?",
        mistakes=[
            (lambda: "a", "it tells lesions from the rest already; try what costs a second first"),
            (
                lambda: "c",
                "that cuts near 0.001, below the median elsewhere, and spoils the probabilities",
            ),
            (lambda: "d", "then the loss would be 0.0079, and the two medians alike"),
        ],
    ),
    Exercise(
        key="challenges.dice",
        kind="function",
        answer=_soft_dice,
        inputs=[
            (MASKS, np.array([[[0.9, 0.2], [0.1, 0.0]], [[0.0, 0.0], [0.0, 0.0]]])),
            (MASKS, MASKS),
            (MASKS, np.array([[[0.0, 0.0], [0.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]])),
        ],
        tolerance=1e-9,
        right="each image by itself, and 1/1 where there is nothing to find.",
        hint="For an empty image and an empty forecast it is 1 - 1/1.",
        mistakes=[
            (
                _dice_of_the_batch,
                "that sums over the batch: a small object is drowned by a large one",
            ),
            (_without_epsilon, "an image without any object is 0/0: add the 1 above and below"),
            (lambda y, p: 1 - _soft_dice(y, p), "that is the similarity; the loss is one less it"),
        ],
    ),
]
