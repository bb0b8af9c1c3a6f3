"""What is known of a loss, as data: the catalog is made from it, and a test proves every line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Facts", "Noise", "facts_of_sum"]


@dataclass(frozen=True, kw_only=True)
class Noise:
    r"""The noise model under which the loss is a negative log-likelihood, up to a constant.

    The claim is that :math:`\ell(y, \hat y) + \log p(y \mid \hat y)` does not depend on
    :math:`\hat y`; labels -1 and +1 stand for the outcomes 0 and 1.

    Parameters
    ----------
    name : str
        The usual name, for people.
    distribution : str or None, default None
        Its name in `scipy.stats`; None if no such density is there.
    parameters : tuple of (str, float), default ()
        The keyword arguments of the distribution that are fixed.
    predicted : str, default "loc"
        The keyword argument that the prediction gives.
    link : {"identity", "logit", "log"}, default "identity"
        The prediction is this function of it.

    Examples
    --------
    >>> Noise(name="Gaussian", distribution="norm").predicted
    'loc'
    """

    name: str
    distribution: str | None = None
    parameters: tuple[tuple[str, float], ...] = ()
    predicted: str = "loc"
    link: str = "identity"


@dataclass(frozen=True, kw_only=True)
class Facts:
    r"""The card of a loss. `None` means that the question does not apply, or is not answered.

    Parameters
    ----------
    name : str
        The usual name, for people.
    task : str or None
        "regression", "binary classification", ...
    formula, gradient : str or None
        LaTeX, in :math:`y` and :math:`\hat y`, or in the margin :math:`m`.
    best_constant : str or None
        What the constant prediction of least mean loss is: "mean", "median", ...
    noise : Noise or None
        The noise model whose negative log-likelihood it is.
    convex, strictly_convex : bool or None
        In the prediction.
    smooth : bool or None
        Continuously differentiable in the prediction.
    gradient_lipschitz : float or None
        The least L with :math:`|\ell'(a) - \ell'(b)| \le L |a - b|`; `inf` if there is none.
    lipschitz : float or None
        The least L with :math:`|\ell(a) - \ell(b)| \le L |a - b|`; `inf` if there is none.
    bounded : bool or None
        Whether the loss of one sample stays below some number whatever the prediction.
    symmetric : bool or None
        Whether errors of either sign cost the same.
    strictly_proper : bool or None
        Whether the `link` of the true probability, and nothing that says another one, minimizes the
        expected loss.
    proper : bool or None
        Whether it is among the predictions that minimize it; true if `strictly_proper` is.
    classification_calibrated : bool or None
        Whether minimizing it over all functions yields the classifier of least error.
    link : str or None
        The prediction that a probability becomes: "identity" (the default), "logit", "multinomial
        logit", "half the logit", ... Losses of probabilities and of logits have it from their
        definition. For a loss of scores it is the invertible function that makes it proper, and
        where there is none the loss is not; scores beyond its range say 0 or 1.
    kinks : tuple of float, default ()
        Where it is not differentiable: values of the residual :math:`\hat y - y`, or of the margin.
    reference : str or None
        Key in the bibliography.

    Examples
    --------
    >>> from lossbook import losses
    >>> losses.Pinball(quantile=0.9).facts.lipschitz
    0.9
    """

    name: str
    task: str | None = None
    formula: str | None = None
    gradient: str | None = None
    best_constant: str | None = None
    noise: Noise | None = None
    convex: bool | None = None
    strictly_convex: bool | None = None
    smooth: bool | None = None
    gradient_lipschitz: float | None = None
    lipschitz: float | None = None
    bounded: bool | None = None
    symmetric: bool | None = None
    strictly_proper: bool | None = None
    proper: bool | None = None
    classification_calibrated: bool | None = None
    link: str | None = None
    kinks: tuple[float, ...] = ()
    reference: str | None = None


def facts_of_sum(terms: Sequence[tuple[float, Facts]]) -> Facts:
    """What follows for a sum of losses from the facts of its terms; `None` where nothing does.

    Parameters
    ----------
    terms : sequence of (float, Facts)
        A factor and the facts of its loss, at least one pair.

    Returns
    -------
    Facts
        Those of the sum.

    Examples
    --------
    >>> facts_of_sum([(2.0, Facts(name="Huber loss", convex=True, lipschitz=1.0))]).lipschitz
    2.0
    """
    factors, facts = zip(*terms, strict=True)
    convex = all(a >= 0 for a in factors) and all(f.convex for f in facts)
    strictly = any(f.strictly_convex and a > 0 for a, f in terms)

    def shared(name: str) -> bool | None:
        return True if all(getattr(f, name) for f in facts) else None

    def bound(name: str) -> float | None:
        least = getattr(facts[0], name)
        if len(facts) > 1 or least is None:
            return None
        return abs(factors[0]) * least if factors[0] else 0.0

    return Facts(
        name=" + ".join(f"{a:g} {f.name}" for a, f in terms),
        task=facts[0].task if len({f.task for f in facts}) == 1 else None,
        convex=convex or None,
        strictly_convex=(convex and strictly) or None,
        smooth=shared("smooth"),
        lipschitz=bound("lipschitz"),
        gradient_lipschitz=bound("gradient_lipschitz"),
        bounded=shared("bounded"),
        symmetric=shared("symmetric"),
        kinks=tuple(sorted({kink for f in facts for kink in f.kinks if math.isfinite(kink)})),
    )
