"""Answers to the exercises of the chapter on losses of sequences."""

import itertools
import warnings

import numpy as np

from lossbook import losses
from lossbook.teaching.exercises import Exercise

__all__ = ["EXERCISES"]

TWO = np.log([[0.6, 0.4], [0.6, 0.4]])  # two steps: the blank and one letter


def _shortest(word):
    return len(word) + sum(a == b for a, b in itertools.pairwise(word))


def _bits(perplexity, bytes_per_token):
    return np.log2(perplexity) / bytes_per_token


def _ctc(p, target):
    """The loss of the book, of probabilities."""
    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(losses.CTC()(np.asarray(target, int), np.log(p)))


def _places(target):
    """The target with blanks around and between its labels."""
    places = np.zeros(2 * len(target) + 1, int)
    places[1::2] = target
    return places


def _recursion(p, target, skipped):
    """The loss, where a path may skip the places before those in `skipped`."""
    places = _places(target)
    log_p, nothing = np.log(np.asarray(p, float))[:, places], np.full(2, -np.inf)
    alpha = np.full(len(places), -np.inf)
    alpha[:2] = log_p[0, :2]
    for row in log_p[1:]:
        two_on = np.append(nothing, alpha)[: len(places)]
        ways = alpha, np.append(-np.inf, alpha[:-1]), np.where(skipped(places), two_on, -np.inf)
        alpha = row + np.logaddexp.reduce(ways)
    return -np.logaddexp.reduce(alpha[-2:])


def _without_skip(p, target):
    """The recursion that goes through all blanks."""
    return _recursion(p, target, np.zeros_like)


def _with_every_skip(p, target):
    """The recursion that skips the blank between equal letters too."""
    return _recursion(p, target, lambda places: places > 0)


def _of_products(p, target):
    """The right recursion of the probabilities themselves."""
    p, places = np.asarray(p, float), _places(target)
    alpha = np.where(np.arange(len(places)) < 2, p[0, places], 0.0)
    skips = (places > 0) & (places != np.append([0, 0], places)[: len(places)])
    for row in p[1:]:
        two_on = np.where(skips, np.append([0.0, 0.0], alpha)[: len(places)], 0.0)
        alpha = row[places] * (alpha + np.append(0.0, alpha[:-1]) + two_on)
    with np.errstate(divide="ignore"):
        return -np.log(alpha[-2:].sum())


def _with_products_of_the_mask(nats, keep, texts):
    total = sum(np.sum(np.multiply(n, k)) for n, k in zip(nats, keep, strict=True))
    return total / np.log(2) / sum(len(text.encode()) for text in texts)


def _bits_per_byte(nats, keep, texts):
    total = sum(np.sum(n[k]) for n, k in zip(nats, keep, strict=True))
    return total / np.log(2) / sum(len(text.encode()) for text in texts)


def _drawn(steps, classes, seed):
    p = np.random.default_rng(seed).random((steps, classes)) + 0.05
    return p / p.sum(axis=1, keepdims=True)


EXERCISES = [
    Exercise(
        key="sequences.collapse",
        kind="choice",
        answer=lambda: "a",
        choices={"a": "aab", "b": "ab", "c": "aaab"},
        right="merged it is a, blank, a, b, blank: the blank keeps the two a apart.",
        hint="First merge what is repeated side by side, then drop the blanks.",
        mistakes=[
            (lambda: "b", "that is blanks dropped first; the order is the other way round"),
            (lambda: "c", "the first two a stand side by side: they are one"),
        ],
    ),
    Exercise(
        key="sequences.start",
        kind="number",
        answer=lambda: np.log(32_000),
        nearest=0.01,
        right="every token costs the logarithm of their number.",
        hint="Each token has the probability 1 / 32,000.",
        mistakes=[
            (lambda: np.log2(32_000), "that is in bits; divide by 1.4427"),
            (lambda: np.log10(32_000), "nats have the natural logarithm"),
            (lambda: 32_000, "that is its perplexity"),
        ],
    ),
    Exercise(
        key="sequences.steps",
        kind="number",
        answer=lambda: _shortest("balloon"),
        right="seven letters, and a blank between l and l and between o and o.",
        hint="Which letters repeat the one before?",
        mistakes=[
            (lambda: 7, "l l and o o would be merged"),
            (lambda: 13, "a blank is needed between equal letters only"),
            (lambda: 8, "two pairs of equal letters"),
        ],
    ),
    Exercise(
        key="sequences.compare",
        kind="number",
        answer=lambda: min(_bits(12, 3.9), _bits(18, 4.8)),
        nearest=0.001,
        right="that is B's: less of a burden for each byte, though it is more perplexed by each token.",
        hint="The logarithm of the perplexity to the base 2, over the bytes of a token.",
        mistakes=[
            (lambda: _bits(12, 3.9), "that is A's; B needs less"),
            (lambda: np.log(18) / 4.8, "those are nats per byte"),
            (lambda: np.log2(18) * 4.8, "a token has 4.8 bytes: divide"),
        ],
    ),
    Exercise(
        key="sequences.devices",
        kind="number",
        answer=lambda: np.exp((2.0 * 500 + 3.0 * 300 + 5.0 * 200) / 1000),
        nearest=0.1,
        right="2.9 nats a token over all thousand.",
        hint="Add up the nats of all tokens, divide once, then exponentiate.",
        mistakes=[
            (lambda: np.exp(10 / 3), "the devices have different numbers of tokens"),
            (
                lambda: (np.exp(2) * 500 + np.exp(3) * 300 + np.exp(5) * 200) / 1000,
                "average the nats, not the perplexities",
            ),
            (lambda: 2.9, "that is the loss; the perplexity is its exponential"),
        ],
    ),
    Exercise(
        key="sequences.silence",
        kind="number",
        answer=lambda: np.sqrt(0.5),
        nearest=0.001,
        right="between 0.5 and 0.707 the blank is ahead at each step and the letter is what is said.",
        hint="Nothing has the probability b squared; the letter has the rest.",
        mistakes=[
            (lambda: 0.5, "there the blank gets ahead at each step; the letter still has 0.75"),
            (lambda: 2 / 3, "square it: nothing must have more than one half"),
        ],
    ),
    Exercise(
        key="sequences.gradient",
        kind="number",
        answer=lambda: losses.CTC().gradient([1], TWO)[0, 1],
        nearest=0.001,
        right="of all that says the letter, 0.625 says it at the first step.",
        hint="The forecast 0.4, less the share of a – and a a in the three paths a –, a a and – a.",
        mistakes=[
            (lambda: 0.4 - 0.4, "divide by the probability of the target, 0.64"),
            (lambda: -losses.CTC().gradient([1], TWO)[0, 1], "forecast minus share"),
            (lambda: 0.4 - 1, "that is for a label at this step; it may be at the second"),
            (lambda: 0.4 - 2 / 3, "the paths are not equally likely"),
        ],
    ),
    Exercise(
        key="sequences.square",
        kind="number",
        answer=lambda: 4,
        right="the gradient of the soft part falls as one over T squared.",
        hint="How does the gradient of the divergence depend on T where T is large?",
        mistakes=[
            (
                lambda: 2,
                "one factor comes from dividing the logits; where does the other come from?",
            ),
            (lambda: 0.25, "the teacher has got weaker: raise its share"),
            (lambda: 1, "without the square the pull of the teacher depends on T"),
        ],
    ),
    Exercise(
        key="sequences.empty",
        kind="choice",
        answer=lambda: "b",
        choices={
            "a": "larger batches generalize worse",
            "b": "a mean over places",
            "c": "harder validation data",
            "d": "the mask upside down",
        },
        right="the longest of more sentences is longer, and more of the places are empty; the "
        "loss per token, on validation data, hardly changes.",
        hint="Compare the last column with the one before.",
        mistakes=[
            (lambda: "a", "then the last column would get worse; it hardly changes"),
            (lambda: "c", "the first row has the same validation data, and hardly a gap"),
            (
                lambda: "d",
                "with only the padding counted, the first row, which has none, would be 0",
            ),
        ],
    ),
    Exercise(
        key="sequences.quiet",
        kind="choice",
        answer=lambda: "a",
        choices={
            "a": "train on",
            "b": "zero_infinity",
            "c": "the index of the blank",
            "d": "a weight on the blank",
        },
        right="the loss falls, nothing is infinite, and eight samples can be learned.",
        hint="What would the last two columns show if lengths or labels were wrong?",
        mistakes=[
            (lambda: "b", "no loss is infinite: it would change nothing"),
            (lambda: "c", "then the eight samples could not be read right"),
            (
                lambda: "d",
                "the blank is right at most steps; the letters need to be found, and that takes time",
            ),
        ],
    ),
    Exercise(
        key="sequences.proof",
        kind="choice",
        answer=lambda: "c",
        choices={
            "a": "the cost is a sum over tokens",
            "b": "the perplexity is of the mean",
            "c": "a lower perplexity is a lower sum",
            "d": "a lower sum is a higher probability",
        },
        right="each mean is multiplied by a number of tokens of its own; per byte the step holds.",
        hint="By what do you multiply the logarithm of the perplexity to get the sum?",
        mistakes=[
            (lambda: "a", "that is the chain rule, and exact"),
            (lambda: "b", "that is its definition"),
            (lambda: "d", "minus the logarithm falls as the probability rises"),
        ],
    ),
    Exercise(
        key="sequences.forward",
        kind="function",
        answer=_ctc,
        inputs=[
            (np.tile([0.5, 0.3, 0.2], (3, 1)), [1, 2]),
            (np.tile([0.5, 0.3, 0.2], (2, 1)), [1, 1]),
            (_drawn(6, 4, 0), [3, 3, 1]),
            (_drawn(5, 3, 1), []),
            (_drawn(2000, 3, 2), [1, 2] * 20),
        ],
        right="a sum over more paths than there are atoms, in T times 2 S + 1 steps.",
        hint="Keep logarithms, and let infinity come by itself.",
        mistakes=[
            (_without_skip, "between two letters that differ the blank may be skipped"),
            (_with_every_skip, "between two equal letters the blank must not be skipped"),
            (
                _of_products,
                "right where there are few steps; of 2,000 the products are 0 in double precision",
            ),
            (lambda p, target: np.exp(-_ctc(p, target)), "the loss, not the probability"),
            (lambda p, target: _ctc(p, target) / len(p), "one loss a sequence, not a step"),
        ],
    ),
    Exercise(
        key="sequences.bits",
        kind="function",
        answer=_bits_per_byte,
        inputs=[
            (
                [np.array([1.0, 2.0, 0.5]), np.array([3.0, 9.0])],
                [np.array([True, True, True]), np.array([True, False])],
                ["abcd", "é"],
            ),
            ([np.array([np.nan, 0.7])], [np.array([False, True])], ["naïve"]),
        ],
        right="sums first, one division, and bytes of UTF-8.",
        hint="Choose with the mask, add up over all documents, divide by log 2 and by the bytes.",
        mistakes=[
            (
                lambda nats, keep, texts: _bits_per_byte(nats, keep, texts) * np.log(2),
                "those are nats per byte",
            ),
            (
                lambda nats, keep, texts: np.mean(
                    [
                        _bits_per_byte([n], [k], [t])
                        for n, k, t in zip(nats, keep, texts, strict=True)
                    ]
                ),
                "add up over all documents before you divide",
            ),
            (
                lambda nats, keep, texts: (
                    _bits_per_byte(nats, keep, texts)
                    * sum(len(t.encode()) for t in texts)
                    / sum(map(len, texts))
                ),
                "bytes, not characters: an é is two",
            ),
            (
                _with_products_of_the_mask,
                "a NaN times False is NaN: choose the tokens with the mask",
            ),
        ],
    ),
]
