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


def _weights(loss: Any) -> tuple[float, ...]:
    """The weights of the classes, or 1 for all of them."""
    return loss.class_weight or (1.0,)


def _alike(loss: Any) -> bool:
    return len(set(_weights(loss))) == 1


def _as_given(loss: Any) -> bool:
    """Whether labels and classes are taken as they are."""
    return unsmoothed(loss) and _alike(loss)


def _shares(loss: Any) -> str | None:
    if not unsmoothed(loss):
        return None
    shares = "class shares" if _alike(loss) else "weighted class shares"
    return f"log of the {shares}" if loss.from_logits else shares


def _total(loss: Any) -> float:
    """The most that a label gives to all classes."""
    weights, alpha = _weights(loss), loss.label_smoothing
    return (1.0 - alpha) * max(weights) + alpha * sum(weights) / len(weights)


def _cross_entropy(loss: Any) -> str:
    if loss.class_weight is not None:
        text = _weighted(loss, r"w_y \left(\log \sum_k e^{\hat y_k} - \hat y_y\right)")
    elif not loss.from_logits:
        text = r"-\sum_k y_k \log \hat y_k"
    elif unsmoothed(loss):
        return r"\log \sum_k e^{\hat y_k} - \hat y_y"
    else:
        text = r"\log \sum_k e^{\hat y_k} - \sum_k y_k \hat y_k"
    return _smoothed(loss, text)


def _weighted(loss: Any, hard: str) -> str:
    if not loss.from_logits:
        return r"-\sum_k w_k y_k \log \hat y_k"
    soft = r"\sum_k w_k y_k \left(\log \sum_j e^{\hat y_j} - \hat y_k\right)"
    return hard if unsmoothed(loss) else soft


def _cross_entropy_slope(loss: Any) -> str:
    chance = r"\frac{e^{\hat y_k}}{\sum_j e^{\hat y_j}}"
    if loss.class_weight is None:
        return _smoothed(loss, f"{chance} - y_k" if loss.from_logits else r"-\frac{y_k}{\hat y_k}")
    if not loss.from_logits:
        text = r"-\frac{w_k y_k}{\hat y_k}"
    elif unsmoothed(loss):
        text = rf"w_y \left({chance} - y_k\right)"
    else:
        text = rf"\left(\sum_j w_j y_j\right) {chance} - w_k y_k"
    return _smoothed(loss, text)


def _smoothed(loss: Any, text: str) -> str:
    """The formula with the label that the loss makes of the one given."""
    if unsmoothed(loss):
        return text
    return re.sub(r"(?<!\\hat )y_([jk])", r"y'_\1", text) + _SMOOTHED


#: the probabilities of a teacher with the logits t, and of a student, over a temperature
_SOFT = (
    r", \quad p_k = \frac{e^{t_k / T}}{\sum_j e^{t_j / T}}"
    r", \quad q_k = \frac{e^{\hat y_k / T}}{\sum_j e^{\hat y_j / T}}"
)

#: by the name of the class
ENTRIES = {
    "CrossEntropy": _entry(
        name=_by_scale("Cross-entropy", "Cross-entropy of logits"),
        formula=_cross_entropy,
        gradient=_cross_entropy_slope,
        best_constant=_shares,
        noise=lambda loss: (
            Noise(name="Categorical") if unsmoothed(loss) and set(_weights(loss)) == {1.0} else None
        ),
        convex=True,
        strictly_convex=lambda loss: (
            not loss.from_logits and not unsmoothed(loss) and min(_weights(loss)) > 0.0
        ),
        smooth=True,
        gradient_lipschitz=lambda loss: 0.5 * _total(loss) if loss.from_logits else math.inf,
        lipschitz=lambda loss: (
            math.inf
            if not loss.from_logits
            else math.sqrt(2.0) * max(_weights(loss))
            if unsmoothed(loss)
            else None
        ),
        bounded=False,
        strictly_proper=_as_given,
        proper=_as_given,
        classification_calibrated=_alike,
        link=_by_scale(None, "multinomial logit"),
        reference="good1952",
        use="Several classes, of which one is true, and you want their probabilities.",
        avoid="Several labels can be true at once: then it is a binary cross-entropy for each. With unequal "
        "`class_weight` its answers are no chances: a class that counts twice is given twice the odds.",
        claim="The pull on the true class is its missing probability: one less what it was given.",
        peers=(
            Peer(
                "PyTorch",
                "CrossEntropyLoss",
                {"label_smoothing": 0.0, "reduction": "mean"},
                "From logits; a softmax before it keeps the loss above 1.46 with ten classes. The target is class "
                "indices, as `int64` and without the axis of the classes, or probabilities (one-hot rows too), as "
                "floats of the logits' shape. `weight` is our `class_weight`: the mean divides by the sum of the "
                "samples' weights for indices, by $N$ for probabilities. `ignore_index` is $-100$ where ours is "
                "none; nothing left is NaN there, and an error here.",
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
                "Neither takes weights, nor an index to ignore.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.metrics.log_loss",
                {"normalize": True},
                "Clips, as for two classes.",
            ),
        ),
    ),
    "NLL": _entry(
        name="Negative log-likelihood (NLL)",
        formula=lambda loss: r"-\hat y_y" if loss.class_weight is None else r"-w_y \hat y_y",
        gradient=lambda loss: "-y_k" if loss.class_weight is None else "-w_y y_k",
        best_constant=lambda loss: (
            "log of the class shares" if _alike(loss) else "log of the weighted class shares"
        ),
        noise=lambda loss: Noise(name="Categorical") if set(_weights(loss)) == {1.0} else None,
        convex=True,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=0.0,
        lipschitz=lambda loss: max(_weights(loss)),
        bounded=False,
        strictly_proper=_alike,
        proper=_alike,
        classification_calibrated=_alike,
        link="log",
        reference="good1952",
        use="The model returns log-probabilities: of a mixture, of a sum over paths, of a `log_softmax`.",
        avoid="The model returns logits: then the cross-entropy of logits is this loss, and keeps more digits.",
        claim="A straight line in the log-probability: the pull is -1, whatever was said.",
        peers=(
            Peer(
                "PyTorch",
                "NLLLoss",
                {"ignore_index": -100, "reduction": "mean"},
                "The same, of any numbers: of logits, or of probabilities, it falls without end and says "
                "nothing. `weight` is our `class_weight`.",
            ),
        ),
    ),
    "Distillation": _entry(
        name="Distillation loss",
        formula=r"(1 - \alpha) \left(\log \sum_k e^{\hat y_k} - \hat y_y\right)"
        r" + \alpha T^2 \sum_k p_k \log \frac{p_k}{q_k}" + _SOFT,
        gradient=r"(1 - \alpha) \left(\frac{e^{\hat y_k}}{\sum_j e^{\hat y_j}} - y_k\right)"
        r" + \alpha T (q_k - p_k)" + _SOFT,
        best_constant=lambda loss: "log of the class shares" if loss.alpha == 0.0 else None,
        noise=None,
        convex=True,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=0.5,
        lipschitz=lambda loss: math.sqrt(2.0) * (1.0 - loss.alpha + loss.alpha * loss.temperature),
        bounded=False,
        strictly_proper=lambda loss: loss.alpha == 0.0,
        proper=lambda loss: loss.alpha == 0.0,
        classification_calibrated=lambda loss: loss.alpha == 0.0,
        link="multinomial logit",
        where=r"$\hat y$ are the logits of the student, $t$ those of the teacher",
        reference="hinton2015",
        use="A large model, or an ensemble, is to be replaced by a small one that learns from its answers "
        "too, wrong classes and all.",
        avoid="The teacher makes mistakes that the labels do not: they are learned with the rest.",
        claim="Lowest at the teacher's logit, 2, at each temperature; hot, it is nearly an eighth of the "
        "squared difference of the logits.",
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
