"""The decision guide: questions, answers, and what each path of answers leads to: a loss with the reason, or a
section of the book, where more than one prediction is compared at a time.

The reasons are not only words: each piece of advice claims facts of the losses that it recommends, and a
test compares them with the losses, and the words of the reason with the claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from live_figures.html import inline

from lossbook import losses

from . import calls, disclosures
from .cards import answers as lines_of
from .disclosures import Answer, Question
from .sections import MORE, ORDERED, Section
from .style import hue

__all__ = ["GUIDE", "Advice", "Rival", "holds", "paths", "show"]


@dataclass(frozen=True)
class Rival:
    """A loss that the reader might have thought of, and what speaks against it.

    Parameters
    ----------
    loss : Loss
        The loss that is not recommended.
    claims : dict of str to object
        The facts that speak against it: the name of a fact, and what it is; a callable judges the
        value.
    words : str
        The same in words.

    Examples
    --------
    >>> rival = Rival(losses.MeanAbsoluteError(), {"smooth": False}, "It has a kink.")
    >>> holds(rival.claims, rival.loss)
    True
    """

    loss: losses.Loss
    claims: Mapping[str, Any]
    words: str


@dataclass(frozen=True)
class Advice:
    """The end of a path: what to use, and why.

    Parameters
    ----------
    losses : tuple of Loss
        What to use, the first choice first.
    reason : str
        Why.
    watch : str
        What it costs, or how it fails.
    claims : dict of str to object
        The facts that the reason claims of every loss recommended: the name of a fact, and what it
        is; a callable judges the value.
    because : tuple of str
        The lines of the card that are shown as evidence.
    passage : str
        Where the book treats it: the page, "#" and the label or the heading's part of the address.
    rival : Rival, optional
        Another loss that the reader might have thought of.

    Examples
    --------
    >>> advice = dict((path[-1].key, advice) for path, advice in paths())["median"]
    >>> advice.losses, advice.passage
    ((MeanAbsoluteError(),), 'fundamentals#the-best-constant')
    """

    losses: tuple[losses.Loss, ...]
    reason: str
    watch: str
    claims: Mapping[str, Any]
    because: tuple[str, ...]
    passage: str
    rival: Rival | None = None


def _finite(value: float) -> bool:
    """A claim: the value is finite."""
    return value < float("inf")


def _infinite(value: float) -> bool:
    """A claim: the value is infinite."""
    return value == float("inf")


NUMBER = Question(
    "Suppose you knew all the values that could come true. Which one number would you want to be told?",
    (
        Answer(
            "mean",
            "The mean: totals have to come out right",
            Question(
                "Are there targets that you would not sign for?",
                (
                    Answer(
                        "clean",
                        "No; large errors are real, and they hurt",
                        Advice(
                            (losses.MeanSquaredError(),),
                            "Its best constant is the mean, and its gradient grows with the error, "
                            "so the worst cases are served first. "
                            "It is strictly convex and smooth, and a line's fit is one linear system.",
                            "One wrong target can own the whole fit. Look at the largest residuals before "
                            "you believe the line.",
                            {
                                "best_constant": "mean",
                                "strictly_convex": True,
                                "convex": True,
                                "smooth": True,
                                "lipschitz": _infinite,
                            },
                            ("Best constant", "Noise model", "Slope"),
                            "mse#which-constant-minimizes-it",
                        ),
                    ),
                    Answer(
                        "outliers",
                        "A few may be wrong",
                        Advice(
                            (losses.Huber(delta=1.0), losses.LogCosh()),
                            "No single target pulls harder than a fixed force, "
                            "and the loss is still convex and smooth: a linear model has one valley.",
                            "Set δ in the unit of your target, at the size of an ordinary error. "
                            "On skewed data the answer is not the mean, so totals come out wrong.",
                            {"convex": True, "smooth": True, "lipschitz": _finite},
                            ("Best constant", "Slope", "Convex"),
                            "mse#the-rivals",
                            Rival(
                                losses.MeanAbsoluteError(),
                                {"smooth": False},
                                "The absolute error limits the pull as well, but it is not smooth, and "
                                "what it finds is the median.",
                            ),
                        ),
                    ),
                    Answer(
                        "gross",
                        "Many are hopeless, and should not count at all",
                        Advice(
                            (losses.Tukey(scale=4.685),),
                            "It is bounded: from some size on, an error costs no more and pulls no more.",
                            "It is not convex, so the answer depends on where the search starts. Start from "
                            "several places and keep the lowest loss: a fit of the absolute error is a "
                            "good start only while no wrong target sits at an unusual input. "
                            "Put the scale c in units of your spread.",
                            {"bounded": True, "convex": False, "lipschitz": _finite},
                            ("Bounded", "Convex", "Slope"),
                            "challenges#deaf-and-lost-in-the-valley",
                        ),
                    ),
                ),
            ),
        ),
        Answer(
            "median",
            "The middle: as often too high as too low",
            Advice(
                (losses.MeanAbsoluteError(),),
                "Its best constant is the median, and each error counts by its size.",
                "It is not smooth: gradient descent with a fixed step trembles at the kink, so let the "
                "step shrink. The median of a sum is not the sum of the medians.",
                {"best_constant": "median", "smooth": False, "lipschitz": _finite},
                ("Best constant", "Noise model", "Smooth"),
                "fundamentals#the-best-constant",
            ),
        ),
        Answer(
            "level",
            "A level to be prepared for: one side costs more",
            Advice(
                (losses.Pinball(quantile=0.9),),
                "Its best constant is a quantile. If a unit too little costs $a$ and a unit too much "
                "costs $b$, ask for the quantile $a / (a + b)$.",
                "It needs enough data beyond the level to see it: for the quantile 0.99, "
                "one target in a hundred.",
                {"best_constant": "quantile", "convex": True, "lipschitz": _finite},
                ("Best constant", "Noise model", "Slope"),
                "custom_losses#from-a-price-to-a-loss",
                Rival(
                    losses.Expectile(expectile=0.9),
                    {"best_constant": "expectile", "lipschitz": _infinite},
                    "The expectile loss is lopsided too, but its best constant is an expectile, which "
                    "answers no prices by the unit and follows outliers.",
                ),
            ),
        ),
        Answer(
            "ratio",
            "One that is off by a small factor: 10 % is 10 %, of 500 or of 50,000",
            Advice(
                (losses.MeanSquaredLogarithmicError(),),
                "Far above 1 it measures ratios: there twice too much costs about what half costs. "
                "Its best constant is a geometric mean.",
                "Near 1 and below, the 1 in $\\log(1 + y)$ takes over, and it measures differences: the "
                "unit of the target decides. A geometric mean lies below the mean, so totals come out "
                "too low. It is not convex, and no target or prediction may be −1 or less.",
                {
                    "best_constant": "geometric mean of 1 + y, less 1",
                    "convex": False,
                    "symmetric": False,
                },
                ("Best constant", "Noise model", "Symmetric"),
                "challenges#a-target-that-was-transformed",
                Rival(
                    losses.MeanAbsolutePercentageError(),
                    {
                        "best_constant": "median of the targets, each weighted by 1 / |y|",
                        "lipschitz": _infinite,
                        "symmetric": True,
                    },
                    "The absolute percentage error is what many report. A target of 0 has none, and one "
                    "near 0 owns the mean; a forecast of 0 costs 1 and one too high has no limit, so that "
                    "its best constant is low, a median in which small targets count more.",
                ),
            ),
        ),
        Answer(
            "tolerance",
            "Any within a tolerance: closer than that is worth nothing",
            Advice(
                (losses.EpsilonInsensitive(epsilon=0.1),),
                "Errors inside the tube are free, so that the fit rests on the samples at its edge and outside.",
                "Its best constant need not be unique, and it is not strictly convex: within the tolerance "
                "it has no opinion.",
                {"strictly_convex": False, "lipschitz": _finite},
                ("Best constant", "Smooth", "Slope"),
                "catalog_regression#catalog-epsilon-insensitive",
            ),
        ),
        Answer(
            "spread",
            "A number, and how far it may be off",
            Advice(
                (losses.GaussianNLL(),),
                "It predicts a mean and a variance for each sample, and pays for both.",
                "It is not convex, and a sample whose error goes to zero drives its variance there as well: "
                "put a floor under it.",
                {"best_constant": "mean and variance", "convex": False},
                ("Best constant", "Noise model", "Convex"),
                "fundamentals#less-than-nothing",
                Rival(
                    losses.Pinball(quantile=0.05),
                    {"best_constant": "quantile"},
                    "Two quantiles, say 0.05 and 0.95, give an interval without a belief in bells.",
                ),
            ),
        ),
    ),
)

TWO = Question(
    "What will be done with the answer?",
    (
        Answer(
            "probability",
            "Somebody needs a probability",
            Question(
                "What may one case cost, when the model was sure and wrong?",
                (
                    Answer(
                        "any",
                        "As much as it takes: nobody may be certain and wrong",
                        Advice(
                            (losses.BinaryCrossEntropy(from_logits=True), losses.Logistic()),
                            "It is strictly proper: the cheapest forecast is the true probability, and no other. "
                            "In the logit it is convex, and its gradient, $p - y$, never dies where the "
                            "model is wrong.",
                            "On separable data the weights grow forever: add a penalty, or stop early. "
                            "Give it logits, once.",
                            {
                                "strictly_proper": True,
                                "convex": True,
                                "classification_calibrated": True,
                            },
                            ("Best constant", "Noise model", "Proper"),
                            "cross_entropy#what-does-the-gradient-say",
                        ),
                    ),
                    Answer(
                        "limit",
                        "Never more than a fixed price: some labels are wrong",
                        Advice(
                            (losses.Brier(),),
                            "It is strictly proper as well, and bounded: a wrong label costs 1 at the most.",
                            "After a sigmoid its gradient vanishes where the model is sure and wrong, "
                            "so a bad start stays bad.",
                            {"strictly_proper": True, "bounded": True},
                            ("Best constant", "Proper", "Bounded"),
                            "cross_entropy#which-constant-minimizes-it",
                        ),
                    ),
                ),
            ),
        ),
        Answer(
            "decision",
            "A decision, and both mistakes cost the same",
            Advice(
                (losses.Hinge(),),
                "It is classification-calibrated: with enough data, and a model that can follow them, the sign "
                "of the score is the best decision. Samples beyond the margin cost nothing, and the others "
                "pull with a limited force.",
                "It is not proper: its best score tells the likelier class and no probability. "
                "The squared and the smoothed hinge keep the probability in the score.",
                {
                    "classification_calibrated": True,
                    "proper": False,
                    "lipschitz": _finite,
                    "convex": True,
                },
                ("Best constant", "Slope", "Classification-calibrated"),
                "hinge#which-constant-and-why-a-score-is-no-probability",
                Rival(
                    losses.Perceptron(),
                    {"classification_calibrated": False},
                    "The perceptron loss is not classification-calibrated: the score zero for everything "
                    "costs nothing.",
                ),
            ),
        ),
        Answer(
            "costs",
            "A decision, and one mistake is costlier than the other",
            Advice(
                (losses.BinaryCrossEntropy(from_logits=True),),
                "Get the probability first, from a strictly proper loss; then put the price into the threshold. "
                "Where a false alarm costs $a$ and a miss $b$, raise the alarm from $a / (a + b)$ on.",
                "A weight in the loss comes to the same end by multiplying the odds. What the model then says is "
                "no probability until the odds are divided by the weight; do that, or move the threshold, "
                "when the price changes.",
                {"strictly_proper": True},
                ("Best constant", "Noise model", "Proper"),
                "custom_losses#when-not-to-write-one",
            ),
        ),
        Answer(
            "rare",
            "Easy cases swamp the few that matter",
            Advice(
                (losses.Focal(gamma=2.0, from_logits=True),),
                "It turns the easy cases down, and is classification-calibrated: the decision at one half stays right.",
                "It is not proper: what it answers is not the probability. "
                "Try plain cross-entropy with another threshold first; it is often enough.",
                {"proper": False, "classification_calibrated": True},
                ("Proper", "Classification-calibrated"),
                "cross_entropy#bending-the-loss",
            ),
        ),
    ),
)

LABELS = Advice(
    (losses.BinaryCrossEntropy(from_logits=True),),
    "Each label is a question of its own, with one logit, one sigmoid and one binary cross-entropy. "
    "It is strictly proper, so each output is the probability of its label; together they need not sum to 1. "
    "For targets of the shape $(N, K)$ the mean is taken over all $N K$ of them, here as in PyTorch and Keras.",
    "With $K$ labels in the mean, the pull on a sample is $K$ times weaker than with the sum over its labels: "
    "mind it when you compare learning rates or mix losses. One half is the threshold only of labels whose two "
    "mistakes cost the same; find the others from prices or on held-out data.",
    {"strictly_proper": True, "classification_calibrated": True},
    ("Best constant", "Noise model", "Proper"),
    "cross_entropy#several-labels",
    Rival(
        losses.CrossEntropy(from_logits=True),
        {"best_constant": "log of the class shares"},
        "The cross-entropy of a softmax makes the labels compete: where two are true, they cannot both have "
        "more than one half.",
    ),
)

SEVERAL = Question(
    "What does the target look like?",
    (
        Answer(
            "class",
            "One class for each sample",
            Advice(
                (losses.CrossEntropy(from_logits=True),),
                "It is strictly proper and classification-calibrated: the best answer is the true share of each "
                "class, and the largest of them is the best decision.",
                "Give it logits, and no softmax before them. Before training it should cost about $\\log K$.",
                {"strictly_proper": True, "classification_calibrated": True, "convex": True},
                ("Best constant", "Noise model", "Proper"),
                "cross_entropy#what-it-is",
                Rival(
                    losses.MulticlassHinge(),
                    {"classification_calibrated": False, "proper": False},
                    "The multiclass hinge loss is not classification-calibrated: where no class has more than "
                    "half, it may be content with a tie.",
                ),
            ),
        ),
        Answer(
            "shares",
            "A distribution: raters who disagree, or a teacher's output",
            Advice(
                (losses.KLDivergence(), losses.CrossEntropy()),
                "It is strictly proper, and zero where the forecast is the target; the cross-entropy has the same "
                "gradient and stops at the entropy of the target.",
                "Mind the order of the arguments, and what the mean divides by: libraries differ in both.",
                {"strictly_proper": True, "best_constant": "class shares"},
                ("Best constant", "Proper", "Bounded"),
                "cross_entropy#the-target-is-a-whole-distribution-which-loss",
            ),
        ),
        Answer("labels", "A row of zeros and ones, in which several may be 1", LABELS),
        Answer(
            "ordered",
            "One of several classes that have an order: stars, grades",
            ORDERED,
        ),
    ),
)

#: the first question, from which all paths lead
GUIDE = Question(
    "What do you predict?",
    (
        Answer("number", "A number", NUMBER),
        Answer(
            "count",
            "A count: how many times something happens",
            Advice(
                (losses.PoissonNLL(),),
                "Its noise is Poisson: the variance grows with the mean, so ten too many of a thousand "
                "weigh less than ten too many of twelve. It is convex in the log of the rate.",
                "Real counts often vary more than Poisson's. The prediction is still the mean, but do not "
                "trust the error bars.",
                {"noise": lambda noise: noise.name == "Poisson", "convex": True},
                ("Best constant", "Noise model", "Convex"),
                "fundamentals#where-losses-come-from",
            ),
        ),
        Answer("two", "One of two classes", TWO),
        Answer("several", "One of several classes", SEVERAL),
        Answer("labels", "Several labels at once, each of which may be true or not", LABELS),
        Answer(
            "more",
            "More: several numbers, masks, boxes, times, amounts, embeddings, rankings, sequences",
            MORE,
        ),
    ),
)


def paths(
    question: Question = GUIDE,
) -> Iterator[tuple[tuple[Answer, ...], Advice | Section]]:
    """Walk every path of answers through the guide.

    Parameters
    ----------
    question : Question, optional
        Where the paths begin; at the first question by default.

    Returns
    -------
    iterator of (tuple of Answer, Advice or Section)
        The answers of each path, and what stands at its end.

    Examples
    --------
    >>> [path[-1].key for path, advice in paths(SEVERAL)]
    ['class', 'shares', 'labels', 'ordered']
    """
    return disclosures.paths(question)


def holds(claims: Mapping[str, Any], loss: losses.Loss) -> bool:
    """Whether the facts of a loss are what is claimed.

    Parameters
    ----------
    claims : dict of str to object
        The name of a fact, and what it is; a callable judges the value.
    loss : Loss
        The loss with its hyperparameters.

    Returns
    -------
    bool
        True if every claim holds.

    Examples
    --------
    >>> holds({"convex": True, "smooth": False}, losses.Huber(delta=1.0))
    False
    """
    facts = loss.facts
    return all(
        want(getattr(facts, name)) if callable(want) else getattr(facts, name) == want
        for name, want in claims.items()
    )


def show() -> None:
    """Show the guide: a tree of answers that open at a click or at Enter.

    Examples
    --------
    >>> show()
    <IPython.core.display.HTML object>
    """
    from IPython.display import HTML, display

    display(HTML(disclosures.tree(GUIDE, "guide", _end)))


def _end(end: Advice | Section, name: str) -> str:
    """The end of a path: first the lines of the reader's framework, then this book's name, reasons and evidence."""
    return _section(end) if isinstance(end, Section) else _advice(end)


def _section(section: Section) -> str:
    lines = calls.listed(section.lines) if section.lines else ""
    here = ", or ".join(map(_link, section.losses))
    here = f'<p class="guide-here">In this book {here}</p>' if here else ""
    return (
        f'<div class="guide-advice lb-ink"><p class="guide-loss"><b>{inline(section.name)}</b></p>{lines}{here}'
        f'<p>{inline(section.words)}</p><p class="guide-more">{disclosures.link(section.passage)}</p></div>'
    )


def _advice(advice: Advice) -> str:
    first = advice.losses[0]
    lines = lines_of(first)
    evidence = "".join(
        f"<dt>{escape(line)}</dt><dd>{inline(lines[line])}</dd>" for line in advice.because
    )
    others = "".join(f", or {_link(loss)}" for loss in advice.losses[1:])
    rival = f'<p class="guide-rival">{inline(advice.rival.words)}</p>' if advice.rival else ""
    return (
        f'<div class="guide-advice lb-{hue(first)}"><p class="guide-loss"><b>{escape(first.facts.name)}</b></p>'
        f"{calls.listed(calls.in_frameworks(first))}"
        f'<p class="guide-here">In this book {_link(first)}{others}</p><p>{inline(advice.reason)}</p>'
        f"<dl>{evidence}</dl><p><strong>Watch out.</strong> {inline(advice.watch)}</p>{rival}"
        f'<p class="guide-more">{disclosures.link(advice.passage)}</p></div>'
    )


def _link(loss: losses.AnyLoss) -> str:
    """The code that makes the loss, with a link to its row in the table of all cards."""
    return f'<a href="#card-{type(loss).__name__}"><code>{escape(repr(loss))}</code></a>'
