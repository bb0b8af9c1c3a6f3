"""What is said of the losses of K classes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from .entry import Entry, Peer, by_flag, unsmoothed
from .facts import Noise

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="classification",
    symmetric=None,
)

_Said = Callable[[Any], Any]
_by_scale = partial(by_flag, "from_logits")
_SMOOTHED = r", \quad y'_k = (1 - \alpha) y_k + \frac{\alpha}{K}"


def _or_none(said: _Said) -> _Said:
    """What is said of unsmoothed labels only."""
    return lambda loss: said(loss) if unsmoothed(loss) else None


def _cross_entropy(loss: Any) -> str:
    if not loss.from_logits:
        text = r"-\sum_k y_k \log \hat y_k"
    elif unsmoothed(loss):
        return r"\log \sum_k e^{\hat y_k} - \hat y_y"
    else:
        text = r"\log \sum_k e^{\hat y_k} - \sum_k y_k \hat y_k"
    return _smoothed(loss, text)


def _cross_entropy_slope(loss: Any) -> str:
    logits = r"\frac{e^{\hat y_k}}{\sum_j e^{\hat y_j}} - y_k"
    return _smoothed(loss, logits if loss.from_logits else r"-\frac{y_k}{\hat y_k}")


def _smoothed(loss: Any, text: str) -> str:
    """The formula with the label that the loss makes of the one given."""
    if unsmoothed(loss):
        return text
    return re.sub(r"(?<!\\hat )y_k", "y'_k", text) + _SMOOTHED


#: by the name of the class
ENTRIES = {
    "CrossEntropy": _entry(
        name=_by_scale("Cross-entropy", "Cross-entropy of logits"),
        formula=_cross_entropy,
        gradient=_cross_entropy_slope,
        best_constant=_or_none(_by_scale("class shares", "log of the class shares")),
        noise=_or_none(lambda loss: Noise(name="Categorical")),
        convex=True,
        strictly_convex=lambda loss: not loss.from_logits and not unsmoothed(loss),
        smooth=True,
        gradient_lipschitz=_by_scale(math.inf, 0.5),
        lipschitz=lambda loss: (
            math.inf if not loss.from_logits else math.sqrt(2.0) if unsmoothed(loss) else None
        ),
        bounded=False,
        strictly_proper=unsmoothed,
        proper=unsmoothed,
        classification_calibrated=True,
        link=_by_scale(None, "multinomial logit"),
        reference="good1952",
        use="Several classes, of which one is true, and you want their probabilities.",
        avoid="Several labels can be true at once: then it is a binary cross-entropy for each.",
        claim="The pull on the true class is its missing probability: one less what it was given.",
        peers=(
            Peer(
                "PyTorch",
                "CrossEntropyLoss",
                {"label_smoothing": 0.0, "reduction": "mean"},
                "From logits; a softmax before it keeps the loss above 1.46 with ten classes. The target is class "
                "indices, as `int64` and without the axis of the classes, or probabilities (one-hot rows too), as "
                "floats of the logits' shape; `weight` has $K$ entries, and the mean divides by the sum of the "
                "samples' weights for indices, by $N$ for probabilities. `ignore_index` ($-100$) leaves a place "
                "out of sum and count.",
            ),
            Peer(
                "Keras",
                "CategoricalCrossentropy",
                {"from_logits": False, "label_smoothing": 0.0},
                "One-hot targets; `SparseCategoricalCrossentropy`: indices, with `ignore_class`. Clips "
                "probabilities at $10^{-7}$.",
            ),
            Peer(
                "optax",
                "softmax_cross_entropy_with_integer_labels",
                {},
                "From logits and indices, one loss a sample; `softmax_cross_entropy` takes rows of probabilities. "
                "Neither takes weights.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.metrics.log_loss",
                {"normalize": True},
                "Clips, as for two classes.",
            ),
        ),
    ),
    "KLDivergence": _entry(
        name="Kullback-Leibler divergence",
        formula=r"\sum_k y_k \log \frac{y_k}{\hat y_k}",
        gradient=r"-\frac{y_k}{\hat y_k}",
        best_constant="class shares",
        noise=None,
        convex=True,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=math.inf,
        lipschitz=math.inf,
        bounded=False,
        strictly_proper=True,
        proper=True,
        classification_calibrated=True,
        link=None,
        reference="kullbackleibler1951",
        use="The target is a distribution, from a teacher {cite}`hinton2015` or from several annotators.",
        avoid="The target is one class: then it equals the cross-entropy.",
        claim="Zero where the forecast equals the truth, infinite where it excludes what can happen.",
        peers=(
            Peer(
                "PyTorch",
                "KLDivLoss",
                {"reduction": "mean", "log_target": False},
                "Takes log-probabilities, in the order (model, data); given probabilities, it is negative. "
                '`"mean"` divides by $K$ too: use `"batchmean"`.',
            ),
            Peer(
                "Keras",
                "KLDivergence",
                {},
                "Probabilities on both sides, the target first; clips both at $10^{-7}$: never infinite.",
            ),
            Peer(
                "optax",
                "kl_divergence",
                {},
                "Takes log-probabilities, in the order (model, data); given probabilities, it is negative.",
            ),
        ),
    ),
    "MulticlassHinge": _entry(
        name="Multiclass hinge loss (Crammer-Singer)",
        formula=r"\max\bigl(0, 1 + \max_{k \ne y} \hat y_k - \hat y_y\bigr)",
        gradient=r"\begin{cases} [k = \arg\max_{j \ne y} \hat y_j] - [k = y]"
        r" & 1 + \max_{j \ne y} \hat y_j > \hat y_y \\ 0 & \text{else} \end{cases}",
        best_constant=None,
        noise=None,
        convex=True,
        strictly_convex=False,
        smooth=False,
        gradient_lipschitz=math.inf,
        lipschitz=math.sqrt(2.0),
        bounded=False,
        strictly_proper=False,
        proper=False,
        classification_calibrated=False,
        link=None,
        reference="crammersinger2001",
        use="Several classes, and a decision is all that is wanted.",
        avoid="No class has a majority: it is content with equal scores, and names nobody.",
        claim="Only the best rival is heard, and only while the lead is less than 1.",
        peers=(
            Peer(
                "Keras",
                "CategoricalHinge",
                {},
                "One-hot targets. Another loss where all rivals have scores below 0: among them it counts a 0. "
                "The scores $(-3, -5, -6)$, the first true, have the lead 2 and cost 4 there, 0 here.",
            ),
            Peer(
                "optax",
                "multiclass_hinge_loss",
                {},
                "One loss a sample; a class index out of range is not checked.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.metrics.hinge_loss",
                {},
                "For several classes this loss, from decision values.",
            ),
        ),
    ),
    "WestonWatkins": _entry(
        name="Multiclass hinge loss (Weston-Watkins)",
        formula=r"\sum_{k \ne y} \max(0, 1 + \hat y_k - \hat y_y)",
        gradient=r"\begin{cases} [1 + \hat y_k > \hat y_y] & k \ne y \\"
        r" -\sum_{j \ne y} [1 + \hat y_j > \hat y_y] & k = y \end{cases}",
        best_constant=None,
        noise=None,
        convex=True,
        strictly_convex=False,
        smooth=False,
        gradient_lipschitz=math.inf,
        lipschitz=None,
        bounded=False,
        strictly_proper=False,
        proper=False,
        classification_calibrated=False,
        link=None,
        reference="westonwatkins1999",
        use="Several classes, and every rival within the margin should be pushed away.",
        avoid="You need the best decision: two leaders of unequal probability can be tied.",
        claim="Each rival within the margin adds a pull of its own.",
        peers=(
            Peer(
                "PyTorch",
                "MultiMarginLoss",
                {"p": 1, "margin": 1.0},
                "This loss divided by the number of classes.",
            ),
        ),
    ),
}
