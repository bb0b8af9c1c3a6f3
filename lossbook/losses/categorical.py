r"""Losses for K classes: a row of K probabilities, logits or scores for each sample."""

import math

import numpy as np

from lossbook import _validate
from lossbook.losses import _softmax
from lossbook.losses._exact import two_sum
from lossbook.losses.base import Loss, silent
from lossbook.losses.facts import Facts, Noise


class CategoricalLoss(Loss):
    """A loss of n rows with K columns: `y_pred` has the shape (n, K), `pointwise` the shape (n,).

    `y_true` holds class indices 0 to K - 1, of an integer type, in the shape (n,); or, where the
    loss allows it, a distribution over the classes for each sample, in the shape (n, K).
    """

    _takes_indices = True
    _takes_distributions = True
    _predicts_distributions = False

    def _check(self, y_true, y_pred):
        y_pred = _validate.as_float64("y_pred", y_pred)
        y_true = _validate.as_classes("y_true", y_true)
        _validate.check_rows(y_true, y_pred, self._takes_indices, self._takes_distributions)
        if y_true.ndim == 2:
            _validate.check_distributions("y_true", y_true)
        if self._predicts_distributions:
            _validate.check_distributions("y_pred", y_pred)
        return y_true, y_pred

    def _check_finite(self, y_true, y_pred):
        if y_true.ndim == 2:
            _validate.check_finite("y_true", y_true)
        self._check_predictions(y_pred)

    def _check_predictions(self, y_pred):
        _validate.check_finite("y_pred", y_pred)

    def _loss_shape(self, y_true, y_pred):
        return y_pred.shape[:1]


class CrossEntropy(CategoricalLoss):
    r"""Cross-entropy :math:`-\sum_k y_k \log p_k`, in nats; with class indices
    :math:`-\log p_y`.

    Gradient :math:`-y_k / p_k` with respect to the probabilities; with respect to the logits
    :math:`p_k - y_k`, where :math:`p` is their softmax. No clipping: :math:`p_y = 0` costs
    infinity. A logit of :math:`-\infty` rules its class out: it has the probability 0, and the
    gradient 0 unless it is the label. It is the negative log-likelihood of the categorical
    distribution.

    Shapes: class indices (n,) or distributions (one-hot, soft) (n, K), against (n, K).

    Parameters
    ----------
    from_logits : whether `y_pred` holds logits instead of probabilities.
    label_smoothing : :math:`\alpha` in [0, 1): the target is replaced by
        :math:`(1 - \alpha) y + \alpha / K`.

    Source: `good1952`, softmax `bridle1990`, label smoothing `szegedy2016`.
    """

    def __init__(self, *, from_logits=False, label_smoothing=0.0):
        self.from_logits = _validate.boolean("from_logits", from_logits)
        self.label_smoothing = _validate.smoothing("label_smoothing", label_smoothing)

    @property
    def _predicts_distributions(self):
        return not self.from_logits

    def pointwise(self, y_true, y_pred):
        if self.from_logits:
            return _softmax.cross_entropy(y_true, y_pred, self.label_smoothing, False)[0]
        target = self._distribution(y_true, y_pred)
        return -np.sum(np.where(target > 0.0, target * np.log(y_pred), 0.0), axis=1)

    def gradient(self, y_true, y_pred):
        if self.from_logits:
            return _softmax.cross_entropy(y_true, y_pred, self.label_smoothing)[1]
        target = self._distribution(y_true, y_pred)
        return np.where(target > 0.0, -target / y_pred, 0.0)

    def _check_predictions(self, y_pred):
        if self.from_logits:
            check_logits(y_pred)
            none = np.isneginf(y_pred.max(axis=1))
            if none.any():
                raise ValueError(
                    f"y_pred holds only -inf at index {int(none.argmax())}; expected a finite logit "
                    "for at least one class"
                )
        else:
            super()._check_predictions(y_pred)

    @silent
    def _sum(self, y, p, w, k, out):
        if not self.from_logits or out is None:
            return super()._sum(y, p, w, k, out)
        if y.ndim == 1 and not self.label_smoothing:
            return _softmax.fused(y, p, w, k, out)
        self._check_finite(y, p)
        return _softmax.summed(*_softmax.cross_entropy(y, p, self.label_smoothing), w, k, out)

    def _distribution(self, y, p):
        if y.ndim == 1:
            y = (y[:, None] == np.arange(p.shape[1])) * 1.0
        alpha = self.label_smoothing
        return y if alpha == 0.0 else (1.0 - alpha) * y + alpha / p.shape[1]

    @property
    def facts(self):
        plain = self.label_smoothing == 0.0
        label = "y_k" if plain else "y'_k"
        where = "" if plain else r", \quad y'_k = (1 - \alpha) y_k + \frac{\alpha}{K}"
        common = {
            "task": "classification",
            "convex": True,
            "smooth": True,
            "bounded": False,
            "strictly_proper": plain,
            "proper": plain,
            "classification_calibrated": True,
            "reference": "good1952",
        }
        noise = Noise(name="Categorical")
        if self.from_logits:
            return Facts(
                name="Cross-entropy of logits",
                formula=(
                    r"\log \sum_k e^{\hat y_k} - "
                    + (r"\hat y_y" if plain else rf"\sum_k {label} \hat y_k{where}")
                ),
                gradient=rf"\frac{{e^{{\hat y_k}}}}{{\sum_j e^{{\hat y_j}}}} - {label}{where}",
                best_constant="log of the class shares" if plain else None,
                noise=noise if plain else None,
                strictly_convex=False,
                gradient_lipschitz=0.5,
                lipschitz=math.sqrt(2.0) if plain else None,
                link="multinomial logit",
                **common,
            )
        return Facts(
            name="Cross-entropy",
            formula=rf"-\sum_k {label} \log \hat y_k{where}",
            gradient=rf"-\frac{{{label}}}{{\hat y_k}}{where}",
            best_constant="class shares" if plain else None,
            noise=noise if plain else None,
            strictly_convex=not plain,
            gradient_lipschitz=math.inf,
            lipschitz=math.inf,
            **common,
        )


class KLDivergence(CategoricalLoss):
    r"""Kullback-Leibler divergence :math:`\sum_k y_k \log(y_k / p_k)` of the prediction p from the
    distribution y, in nats: cross-entropy less the entropy of y, and 0 for p = y.

    Gradient :math:`-y_k / p_k`. Both arguments are distributions in the shape (n, K). Each term is
    right to 4 ulp; their sum cancels where p is close to y. It is never negative, though rows that
    sum to 1 only nearly are accepted.

    Source: `kullbackleibler1951`.
    """

    _takes_indices = False
    _predicts_distributions = True

    def pointwise(self, y_true, y_pred):
        ratio = y_true / y_pred
        near = np.log1p((y_true - y_pred) / y_pred)
        logs = np.where((ratio > 0.5) & (ratio < 2.0), near, np.log(ratio))
        lost = (ratio < 1e-300) | (ratio > 1e300)  # the quotient may be no float64
        terms = y_true * np.where(lost, np.log(y_true) - np.log(y_pred), logs)
        total = np.sum(np.where(y_true > 0.0, terms, 0.0), axis=1)
        return np.maximum(total, 0.0)  # rows of a sum that is not quite 1 may go below

    def gradient(self, y_true, y_pred):
        return np.where(y_true > 0.0, -y_true / y_pred, 0.0)

    @property
    def facts(self):
        return Facts(
            name="Kullback-Leibler divergence",
            task="classification",
            formula=r"\sum_k y_k \log \frac{y_k}{\hat y_k}",
            gradient=r"-\frac{y_k}{\hat y_k}",
            best_constant="class shares",
            convex=True,
            strictly_convex=False,
            smooth=True,
            gradient_lipschitz=math.inf,
            lipschitz=math.inf,
            bounded=False,
            strictly_proper=True,
            proper=True,
            classification_calibrated=True,
            reference="kullbackleibler1951",
        )


class MulticlassHinge(CategoricalLoss):
    r"""Multiclass hinge loss of Crammer and Singer,
    :math:`\max\bigl(0, 1 + \max_{k \ne y} z_k - z_y\bigr)`.

    Gradient, where the loss is positive: 1 at the best wrong class, -1 at the true one. Where
    several wrong classes tie they share the 1 (the subgradient of least norm).

    Shapes: class indices (n,) against scores (n, K).

    Source: `crammersinger2001`.
    """

    _takes_distributions = False

    def pointwise(self, y_true, y_pred):
        _, true, wrong = _scores(y_true, y_pred)
        return np.maximum(0.0, _shortfall(true, wrong.max(axis=1)))

    def gradient(self, y_true, y_pred):
        rows, true, wrong = _scores(y_true, y_pred)
        best = wrong.max(axis=1)
        first = (wrong == best[:, None]) * 1.0
        share = first / first.sum(axis=1)[:, None]
        share[rows, y_true] = -1.0
        return share * (_shortfall(true, best) > 0.0)[:, None]

    @property
    def facts(self):
        return Facts(
            name="Multiclass hinge loss (Crammer-Singer)",
            task="classification",
            formula=r"\max\bigl(0, 1 + \max_{k \ne y} \hat y_k - \hat y_y\bigr)",
            gradient=(
                r"\begin{cases} [k = \arg\max_{j \ne y} \hat y_j] - [k = y]"
                r" & 1 + \max_{j \ne y} \hat y_j > \hat y_y \\ 0 & \text{else} \end{cases}"
            ),
            convex=True,
            strictly_convex=False,
            smooth=False,
            gradient_lipschitz=math.inf,
            lipschitz=math.sqrt(2.0),
            bounded=False,
            strictly_proper=False,
            proper=False,
            classification_calibrated=False,
            reference="crammersinger2001",
        )


class WestonWatkins(CategoricalLoss):
    r"""Multiclass hinge loss of Weston and Watkins,
    :math:`\sum_{k \ne y} \max(0, 1 + z_k - z_y)`.

    Gradient: 1 at each wrong class that comes closer than the margin 1, minus their number at the
    true class.

    Shapes: class indices (n,) against scores (n, K).

    Source: `westonwatkins1999`.
    """

    _takes_distributions = False

    def pointwise(self, y_true, y_pred):
        _, true, wrong = _scores(y_true, y_pred)
        return np.sum(np.maximum(0.0, _shortfall(true[:, None], wrong)), axis=1)

    def gradient(self, y_true, y_pred):
        rows, true, wrong = _scores(y_true, y_pred)
        close = (_shortfall(true[:, None], wrong) > 0.0) * 1.0
        close[rows, y_true] = -close.sum(axis=1)
        return close

    @property
    def facts(self):
        return Facts(
            name="Multiclass hinge loss (Weston-Watkins)",
            task="classification",
            formula=r"\sum_{k \ne y} \max(0, 1 + \hat y_k - \hat y_y)",
            gradient=(
                r"\begin{cases} [1 + \hat y_k > \hat y_y] & k \ne y \\"
                r" -\sum_{j \ne y} [1 + \hat y_j > \hat y_y] & k = y \end{cases}"
            ),
            convex=True,
            strictly_convex=False,
            smooth=False,
            gradient_lipschitz=math.inf,
            bounded=False,
            strictly_proper=False,
            proper=False,
            classification_calibrated=False,
            reference="westonwatkins1999",
        )


def check_logits(z):
    """Raise if a logit is NaN or +inf; -inf stands for the probability 0."""
    try:
        _validate.check_finite("y_pred", np.where(np.isneginf(z), 0.0, z))
    except ValueError as error:
        raise ValueError(f"{error}, or -inf for a class that is ruled out") from None


def _scores(y, z):
    """Row numbers, the true class's scores, and all scores with -inf in its place."""
    rows = np.arange(y.size)
    wrong = z.copy()
    wrong[rows, y] = -np.inf
    return rows, z[rows, y], wrong


def _shortfall(true, other):
    """1 - (true - other), also where large scores or a margin close to 1 cancel."""
    margin, low = two_sum(true, -other)
    short, lost = two_sum(1.0, -margin)
    return np.where(np.isfinite(short), short + (lost - low), short)
