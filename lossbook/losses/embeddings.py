r"""Losses of a batch of embeddings: those that belong together are to be found among all others.

Embeddings are divided by their lengths, so only directions count, and the gradient with respect to
an embedding is perpendicular to it. An embedding of length 0 has no direction and is an error.

The exponentials of similarities that come close to the limits cost digits: with a cosine c right to
some ulp of 1, a logit c times the scale (or c over the temperature) is right to as many ulp of the
scale, and a loss to as many relative to itself, however small it is.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lossbook import _validate, _vectors
from lossbook._engine import contrast, softmax, vectors
from lossbook._engine.elementary import sigmoid, softplus
from lossbook._engine.vectors import column
from lossbook.losses.several import BatchLoss

__all__ = [
    "CLIP",
    "ArcFace",
    "Circle",
    "InfoNCE",
    "NTXent",
    "SigLIP",
    "SupervisedContrastive",
]


class LabeledLoss(BatchLoss):
    """A loss of labels (n,), integers, and embeddings (n, d): alike are those of one label.

    A row without another of its label has the loss 0 and is no part of the mean.
    """

    inputs = ("labels", "embeddings")
    predicted = ("embeddings",)

    def _check(self, labels: Any, embeddings: Any) -> tuple[np.ndarray, ...]:
        embeddings = _vectors.directions("embeddings", embeddings)
        labels = _vectors.labels("labels", labels, len(embeddings), "embeddings")
        positives = contrast.counts(labels)
        if positives[0] == labels.size - 1:
            raise ValueError(
                f"labels holds only {labels[0]}; expected two labels or more: without negatives "
                "there is nothing to be told from"
            )
        if not positives.any():
            raise ValueError(
                "labels holds no label twice; expected one with two rows or more: without positives "
                "there is nothing to be close to"
            )
        return labels, embeddings

    def _row_weights(self, labels: Any, embeddings: Any) -> np.ndarray:
        return (contrast.counts(labels) > 0.0) * 1.0

    def _both(self, share: Any, labels: Any, embeddings: Any) -> Any:
        unit, length = vectors.units(embeddings)
        value, slopes = self._of_cosines(unit @ unit.T, labels, share)
        if share is None:
            return value, ()
        return value, (vectors.backward((slopes + slopes.T) @ unit, unit, length),)

    def _of_cosines(self, cosines: np.ndarray, labels: np.ndarray, share: Any) -> Any:
        """The losses, and the gradients with respect to the cosines, unless the share is None."""
        raise NotImplementedError


class NTXent(LabeledLoss):
    r"""NT-Xent, the loss of SimCLR: a positive is to be told from the negatives by its similarity.

    For an anchor i and each other row p of its label (positive), with the rows k of other labels
    (negatives) and the cosines s, :math:`-\log \frac{e^{s_{ip} / T}}{e^{s_{ip} / T} + \sum_k
    e^{s_{ik} / T}}`; `pointwise` is the mean over the positives, and 0 where there are none. The
    mean counts each pair once: rows weigh as many as they have positives. The authors' own code adds
    the means of the two halves, and reads twice as much. Gradient of the sum of all: a row is an
    anchor, and a positive and a negative of others. See the module for digits. No `hessian`.

    Parameters
    ----------
    temperature : float, default 0.07
        :math:`T`, above 0, from 1e-300 on.

    Raises
    ------
    ValueError
        If `temperature` is not above 0; in use, if there are no positives or no negatives.

    References
    ----------
    :cite:p:`chen2020`

    Examples
    --------
    >>> views = [[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [-1.0, 0.0]]
    >>> NTXent(temperature=0.5)([0, 0, 1, 1], views)  # log(1 + 2 exp(-4))
    0.03597...
    """

    def __init__(self, *, temperature: float = 0.07) -> None:
        self.temperature = _vectors.temperature("temperature", temperature)

    def _row_weights(self, labels: Any, embeddings: Any) -> np.ndarray:
        return contrast.counts(labels)

    def _of_cosines(self, cosines: np.ndarray, labels: np.ndarray, share: Any) -> Any:
        # the mean over positives p of -log(e^(s_p/t) / (e^(s_p/t) + sum_k e^(s_k/t)))
        scale = 1.0 / self.temperature
        value, slopes = contrast.pair_among_negatives(scale * cosines, scale, labels, share)
        return value, slopes if slopes is None else scale * slopes


class SupervisedContrastive(LabeledLoss):
    r"""Supervised contrastive loss: NT-Xent with all other rows in the sum, positives too.

    For an anchor i with the positives P, the other rows a and the cosines s, :math:`-\frac{1}{|P|}
    \sum_{p \in P} \log \frac{e^{s_{ip} / T}}{\sum_a e^{s_{ia} / T}}`: the form that the authors
    call "out"; their code multiplies it by :math:`T / 0.07`. At least :math:`\log |P|`; with one
    positive each it is NT-Xent. A row without positives has the loss 0 and is no part of the mean.
    Gradient of the sum of all. See the module for digits. No `hessian`.

    Parameters
    ----------
    temperature : float, default 0.1
        :math:`T`, above 0, from 1e-300 on.

    Raises
    ------
    ValueError
        If `temperature` is not above 0; in use, if there are no positives or no negatives.

    References
    ----------
    :cite:p:`khosla2020`

    Examples
    --------
    >>> loss = SupervisedContrastive(temperature=0.5)
    >>> loss([0, 0, 1, 1], [[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [-1.0, 0.0]])
    0.03597...
    """

    def __init__(self, *, temperature: float = 0.1) -> None:
        self.temperature = _vectors.temperature("temperature", temperature)

    def _of_cosines(self, cosines: np.ndarray, labels: np.ndarray, share: Any) -> Any:
        # the mean over positives p of -log(e^(s_p/t) / sum_a e^(s_a/t))
        scale = 1.0 / self.temperature
        value, slopes = contrast.pairs_among_all(scale * cosines, scale, labels, share)
        return value, slopes if slopes is None else scale * slopes


class Circle(LabeledLoss):
    r"""Circle loss: each similarity is pulled the harder the further it is from where it should be.

    For an anchor with the cosine distances :math:`d_p` to its positives and :math:`d_n` to its
    negatives,

    .. math:: \begin{aligned} \log\Bigl(1 + {} & \sum_p e^{\gamma (d_p^2 - m^2)} \\
              \cdot {} & \sum_n e^{\gamma [1 + m - d_n]_+ (1 - m - d_n)}\Bigr). \end{aligned}

    A row without positives has the loss 0 and is no part of the mean. Gradient of the sum of all,
    through the weights too, as in Keras; the paper, in its equations 9 and 10, and
    pytorch-metric-learning hold them fixed. See the module for digits. No `hessian`.

    Parameters
    ----------
    gamma : float, default 80.0
        The scale :math:`\gamma`, above 0, up to 1e300.
    margin : float, default 0.4
        The relaxation m, at least 0 and below 1: positives are to be closer than m, negatives further
        than 1 - m.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range; in use, if there are no positives or no negatives.

    References
    ----------
    :cite:p:`sun2020`

    Examples
    --------
    >>> views = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    >>> Circle(gamma=1.0, margin=0.0)([0, 0, 1, 1], views)  # log(1 + 2)
    1.09861...
    """

    def __init__(self, *, gamma: float = 80.0, margin: float = 0.4) -> None:
        self.gamma = _vectors.factor("gamma", gamma)
        self.margin = _validate.smoothing("margin", margin)

    def _of_cosines(self, cosines: np.ndarray, labels: np.ndarray, share: Any) -> Any:
        # log(1 + sum_p e^(g (d_p^2 - m^2)) sum_n e^(g [1 + m - d_n]+ (1 - m - d_n)))
        return contrast.circle(cosines, labels, self.gamma, self.margin, share)


class TwoViewLoss(BatchLoss):
    """A loss of two batches of embeddings (n, d): each row belongs with the same row of the other."""

    def _check(self, *inputs: Any, **named: Any) -> tuple[Any, ...]:
        first, second = self.inputs[:2]
        rows = _validate.check_alike(**dict(zip((first, second), inputs, strict=False)))
        for name, array in zip((first, second), rows, strict=True):
            _vectors.directions(name, array)
        if len(rows[0]) < 2:
            raise ValueError(
                f"{first} and {second} have 1 row; expected two or more: without negatives there is "
                "nothing to be told from"
            )
        return rows

    def _both(self, share: Any, first: Any, second: Any, *learned: Any) -> Any:
        (u, u_length), (v, v_length) = vectors.units(first), vectors.units(second)
        value, slopes, more = self._of_cosines(u @ v.T, share, *learned)
        if share is None:
            return value, ()
        return value, (
            vectors.backward(slopes @ v, u, u_length),
            vectors.backward(slopes.T @ u, v, v_length),
            *more,
        )

    def _of_cosines(self, cosines: np.ndarray, share: Any, *learned: Any) -> Any:
        """The losses, the gradients with respect to the cosines, and to what else is learned."""
        raise NotImplementedError


class InfoNCE(TwoViewLoss):
    r"""InfoNCE: each query is to find its own key among the keys of all, by cross-entropy.

    With the cosines s of query i and keys k, :math:`-\log \frac{e^{s_{ii} / T}}{\sum_k e^{s_{ik} /
    T}}`: log n where nothing is told apart; log n less the expected loss is a lower bound of the
    mutual information. The mean is over queries; `CLIP` asks in both directions. Gradient of the sum
    of all, for queries and keys. See the module for digits. No `hessian`.

    Parameters
    ----------
    temperature : float, default 0.07
        :math:`T`, above 0, from 1e-300 on.

    Raises
    ------
    ValueError
        If `temperature` is not above 0; in use, if there is but one row.

    References
    ----------
    :cite:p:`oord2018`

    Examples
    --------
    >>> InfoNCE(temperature=1.0)([[1.0, 0.0], [1.0, 0.0]], [[0.0, 3.0], [0.0, -1.0]]) / math.log(2)
    1.0
    """

    inputs = predicted = ("queries", "keys")

    def __init__(self, *, temperature: float = 0.07) -> None:
        self.temperature = _vectors.temperature("temperature", temperature)

    def _of_cosines(self, cosines: np.ndarray, share: Any, *learned: Any) -> Any:
        # -log(e^(s_i/t) / sum_k e^(s_k/t))
        scale = 1.0 / self.temperature
        value, slopes = contrast.own_column(scale * cosines, scale, share)
        return value, slopes if slopes is None else scale * slopes, ()


class CLIP(TwoViewLoss):
    r"""The loss of CLIP: InfoNCE from images to texts and from texts to images, half of each.

    With the cosines s and the scale t, :math:`-\frac{1}{2} \log \frac{e^{t s_{ii}}}{\sum_k e^{t
    s_{ik}}} - \frac{1}{2} \log \frac{e^{t s_{ii}}}{\sum_k e^{t s_{ki}}}`. Gradient of the sum of all,
    for images and texts; and for the scale, if it is given as an argument. See the module for digits.
    No `hessian`.

    Parameters
    ----------
    scale : float, default 1 / 0.07
        The inverse t of the temperature, above 0, up to 1e300; an argument `scale` takes its place.

    Raises
    ------
    ValueError
        If `scale` is not above 0; in use, if there is but one row.

    References
    ----------
    :cite:p:`radford2021`

    Examples
    --------
    >>> pairs = [[1.0, 0.0], [0.0, 1.0]]
    >>> *_, slope = CLIP().gradient(pairs, pairs, scale=1.0)
    >>> CLIP(scale=1.0)(pairs, pairs).__round__(4), slope.round(4)
    (0.3133, np.float64(-0.5379))
    """

    inputs = predicted = ("images", "texts", "scale")
    optional = shared = ("scale",)

    def __init__(self, *, scale: float = 1 / 0.07) -> None:
        self.scale = _vectors.factor("scale", scale)

    def _check(self, images: Any, texts: Any, scale: Any) -> tuple[Any, ...]:
        given = scale if scale is None else _vectors.factor("scale", scale)
        return (*super()._check(images, texts), given)

    def _of_cosines(self, cosines: np.ndarray, share: Any, *learned: Any) -> Any:
        # -log(e^(t s_i) / sum_k e^(t s_ik)) / 2 - log(e^(t s_i) / sum_k e^(t s_ki)) / 2
        return _both_ways(self, cosines, share, learned[0])


class SigLIP(TwoViewLoss):
    r"""The loss of SigLIP: of each pair of an image and a text, a yes or no by cross-entropy.

    With the cosines s, the scale t, the bias b and the sign z, 1 for the pairs that belong together
    and -1 for all others, :math:`\sum_k \log(1 + e^{-z_{ik} (t s_{ik} + b)})` for the image i. No
    softmax: each pair is judged alone, and the loss of a row grows with the batch. The sign of b is
    that of the authors' code; the formula of their paper has the other. Gradient of the sum of all, for
    images and texts; and for scale and bias, if they are given as arguments. See the module for digits.
    No `hessian`.

    Parameters
    ----------
    scale : float, default 10.0
        The factor t, above 0, up to 1e300; an argument `scale` takes its place.
    bias : float, default -10.0
        The summand b, by which at first almost no pair belongs together; an argument `bias` likewise.

    Raises
    ------
    ValueError
        If `scale` is not above 0; in use, if there is but one row.

    References
    ----------
    :cite:p:`zhai2023`

    Examples
    --------
    >>> SigLIP(scale=1.0, bias=0.0)([[1.0, 0.0], [1.0, 0.0]], [[0.0, 3.0], [0.0, -1.0]]) / math.log(2)
    2.0
    """

    inputs = predicted = ("images", "texts", "scale", "bias")
    optional = shared = ("scale", "bias")

    def __init__(self, *, scale: float = 10.0, bias: float = -10.0) -> None:
        self.scale = _vectors.factor("scale", scale)
        self.bias = _validate.real("bias", bias)

    def _check(self, images: Any, texts: Any, scale: Any, bias: Any) -> tuple[Any, ...]:
        scale = scale if scale is None else _vectors.factor("scale", scale)
        bias = bias if bias is None else _validate.real("bias", bias)
        return (*super()._check(images, texts), scale, bias)

    def _of_cosines(self, cosines: np.ndarray, share: Any, *learned: Any) -> Any:
        # sum_k log(1 + e^(-z_k (t s_k + b)))
        return _each_pair(self, cosines, share, *learned)


class ArcFace(BatchLoss):
    r"""ArcFace: cross-entropy of angles to the classes' centers, that to the true one made wider.

    With the angles :math:`\theta_k` between an embedding and the centers, and the label y, the
    cross-entropy of the logits :math:`t \cos \theta_k`, but :math:`t \cos(\theta_y + m)` for the true
    class. Gradient for the embeddings, and for the centers, which all rows share, that of the sum; 0
    along the kink where an embedding meets its center. Beyond :math:`\theta_y = \pi - m` it turns.
    The authors' code leaves out the slope of angle and margin. See the module for digits. No `hessian`.

    Parameters
    ----------
    scale : float, default 64.0
        The factor t, above 0, up to 1e300.
    margin : float, default 0.5
        The angle m in radians, at least 0 and below :math:`\pi`.

    Raises
    ------
    ValueError
        If a hyperparameter is out of range.

    References
    ----------
    :cite:p:`deng2019`

    Examples
    --------
    >>> centers = [[1.0, 0.0], [0.0, 1.0]]
    >>> ArcFace(scale=1.0, margin=0.5).pointwise([0], [[2.0, 0.0]], centers)  # log(1 + e^-cos(0.5))
    array([0.3476...])
    """

    inputs = ("labels", "embeddings", "centers")
    predicted = ("embeddings", "centers")
    shared = ("centers",)

    def __init__(self, *, scale: float = 64.0, margin: float = 0.5) -> None:
        self.scale = _vectors.factor("scale", scale)
        self.margin = _validate.number("margin", margin, at_least=0.0, below=math.pi)

    def _check(self, labels: Any, embeddings: Any, centers: Any) -> tuple[np.ndarray, ...]:
        embeddings = _vectors.directions("embeddings", embeddings)
        centers = _vectors.directions("centers", centers)
        labels = _vectors.labels("labels", labels, len(embeddings), "embeddings")
        _vectors.check_centers(labels, embeddings, centers)
        return labels, embeddings, centers

    def _both(self, share: Any, labels: Any, embeddings: Any, centers: Any) -> Any:
        # -log(e^(t cos(a_y + m)) / (e^(t cos(a_y + m)) + sum of e^(t cos a_k) of the others))
        return _arcface(self, share, labels, embeddings, centers)


def _both_ways(loss: CLIP, cosines: np.ndarray, share: Any, scale: float | None) -> Any:
    t = loss.scale if scale is None else scale
    half = share if share is None else 0.5 * share
    z = t * cosines
    (ours, slopes), (theirs, others) = (contrast.own_column(a, t, half) for a in (z, z.T))
    value = 0.5 * (ours + theirs)
    if share is None:
        return value, None, ()
    slopes += others.T
    return value, t * slopes, _total(scale, slopes, cosines)


def _each_pair(
    loss: SigLIP, cosines: np.ndarray, share: Any, scale: float | None, bias: float | None
) -> Any:
    t = loss.scale if scale is None else scale
    x, n = t * cosines + (loss.bias if bias is None else bias), len(cosines)
    x.flat[:: n + 1] *= -1.0
    value = softplus(x).sum(axis=1)
    if share is None:
        return value, None, ()
    slopes = sigmoid(x) * column(share)
    slopes.flat[:: n + 1] *= -1.0
    return value, t * slopes, (*_total(scale, slopes, cosines), *_total(bias, slopes, 1.0))


def _arcface(
    loss: ArcFace, share: Any, labels: np.ndarray, embeddings: np.ndarray, centers: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    (u, u_length), (w, w_length) = vectors.units(embeddings), vectors.units(centers)
    rows, own, t = np.arange(len(u)), w[labels], loss.scale
    z = u @ w.T
    away = vectors.rejections(u, own)
    angle = np.arctan2(vectors.lengths(away), z[rows, labels])
    z *= t
    z[rows, labels] = t * np.cos(angle + loss.margin)
    value, slopes = softmax.cross_entropy(labels, z, with_gradient=share is not None)
    if share is None:
        return value, ()
    slopes *= column(t * share)
    turn = column(slopes[rows, labels] * np.sin(angle + loss.margin))  # along the great circle
    slopes[rows, labels] = 0.0
    for_u, for_w = slopes @ w, slopes.T @ u
    for_u += turn * _direction(vectors.rejections(own, u))
    np.add.at(for_w, labels, turn * _direction(away))
    return value, (vectors.backward(for_u, u, u_length), vectors.backward(for_w, w, w_length))


def _direction(x: np.ndarray) -> np.ndarray:
    """The rows divided by their lengths; 0 stays 0."""
    length = vectors.lengths(x)
    return x / column(np.where(length > 0.0, length, 1.0))


def _total(given: Any, slopes: np.ndarray, factor: Any) -> tuple[np.ndarray, ...]:
    """The gradient with respect to a number that all logits share; none if it is not given."""
    return () if given is None else (np.sum(slopes * factor),)
