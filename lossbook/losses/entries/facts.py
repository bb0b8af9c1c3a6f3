"""What is known of a loss, as data: the catalog is made from it, and a test proves every line."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Noise:
    r"""The noise model under which the loss is a negative log-likelihood, up to a constant.

    `distribution` is a name in `scipy.stats`, `parameters` are its fixed keyword arguments, and
    `predicted` is the one that the prediction gives: the prediction is its `link` ("identity",
    "logit" or "log"). The claim is that :math:`\ell(y, \hat y) + \log p(y \mid \hat y)` does not
    depend on :math:`\hat y`; labels -1 and +1 stand for the outcomes 0 and 1. Without a
    `distribution` the model has a name only (no such density in SciPy).
    """

    name: str
    distribution: str | None = None
    parameters: tuple[tuple[str, float], ...] = ()
    predicted: str = "loc"
    link: str = "identity"


@dataclass(frozen=True, kw_only=True)
class Facts:
    r"""The card of a loss. `None` means that the question does not apply, or is not answered.

    Attributes
    ----------
    name : the usual name, for people.
    task : "regression", "binary classification", ...
    formula, gradient : LaTeX, in :math:`y` and :math:`\hat y`, or in the margin :math:`m`.
    best_constant : what the constant prediction of least mean loss is: "mean", "median", ...
    noise : the noise model whose negative log-likelihood it is.
    convex, strictly_convex : in the prediction.
    smooth : continuously differentiable in the prediction.
    gradient_lipschitz : the least L with :math:`|\ell'(a) - \ell'(b)| \le L |a - b|`; `inf` if
        there is none.
    lipschitz : the least L with :math:`|\ell(a) - \ell(b)| \le L |a - b|`; `inf` if there is none.
    bounded : whether the loss of one sample stays below some number whatever the prediction.
    symmetric : whether errors of either sign cost the same.
    strictly_proper : whether the `link` of the true probability, and nothing that says another one,
        minimizes the expected loss.
    proper : whether it is among the predictions that minimize it; true if `strictly_proper` is.
    link : the prediction that a probability becomes: "identity" (the default), "logit", "multinomial
        logit", "half the logit", ... Losses of probabilities and of logits have it from their
        definition. For a loss of scores it is the invertible function that makes it proper, and
        where there is none the loss is not; scores beyond its range say 0 or 1.
    classification_calibrated : whether minimizing it over all functions yields the classifier of
        least error.
    kinks : where it is not differentiable: values of the residual :math:`\hat y - y`, or of the
        margin.
    reference : key in the bibliography.
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
