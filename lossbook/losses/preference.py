r"""Losses of preferences: of two answers one was chosen; or of one it is said whether it is liked.

Log-probabilities are those of whole answers: the sums over their tokens. What the reference model
says of an answer is fixed, and has no gradient.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook import _validate
from lossbook._engine import differences
from lossbook._engine.differences import difference
from lossbook._engine.pairs import Pair, two_product, two_sum
from lossbook.losses.several import SeveralLoss

__all__ = ["DPO", "IPO", "KTO", "BradleyTerry"]


def _bradley_terry(loss: Any, chosen: Any, rejected: Any) -> tuple[Any, Any]:
    """log(1 + exp(-d)) and its slope, d = chosen - rejected in two parts."""
    d = difference(chosen, rejected)
    e = differences.decay(d)
    return differences.cost(d, e), -differences.miss(d, e)


def _margin(
    policy_chosen: Any, policy_rejected: Any, reference_chosen: Any, reference_rejected: Any
) -> Pair:
    """By how much more than the reference the policy prefers what was chosen: m, in two parts."""
    given = policy_chosen, policy_rejected, reference_chosen, reference_rejected
    high, low = _difference_of_differences(*given)
    if not np.isfinite(high).all():  # but the parts may be
        quarter = _difference_of_differences(*(0.25 * a for a in given))
        wide = ~np.isfinite(high)
        high, low = (np.where(wide, 4.0 * a, b) for a, b in zip(quarter, (high, low), strict=True))
    return high, low


def _difference_of_differences(a: Any, b: Any, c: Any, d: Any) -> Pair:
    """(a - b) - (c - d) in two parts."""
    left, lost = two_sum(a, -b)
    right, more = two_sum(d, -c)
    high, low = two_sum(left, right)
    return high, low + (lost + more)


def _dpo(loss: DPO, *inputs: Any) -> tuple[Any, Any]:
    """log(1 + exp(-beta m)), and its slope."""
    d = differences.times(loss.beta, _margin(*inputs))
    e = differences.decay(d)
    return differences.cost(d, e), -loss.beta * differences.miss(d, e)


def _ipo(loss: IPO, *inputs: Any) -> tuple[Any, Any]:
    """(m - 1 / (2 beta))^2, the difference in two parts, and its slope."""
    target = 0.5 / loss.beta
    product, lost = two_product(target, loss.beta)
    left_out = ((0.5 - product) - lost) / loss.beta
    high, low = _margin(*inputs)
    high, more = two_sum(high, -target)
    high, low = differences.finite(
        (high, low + more - (left_out if math.isfinite(left_out) else 0.0))
    )
    excess = high + low
    return np.square(excess), 2.0 * excess


def _kto(loss: KTO, y: Any, policy: Any, reference: Any, kl: float) -> tuple[Any, Any]:
    """weight / (1 + exp(x)), and its slope: that in x, times sign and beta."""
    gain, a = two_sum(policy, -reference)
    gain, b = two_sum(gain, -kl)
    high, low = differences.times(loss.beta, (gain, a + b))
    sign = 2.0 * y - 1.0
    x = sign * high, sign * low
    e = differences.decay(x)
    weight = np.where(y > 0.0, loss.desirable_weight, loss.undesirable_weight)
    slope = (loss.beta * weight) * (e / (1.0 + e * (2.0 + e)))
    return weight * differences.miss(x, e), -sign * slope


class PreferenceLoss(SeveralLoss):
    """A loss of numbers (n,): one for each comparison, or each answer, in every argument."""

    _at_once: Any  # the losses, and their slopes in the first prediction

    def _check(self, *inputs: Any, **named: Any) -> tuple[np.ndarray, ...]:
        checked = _validate.check_alike(**dict(zip(self.inputs, inputs, strict=True)))
        _check_vectors(self.inputs, checked)
        return checked

    def _both(self, share: Any, *inputs: Any, **named: Any) -> tuple[np.ndarray, Any]:
        losses, slope = self._at_once(*inputs)
        slope = slope * share
        return losses, (slope, -slope)[: len(self.predicted)]


class BradleyTerry(PreferenceLoss):
    r"""Bradley-Terry likelihood :math:`\log(1 + e^{-(s_w - s_l)})` that `chosen` beats `rejected`.

    A logistic loss of the difference of two scores, such as strengths of teams or rewards of
    answers: the model says that w is preferred to l with the chance
    :math:`e^{s_w} / (e^{s_w} + e^{s_l})`. Gradient :math:`-1 / (1 + e^{s_w - s_l})` for `chosen`, and
    its opposite for `rejected`. A pair in which both win equally often is given in both orders.
    Right to 4 ulp, also where the difference of large scores cancels. No `hessian`.

    References
    ----------
    :cite:p:`bradleyterry1952`

    Examples
    --------
    >>> BradleyTerry().pointwise(chosen=[1.0, 0.0], rejected=[1.0, 3.0]).round(3)
    array([0.693, 3.049])
    """

    inputs = predicted = ("chosen", "rejected")

    _at_once = _bradley_terry

    def pointwise(self, chosen: Any, rejected: Any) -> np.ndarray:
        return self._at_once(chosen, rejected)[0]

    def gradient(self, chosen: Any, rejected: Any) -> tuple[np.ndarray, np.ndarray]:
        slope = self._at_once(chosen, rejected)[1]
        return slope, -slope


class PolicyLoss(PreferenceLoss):
    """A loss of log-probabilities: of the policy, which learns, and of a reference, which does not."""

    inputs = ("policy_chosen", "policy_rejected", "reference_chosen", "reference_rejected")
    predicted = ("policy_chosen", "policy_rejected")
    beta: float


class DPO(PolicyLoss):
    r"""Direct preference optimization, :math:`\log(1 + e^{-\beta m})`.

    :math:`m = (\log \pi_w - \log \pi_l) - (\log \rho_w - \log \rho_l)`: by how much more than the
    reference :math:`\rho` the policy :math:`\pi` prefers the chosen answer w to the rejected one l.
    It is a Bradley-Terry loss of the rewards :math:`\beta \log(\pi / \rho)`, and sees nothing but
    their difference: both may fall. Gradient :math:`-\beta / (1 + e^{\beta m})` for `policy_chosen`,
    its opposite for `policy_rejected`. Right to 4 ulp, also where m cancels. No `hessian`.

    Parameters
    ----------
    beta : float, default 0.1
        :math:`\beta`, above 0: how dear it is to leave the reference.

    Raises
    ------
    ValueError
        If `beta` is not above 0.

    References
    ----------
    :cite:p:`rafailov2023`

    Examples
    --------
    >>> DPO(beta=0.1).gradient([-10.0], [-30.0], [-20.0], [-20.0])[0].round(4)
    array([-0.0119])
    """

    _at_once = _dpo

    def __init__(self, *, beta: float = 0.1) -> None:
        self.beta = _validate.positive("beta", beta)

    def pointwise(self, *inputs: Any) -> np.ndarray:
        return self._at_once(*inputs)[0]

    def gradient(self, *inputs: Any) -> tuple[np.ndarray, np.ndarray]:
        slope = self._at_once(*inputs)[1]
        return slope, -slope


class IPO(PolicyLoss):
    r"""Identity preference optimization, :math:`(m - 1 / (2 \beta))^2`.

    :math:`m = (\log \pi_w - \log \pi_l) - (\log \rho_w - \log \rho_l)` as in `DPO`; but the policy
    shall prefer the chosen answer by :math:`1 / (2 \beta)` more than the reference does, and by no
    more: a preference without exception does not drive m to infinity. Gradient
    :math:`2 m - 1 / \beta` for `policy_chosen`, its opposite for `policy_rejected`. The paper calls
    :math:`\beta` :math:`\tau`. Right to 4 ulp, also where m and the
    difference cancel, by up to 14 digits. No `hessian`.

    Parameters
    ----------
    beta : float, default 0.1
        :math:`\beta`, above 0: how dear it is to leave the reference.

    Raises
    ------
    ValueError
        If `beta` is not above 0.

    References
    ----------
    :cite:p:`azar2024`

    Examples
    --------
    >>> IPO(beta=0.1).gradient([-10.0], [-30.0], [-20.0], [-20.0])
    (array([30.]), array([-30.]))
    """

    _at_once = _ipo

    def __init__(self, *, beta: float = 0.1) -> None:
        self.beta = _validate.positive("beta", beta)

    def pointwise(self, *inputs: Any) -> np.ndarray:
        return self._at_once(*inputs)[0]

    def gradient(self, *inputs: Any) -> tuple[np.ndarray, np.ndarray]:
        slope = self._at_once(*inputs)[1]
        return slope, -slope


class AnswerLoss(PreferenceLoss):
    """A loss of single answers with labels 0 or 1, and of a number for the batch, `kl`."""

    inputs = ("y_true", "policy", "reference", "kl")
    predicted = ("policy",)
    shared = ("kl",)

    def _check(self, *inputs: Any, **named: Any) -> tuple[Any, ...]:
        y_true, policy, reference, kl = inputs
        checked = _validate.check_alike(y_true=y_true, policy=policy, reference=reference)
        _check_vectors(self.inputs[:3], checked)
        _validate.check_binary("y_true", checked[0])
        return *checked, _reference_point(kl)


class KTO(AnswerLoss):
    r"""Kahneman-Tversky optimization, :math:`\lambda / (1 + e^x)`, of answers that are liked or not.

    :math:`x = \beta (\log \pi - \log \rho - z)` for an answer that is liked (`y_true` 1), minus that
    for one that is not (0): what the policy :math:`\pi` gains over the reference :math:`\rho`, less a
    reference point z, is felt as a gain or a loss, and ever less of it the larger it is. z is `kl`,
    one number of at least 0, which has no gradient: the divergence of the policy from the reference,
    which TRL estimates by the mean of :math:`\log \pi - \log \rho` over the batch, each prompt with
    another one's answer, or 0 if that is below. Gradient for `policy`
    :math:`\mp \beta \lambda e^x / (1 + e^x)^2`. Right to 4 ulp. No `hessian`.

    Parameters
    ----------
    beta : float, default 0.1
        :math:`\beta`, above 0: how fast gains and losses saturate.
    desirable_weight, undesirable_weight : float, default 1.0
        :math:`\lambda` of answers liked, and of others; above 0. No mean is divided by it.

    Raises
    ------
    ValueError
        If one of them is not above 0.

    References
    ----------
    :cite:p:`ethayarajh2024`

    Examples
    --------
    >>> KTO(beta=0.5).pointwise([1, 0], policy=[-8.0, -8.0], reference=[-10.0, -10.0], kl=2.0)
    array([0.5, 0.5])
    """

    _at_once = _kto

    def __init__(
        self, *, beta: float = 0.1, desirable_weight: float = 1.0, undesirable_weight: float = 1.0
    ) -> None:
        self.beta = _validate.positive("beta", beta)
        self.desirable_weight = _validate.positive("desirable_weight", desirable_weight)
        self.undesirable_weight = _validate.positive("undesirable_weight", undesirable_weight)

    def pointwise(self, *inputs: Any) -> np.ndarray:
        return self._at_once(*inputs)[0]

    def gradient(self, *inputs: Any) -> np.ndarray:
        return self._at_once(*inputs)[1]


def _check_vectors(names: tuple[str, ...], arrays: tuple[np.ndarray, ...]) -> None:
    if arrays[0].ndim != 1:
        raise ValueError(
            f"{', '.join(names)} have shape {arrays[0].shape}; expected (n,), a number for each"
        )


def _reference_point(kl: Any) -> float:
    found = _validate.as_float64("kl", kl)
    _validate.check_finite("kl", found)
    if found.size != 1 or found.min() < 0.0:
        holds = f"has shape {found.shape}" if found.size != 1 else f"is {found.min():g}"
        raise ValueError(
            f"kl {holds}; expected one number for the batch, a divergence of at least 0: "
            "max(0, mean) of an estimate"
        )
    return float(found.min())
