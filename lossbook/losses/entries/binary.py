"""What is said of the losses of labels 0 and 1."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from .entry import Entry, Peer, by_flag, unsmoothed
from .facts import Noise

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="binary classification",
    symmetric=None,
)

_Said = Callable[[Any], Any]
_by_scale = partial(by_flag, "from_logits")
_WITH_P = r", \quad p = \frac{1}{1 + e^{-\hat y}}"
_SMOOTHED = r", \quad y' = (1 - \alpha) y + \frac{\alpha}{2}"


def _cross_entropy(probability: str, logits: str, *weighted: str) -> _Said:
    """The formula; Y stands for the label, smoothed or not. With `pos_weight` there are others."""

    def said(loss: Any) -> str:
        forms = (probability, logits) if loss.pos_weight is None else weighted
        text = forms[loss.from_logits]
        return text.replace("Y", "y") if unsmoothed(loss) else text.replace("Y", "y'") + _SMOOTHED

    return said


def _odds(loss: Any) -> tuple[float, ...]:
    """How many times a label 1 counts: for each label, or for all."""
    weight = loss.pos_weight
    return weight if isinstance(weight, tuple) else (1.0 if weight is None else weight,)


def _even(loss: Any) -> bool:
    return set(_odds(loss)) == {1.0}


def _as_given(loss: Any) -> bool:
    """Whether labels and classes are taken as they are."""
    return unsmoothed(loss) and _even(loss)


def _bernoulli(loss: Any) -> Noise | None:
    link = "logit" if loss.from_logits else "identity"
    noise = Noise(name="Bernoulli", distribution="bernoulli", predicted="p", link=link)
    return noise if _as_given(loss) else None


def _mean(loss: Any) -> str:
    mean = "mean" if unsmoothed(loss) else "smoothed mean"
    mean = mean if _even(loss) else f"{mean} in which a 1 counts $w$ times"
    return f"log-odds of the {mean}" if loss.from_logits else mean


def _steepest(loss: Any) -> float:
    """The most that a label gives to one class."""
    return max(1.0, *_odds(loss)) * (1.0 - loss.label_smoothing / 2.0)


def _total(loss: Any) -> float:
    """The most that a label gives to both."""
    small = loss.label_smoothing / 2.0
    most = max(_odds(loss))
    return max(most * (1.0 - small) + small, most * small + 1.0 - small)


def _weighted(loss: Any, one: str, zero: str) -> str:
    """The cases of the labels 1 and 0, with the weights of their classes."""
    first, second = ("", "") if loss.alpha is None else (r"\alpha ", r"(1 - \alpha) ")
    if isinstance(loss.alpha, tuple):
        first, second = r"\alpha_1 ", r"\alpha_0 "
    text = (
        rf"\begin{{cases}} {one.replace('W', first)} & y = 1 \\"
        rf" {zero.replace('W', second)} & y = 0 \end{{cases}}"
    )
    return text.replace("P", "p") + _WITH_P if loss.from_logits else text.replace("P", r"\hat y")


def _focal(loss: Any) -> str:
    return _weighted(loss, r"-W(1 - P)^\gamma \log P", r"-WP^\gamma \log(1 - P)")


def _focal_slope(loss: Any) -> str:
    if loss.from_logits:
        one = r"W(1 - P)^\gamma (\gamma P \log P - 1 + P)"
        return _weighted(loss, one, r"WP^\gamma (P - \gamma (1 - P) \log(1 - P))")
    one = r"\gamma (1 - P)^{\gamma - 1} \log P - \frac{(1 - P)^\gamma}{P}"
    zero = r"\frac{P^\gamma}{1 - P} - \gamma P^{\gamma - 1} \log(1 - P)"
    if loss.alpha is not None:
        one, zero = rf"W\left({one}\right)", rf"W\left({zero}\right)"
    return _weighted(loss, one, zero)


def _alphas(loss: Any) -> tuple[float, ...]:
    """The weights of the classes 0 and 1; 1 for both if there are none."""
    if isinstance(loss.alpha, tuple):
        return loss.alpha
    return (1.0, 1.0) if loss.alpha is None else (1.0 - loss.alpha, loss.alpha)


def _alike(loss: Any) -> bool:
    return len(set(_alphas(loss))) == 1


def _is_cross_entropy(loss: Any) -> bool:
    return loss.gamma == 0.0 and _alike(loss)


def _is_convex(loss: Any) -> bool:
    return not loss.from_logits or loss.gamma == 0.0


#: by the name of the class
ENTRIES = {
    "BinaryCrossEntropy": _entry(
        name=_by_scale("Binary cross-entropy", "Binary cross-entropy of logits"),
        formula=_cross_entropy(
            r"-Y \log \hat y - (1 - Y) \log(1 - \hat y)",
            r"\log(1 + e^{\hat y}) - Y \hat y",
            r"-w Y \log \hat y - (1 - Y) \log(1 - \hat y)",
            r"(1 - Y) \hat y + (1 + (w - 1) Y) \log(1 + e^{-\hat y})",
        ),
        gradient=_cross_entropy(
            r"\frac{\hat y - Y}{\hat y (1 - \hat y)}",
            r"\frac{1}{1 + e^{-\hat y}} - Y",
            r"\frac{1 - Y}{1 - \hat y} - \frac{w Y}{\hat y}",
            r"\frac{1 - Y}{1 + e^{-\hat y}} - \frac{w Y}{1 + e^{\hat y}}",
        ),
        best_constant=_mean,
        noise=_bernoulli,
        convex=True,
        strictly_convex=lambda loss: not unsmoothed(loss) or min(_odds(loss)) > 0.0,
        smooth=True,
        gradient_lipschitz=lambda loss: 0.25 * _total(loss) if loss.from_logits else math.inf,
        lipschitz=lambda loss: _steepest(loss) if loss.from_logits else math.inf,
        bounded=False,
        strictly_proper=_as_given,
        proper=_as_given,
        classification_calibrated=_even,
        link=_by_scale(None, "logit"),
        reference="good1952",
        use="Two classes, and you want to know the chance. Several labels at once: $K$ logits, one for each, and a "
        "mean over all $N K$ of them; a sum over the labels pulls $K$ times as hard.",
        avoid="Labels are wrong now and then and the model is large: one confident mistake costs without limit. With "
        "`pos_weight` $w$ its answers are no chances: $w$ times the odds, so that the logit is $\\log w$ too high.",
        claim="The pull is the forecast less the truth, which smoothing moves toward one half; it never exceeds 1.",
        peers=(
            Peer(
                "PyTorch",
                "BCEWithLogitsLoss",
                {"reduction": "mean"},
                "Ours with `from_logits=True`, `pos_weight` too; neither divides by it. `weight` is our "
                "`sample_weight`, but for the division. `BCELoss`, of probabilities, clamps at $-100$.",
            ),
            Peer(
                "Keras",
                "BinaryCrossentropy",
                {"from_logits": False, "label_smoothing": 0.0},
                "Clips probabilities at $10^{-7}$: no loss above 16.118; in float32, 15.942 where the truth is 0.",
            ),
            Peer(
                "optax",
                "sigmoid_binary_cross_entropy",
                {},
                "From logits, elementwise; without `pos_weight`.",
            ),
            Peer(
                "scikit-learn",
                "sklearn.metrics.log_loss",
                {"normalize": True},
                "Clips at the precision of its input: no loss above 36.04, in float32 15.94.",
            ),
        ),
    ),
    "Brier": _entry(
        name="Brier score",
        formula=r"(\hat y - y)^2",
        gradient=r"2 (\hat y - y)",
        best_constant="mean",
        noise=None,
        convex=True,
        strictly_convex=True,
        smooth=True,
        gradient_lipschitz=2.0,
        lipschitz=2.0,
        bounded=True,
        strictly_proper=True,
        proper=True,
        classification_calibrated=True,
        link=None,
        reference="brier1950",
        use="A proper score with a limit: no single forecast can cost more than 1.",
        avoid="You train through a sigmoid from a bad start: the gradient dies where the forecast is surely wrong.",
        claim="A parabola in the forecast probability, between 0 and 1.",
        peers=(
            Peer(
                "scikit-learn",
                "sklearn.metrics.brier_score_loss",
                {},
                "For two classes the same; for several it sums over all classes.",
            ),
        ),
    ),
    "Focal": _entry(
        name=_by_scale("Focal loss", "Focal loss of logits"),
        formula=_focal,
        gradient=_focal_slope,
        best_constant=None,
        noise=None,
        convex=_is_convex,
        strictly_convex=lambda loss: _is_convex(loss) and min(_alphas(loss)) > 0.0,
        smooth=True,
        gradient_lipschitz=_by_scale(math.inf, None),
        lipschitz=_by_scale(math.inf, None),
        bounded=False,
        strictly_proper=_is_cross_entropy,
        proper=_is_cross_entropy,
        classification_calibrated=_alike,
        link=_by_scale(None, "logit"),
        reference="lin2017",
        use="Detection: very many easy negatives would drown the few that matter.",
        avoid="You need the probability: it is not proper, and its answers are drawn toward one half.",
        claim="The higher $\\gamma$, the less a sample that is already right is heard.",
        peers=(
            Peer(
                "Keras",
                "BinaryFocalCrossentropy",
                {"gamma": 2.0, "alpha": 0.25, "from_logits": False},
                "`alpha` weighs the class 1, and 1 − `alpha` the class 0; it is ignored unless "
                "`apply_class_balancing=True`.",
            ),
            Peer(
                "Keras",
                "CategoricalFocalCrossentropy",
                {"alpha": 0.25, "gamma": 2.0, "from_logits": False},
                "Ours of class indices, from one-hot rows; `alpha` is a number for all classes, or one for each.",
            ),
            Peer(
                "optax",
                "sigmoid_focal_loss",
                {"alpha": None, "gamma": 2.0},
                "From logits, elementwise. `alpha` weighs the class 1, and 1 − `alpha` the class 0; none by default. "
                "So does torchvision's `sigmoid_focal_loss`, with 0.25 by default.",
            ),
        ),
    ),
}
