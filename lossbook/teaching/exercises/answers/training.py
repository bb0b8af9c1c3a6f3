"""Answers to the exercises of the chapter on what to do when training misbehaves."""

import numpy as np

from lossbook import losses
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

TOKENS, MEANS = np.array([300, 60, 40]), np.array([2.0, 3.0, 5.0])


def _counting():
    """Where 1 is half of the distance to the next number of 8 significant bits, and goes to the even one."""
    count = 0
    while True:
        spacing = 2 ** max(int(np.log2(max(count, 1))) - 7, 0)
        following = spacing * round((count + 1) / spacing)  # round takes a half to the even one
        if following == count:
            return count
        count = following


def _largest_scale():
    scale = 1
    while np.isfinite(_float16(0.4 * scale * 2)):
        scale *= 2
    return scale


def _float16(x):
    with np.errstate(over="ignore"):
        return np.float64(x).astype(np.float16)


def _night():
    """A loss scale changes nothing in an overflow of the forward pass."""
    logits = _float16(70_000)
    return "c" if all(np.isinf(logits) for _ in (65_536, 1, 1e-4)) else "b"


def _falling():
    """In float32 the sigmoid of 15.9 is below 1, that of 17.4 is 1, and the logarithm of what is left infinite."""
    with np.errstate(divide="ignore"):
        left = [1 - 1 / (1 + np.exp(-np.float32(z))) for z in (15.9, 17.4)]
        return "c" if np.isfinite(np.log(left)).tolist() == [True, False] else "d"


def _proof():
    """The first step that is false for the logistic loss at z = -3, clipped at 1."""
    logistic, z, c = losses.Logistic(), -3.0, 1.0
    loss, slope = float(logistic.pointwise(1.0, z)), float(logistic.gradient(1.0, z))
    clipped_loss, clipped_slope = min(loss, c), slope if loss < c else 0.0
    steps = {
        "a": clipped_loss <= c,
        "b": clipped_slope in (slope, 0.0),
        "c": abs(clipped_slope) <= abs(slope),
        "d": 0 < abs(clipped_slope) < abs(slope),
    }
    return next(name for name, holds in steps.items() if not holds)


def _mean_over_tokens(losses, masks):
    chosen = [
        np.asarray(loss)[np.asarray(mask) == 1] for loss, mask in zip(losses, masks, strict=True)
    ]
    count = sum(c.size for c in chosen)
    return float(sum(c.sum() for c in chosen)) / max(count, 1)


def _mean_of_means(losses, masks):
    means = [_mean_over_tokens([loss], [mask]) for loss, mask in zip(losses, masks, strict=True)]
    return float(np.mean(means))


def _over_all_places(losses, masks):
    total = sum(np.sum(loss[mask == 1]) for loss, mask in zip(losses, masks, strict=True))
    return float(total / sum(mask.size for mask in masks))


def _multiplied(losses, masks):
    with np.errstate(all="ignore"):
        total = sum(np.sum(loss * mask) for loss, mask in zip(losses, masks, strict=True))
    return float(total / max(sum(mask.sum() for mask in masks), 1))


def _zero_by_zero(losses, masks):
    total = sum(np.sum(loss[mask == 1]) for loss, mask in zip(losses, masks, strict=True))
    with np.errstate(all="ignore"):
        return float(np.float64(total) / sum(mask.sum() for mask in masks))


EXERCISES = [
    Exercise(
        key="training.first",
        kind="number",
        answer=lambda: np.log(50_000),
        nearest=0.1,
        right="much more, and the last layer starts too wide.",
        hint="Minus the logarithm of 1/50,000.",
        mistakes=[
            (lambda: np.log2(50_000), "that is in bits; losses are in nats"),
            (lambda: np.log10(50_000), "that is the decimal logarithm; losses are in nats"),
        ],
    ),
    Exercise(
        key="training.bias",
        kind="number",
        answer=lambda: np.log(0.02 / 0.98),
        nearest=0.01,
        right="log-odds of 1 to 49.",
        hint="The output is a logit: log of p over 1 - p.",
        mistakes=[
            (
                lambda: np.log(0.02),
                "that is the logarithm of the probability; the odds are 1 to 49",
            ),
        ],
    ),
    Exercise(
        key="training.parts",
        kind="number",
        answer=lambda: MEANS.mean() - np.average(MEANS, weights=TOKENS),
        nearest=0.01,
        right="3.33 in place of 2.45: the forty costly tokens count for a third.",
        hint="The loss of the batch is (600 + 180 + 200) / 400.",
        mistakes=[
            (lambda: MEANS.mean(), "that is the mean of the means; by how much is it too high?"),
            (lambda: np.average(MEANS, weights=TOKENS), "that is the loss of the batch"),
            (
                lambda: np.average(MEANS, weights=TOKENS) - MEANS.mean(),
                "the size is right; the mean of the means is the higher one",
            ),
        ],
    ),
    Exercise(
        key="training.counting",
        kind="number",
        answer=_counting,
        right="the next whole number would need a ninth bit, and a half goes to the even neighbor.",
        hint="Which whole numbers need a ninth bit?",
        mistakes=[
            (lambda: 255, "256 is a power of two, and has no trouble; then comes 257"),
            (lambda: 128, "seven bits are stored, and one more is understood"),
            (lambda: 512, "that is with nine significant bits"),
            (lambda: 2048, "that is where float16 stops, with eleven significant bits"),
        ],
    ),
    Exercise(
        key="training.scale",
        kind="number",
        answer=_largest_scale,
        right="0.4 times 131,072 is 52,429; twice that is too much.",
        hint="65,504 / 0.4 is 163,760.",
        mistakes=[
            (lambda: 163_760, "that is the bound; the scale is a power of 2"),
            (lambda: 2**18, "0.4 times 262,144 is 104,858, which float16 cannot hold"),
            (lambda: 2**16, "one more doubling fits"),
            (lambda: 17, "that is the exponent"),
        ],
    ),
    Exercise(
        key="training.padded",
        kind="number",
        answer=lambda: 32 * 512 / 2048,
        right="the mean divides by 16,384 places, of which 2,048 count.",
        hint="32 times 512 places.",
        mistakes=[(lambda: 2048 / (32 * 512), "that is the factor by which it is multiplied")],
    ),
    Exercise(
        key="training.night",
        kind="choice",
        choices={
            "a": "the loss scale started too high",
            "b": "small gradients are rounded to 0",
            "c": "a number of the forward pass is above 65,504",
            "d": "the weights are NaN from too high a rate",
        },
        answer=_night,
        right="the logits are infinite before any scale comes into play, and skipped steps change nothing.",
        hint="Which column breaks first, and is it before or after the loss is scaled?",
        mistakes=[
            (
                lambda: "a",
                "the first skipped step was just that, and harmless; the logits came later",
            ),
            (lambda: "b", "then nothing would be infinite, and no step skipped"),
            (lambda: "d", "steps with NaN are skipped, so the weights are those of step 2,900"),
        ],
    ),
    Exercise(
        key="training.falling",
        kind="choice",
        choices={
            "a": "the learning rate is too high",
            "b": "a NaN in the data",
            "c": "a probability that was rounded to 1",
            "d": "a number above the largest of float32",
        },
        answer=_falling,
        right="nothing grows before the end, and a lower rate reaches the same scores later.",
        hint="Which number of the table grows, and what does the sigmoid make of it?",
        mistakes=[
            (
                lambda: "a",
                "then loss and gradient would grow first; a tenth of the rate only takes longer to the same scores",
            ),
            (lambda: "b", "inputs and labels are finite, and 400 steps on them went well"),
            (lambda: "d", "the scores are below 20, and float32 goes to 10 to the 38"),
        ],
    ),
    Exercise(
        key="training.proof",
        kind="choice",
        choices={
            "a": "no sample adds more than c / N",
            "b": "the gradient is that of the loss below c, and 0 above",
            "c": "no sample has a longer gradient",
            "d": "a long gradient keeps its direction and is shortened",
        },
        answer=_proof,
        right="above c the gradient is not shortened to a limit, it is 0.",
        hint="a, b and c are true.",
        mistakes=[
            (lambda: "a", "true: no clipped loss is above c"),
            (lambda: "b", "true: a constant has no slope"),
            (lambda: "c", "true: 0 is not longer than anything"),
        ],
    ),
    Exercise(
        key="training.below",
        kind="choice",
        choices={
            "a": "dropout or augmentation",
            "b": "older weights, in a mean over the pass",
            "c": "too few validation samples",
            "d": "samples that are known",
        },
        answer=lambda: "d" if 0.30 < 0.41 < 0.46 else "c",
        right="without the duplicates, validation is above training, as it should be.",
        hint="What changed the order?",
        mistakes=[
            (lambda: "a", "both losses are in evaluation mode in the last column"),
            (lambda: "b", "both losses are taken after the pass in the last column"),
            (lambda: "c", "four thousand leave little to luck"),
        ],
    ),
    Exercise(
        key="training.write",
        kind="function",
        answer=_mean_over_tokens,
        inputs=[
            ([np.array([2.0, 4.0]), np.array([9.0])], [np.array([1, 1]), np.array([1])]),
            ([np.array([1.0, np.nan, 3.0])], [np.array([1, 0, 1])]),
            ([np.array([1.0, np.inf]), np.array([2.0, 6.0])], [np.array([0, 0]), np.array([1, 1])]),
            ([np.array([1.0, np.nan])], [np.array([0, 0])]),
            ([np.array([[1.0, 2.0], [3.0, 4.0]])], [np.array([[1, 0], [1, 1]])]),
        ],
        right="one sum, one count, one division.",
        hint="loss[mask == 1] chooses.",
        mistakes=[
            (_mean_of_means, "that is the mean of the means; divide once, by the count of all"),
            (_over_all_places, "that divides by the masked places, too"),
            (_multiplied, "NaN times 0 is NaN: choose what is unmasked, do not multiply"),
            (_zero_by_zero, "where nothing is unmasked, return 0"),
        ],
    ),
]
