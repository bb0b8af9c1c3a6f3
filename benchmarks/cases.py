"""What the tests of all losses share: instances to test, and their arguments."""

import numpy as np

from lossbook import losses
from lossbook.losses.binary import BinaryLoss
from lossbook.losses.embeddings import LabeledLoss
from lossbook.losses.margin import MarginLoss
from lossbook.losses.multiclass import MulticlassLoss
from lossbook.losses.pairs import PairLoss
from lossbook.losses.preference import PreferenceLoss
from lossbook.losses.ranking import RankingLoss
from lossbook.losses.regression import RegressionLoss

WEIGHTS = (1.0, 2.0, 0.5)  # of three classes
VARIANTS = {
    losses.PoissonNLL: [{"log_input": False}],
    losses.BinaryCrossEntropy: [
        {"from_logits": True},
        {"label_smoothing": 0.1},
        {"from_logits": True, "label_smoothing": 0.1},
        {"pos_weight": 4.0},
        {"from_logits": True, "pos_weight": 0.25},
        {"from_logits": True, "label_smoothing": 0.1, "pos_weight": 2.0},
    ],
    losses.CrossEntropy: [
        {"from_logits": True},
        {"label_smoothing": 0.1},
        {"from_logits": True, "label_smoothing": 0.1},
        {"class_weight": WEIGHTS},
        {"from_logits": True, "class_weight": WEIGHTS, "ignore_index": -100},
        {"from_logits": True, "label_smoothing": 0.1, "class_weight": WEIGHTS},
    ],
    losses.NLL: [{"class_weight": WEIGHTS, "ignore_index": -100}],
    losses.ZLoss: [{"coefficient": 1.0, "ignore_index": -100}, {"coefficient": 0.25}],
    losses.Distillation: [
        {"temperature": 0.5, "alpha": 1.0},
        {"temperature": 8.0, "alpha": 0.9},
        {"alpha": 0.0},
    ],
    losses.CTC: [{"blank": 3}, {"zero_infinity": True}],
    losses.Focal: [
        {"gamma": 0.0},
        {"gamma": 1.5, "alpha": 0.25},
        {"from_logits": True},
        {"from_logits": True, "gamma": 1.0, "alpha": 0.25},
        {"gamma": 2.0, "alpha": (0.6, 0.3)},
    ],
    losses.Expectile: [{"expectile": 0.1}, {"expectile": 0.8}],
    losses.EpsilonInsensitive: [{"epsilon": 0.0}, {"epsilon": 1.5}],
    losses.SquaredEpsilonInsensitive: [{"epsilon": 0.0}, {"epsilon": 1.5}],
    losses.PseudoHuber: [{"scale": 0.3}, {"scale": 4.0}],
    losses.Cauchy: [{"scale": 0.5}, {"scale": 2**0.5}, {"scale": 3.0}],
    losses.Tukey: [{"scale": 1.0}],
    losses.Barron: [
        {"alpha": -float("inf"), "scale": 2.0},
        {"alpha": -2.0},
        {"alpha": 0.0},
        {"alpha": 0.5, "scale": 2.0},
        {"alpha": 1.5},
        {"alpha": 2.0, "scale": 3.0},
    ],
    losses.Huber: [{"delta": 0.3}, {"delta": 4.0}],
    losses.Pinball: [{"quantile": 0.1}, {"quantile": 0.9}],
    losses.HingeEmbedding: [{"margin": 2.0}],
    losses.Contrastive: [{"margin": 3.0}],
    losses.CosineEmbedding: [{"margin": 0.3}, {"margin": -0.5}],
    losses.MarginRanking: [{"margin": 1.0}],
    losses.NTXent: [{"temperature": 0.5}],
    losses.SupervisedContrastive: [{"temperature": 0.5}],
    losses.Circle: [{"gamma": 4.0, "margin": 0.25}],
    losses.InfoNCE: [{"temperature": 0.5}],
    losses.CLIP: [{"scale": 2.0}],
    losses.SigLIP: [{"scale": 2.0, "bias": -1.0}],
    losses.ArcFace: [{"scale": 4.0, "margin": 0.25}, {"margin": 0.0}],
    losses.DPO: [{"beta": 1.0}],
    losses.IPO: [{"beta": 2.0}],
    losses.KTO: [{"beta": 0.5, "desirable_weight": 1.3, "undesirable_weight": 0.7}],
    losses.Triplet: [{"margin": 0.3, "swap": True}, {"p": 1.0}, {"p": 3.0, "swap": True}],
}
# Near a threshold these magnify the rounding of y_pred - y_true: exact for the rounded residual.
ROUNDED_RESIDUAL = (losses.EpsilonInsensitive, losses.SquaredEpsilonInsensitive, losses.Tukey)

# Hyperparameters at the ends of float64, for accuracy only.
EXTREMES = {
    losses.Expectile: [{"expectile": 1e-300}, {"expectile": 1 - 2**-53}],
    losses.EpsilonInsensitive: [{"epsilon": 1e-300}, {"epsilon": 1e300}],
    losses.SquaredEpsilonInsensitive: [{"epsilon": 1e-300}, {"epsilon": 1e300}],
    losses.PseudoHuber: [{"scale": 1e-300}, {"scale": 1e150}, {"scale": 1e300}],
    losses.Cauchy: [{"scale": 1e-8}, {"scale": 1e8}],
    losses.Tukey: [{"scale": 1e-100}, {"scale": 1e100}],
    losses.Huber: [{"delta": 1e-300}, {"delta": 5e-324}, {"delta": 1e150}, {"delta": 1e300}],
    losses.Pinball: [{"quantile": 1e-300}, {"quantile": 1e-17}, {"quantile": 1 - 2**-53}],
}


def instances(extreme=False, elementwise=False):
    """Every loss of a truth and a prediction: with its defaults and some other hyperparameters."""
    found = [loss for loss in _all(extreme) if isinstance(loss, losses.Loss)]
    return [loss for loss in found if loss.elementwise or not elementwise]


def classes():
    """Every loss class of a truth and a prediction."""
    return [cls for cls in losses.all_losses() if issubclass(cls, losses.Loss)]


def instances_of_several():
    """Every loss of several predictions: with its defaults and some other hyperparameters."""
    return [loss for loss in _all() if isinstance(loss, losses.SeveralLoss)]


def _all(extreme=False):
    for cls in losses.all_losses():
        options = [{}, *VARIANTS.get(cls, [])] + (EXTREMES.get(cls, []) if extreme else [])
        yield from (cls(**option) for option in options)


def magnitudes(rng, count=200):
    """Positive numbers over all of float64: log-spaced, dense in 1e-20 to 1e4, and the edges."""
    edges = [5e-324, 1e-310, 2.2250738585072014e-308, 1e-307, 2**-53, 1e-16, 2.2e-16, 0.5, 1.0]
    edges += [2.0, 19.0, 20.0, 36.0, 37.0, 88.7, 700.0, 709.7, 709.8, 745.2, 1e4, 1e8, 1e16]
    edges += [np.nextafter(1.0, 2), np.nextafter(1.0, 0), 1.3e154, 1.4e154, 1e300, 1e308]
    edges += [1.7976931348623157e308]
    wide = 10 ** rng.uniform(-307, 308, count)
    dense = 10 ** rng.uniform(-20, 4, 2 * count)
    usual = rng.uniform(0, 5, count)
    return np.concatenate([edges, wide, dense, usual])


def sample(loss, rng, n):
    """Arguments with n samples, of a usual size: (y_true, y_pred), or those in `loss.inputs`."""
    if isinstance(loss, losses.SeveralLoss):
        return sample_of_several(loss, rng, n)
    if isinstance(loss, losses.HingeEmbedding):
        return rng.choice([-1.0, 1.0], n), rng.exponential(size=n)
    if isinstance(loss, losses.MeanSquaredLogarithmicError):
        return rng.exponential(size=n), rng.exponential(size=n) * 3
    if isinstance(loss, losses.MeanAbsolutePercentageError):
        y = rng.choice([-1.0, 1.0], n) * (0.1 + rng.exponential(size=n))
        return y, y + rng.normal(size=n)
    if isinstance(loss, BinaryLoss):
        y = rng.choice([0.0, 1.0], n)
        if not isinstance(loss, losses.Focal):
            y = np.where(rng.random(n) < 0.3, rng.random(n), y)
        return y, 3 * rng.normal(size=n) if loss.from_logits else rng.uniform(0.01, 0.99, n)
    if isinstance(loss, MulticlassLoss):
        classes = 4 if loss.class_weight is None else len(loss.class_weight)
        p = 3 * rng.normal(size=(n, classes))
        if loss._predicts_distributions or loss._predicts_log_distributions:
            p = rng.dirichlet(np.ones(classes), n)
        if loss._predicts_log_distributions:
            p = np.log(p)
        if not loss._takes_indices:
            return rng.dirichlet(np.ones(classes), n), p
        return rng.integers(0, classes, n), p
    if isinstance(loss, RankingLoss):
        return rng.permuted(np.tile(np.arange(4.0), (n, 1)), axis=1), 3 * rng.normal(size=(n, 4))
    if isinstance(loss, losses.PoissonNLL):
        y, p = rng.poisson(3.0, n).astype(float), rng.normal(size=n)
        return y, p if loss.log_input else np.exp(p)
    if isinstance(loss, losses.GaussianNLL):
        return rng.normal(size=n), np.stack([rng.normal(size=n), rng.exponential(size=n)], axis=1)
    if isinstance(loss, MarginLoss):
        return rng.choice([-1.0, 1.0], n), 3 * rng.normal(size=n)
    if isinstance(loss, RegressionLoss):
        y = rng.normal(size=n)
        return y, y + 3 * rng.standard_t(2, size=n)
    raise NotImplementedError(type(loss).__name__)


def sample_of_several(loss, rng, n):
    """Arguments of a loss of several predictions with n rows, of a usual size."""
    if isinstance(loss, losses.MarginRanking):
        return rng.choice([-1.0, 1.0], n), *rng.normal(size=(2, n))
    if isinstance(loss, PairLoss):
        return rng.choice([-1.0, 1.0], n), *rng.normal(size=(2, n, 3))
    if isinstance(loss, LabeledLoss):
        labels = rng.permutation(np.arange(n) * 2 // max(n - 1, 2))
        return labels, rng.normal(size=(n, 4))
    if isinstance(loss, losses.ArcFace):
        return rng.integers(0, 3, n), rng.normal(size=(n, 4)), rng.normal(size=(3, 4))
    if isinstance(loss, losses.InfoNCE | losses.CLIP | losses.SigLIP):
        more = tuple(np.array(v) for v in loss.hyperparameters.values())
        more = () if isinstance(loss, losses.InfoNCE) else more
        return *rng.normal(size=(2, n, 4)), *more
    if isinstance(loss, losses.Triplet):
        return tuple(rng.normal(size=(3, n, 3)))
    if isinstance(loss, losses.KTO):
        return rng.integers(0, 2, n) * 1.0, *(5 * rng.normal(size=(2, n)) - 20), np.array(1.5)
    if isinstance(loss, PreferenceLoss):
        return tuple(5 * rng.normal(size=(len(loss.inputs), n)) - 20)
    if isinstance(loss, losses.Distillation):
        return rng.integers(0, 4, n), *rng.normal(size=(2, n, 4))
    if isinstance(loss, losses.CTC):
        labels = [k for k in (1, 2, 3) if k != loss.blank]  # for any blank, 0 too
        steps, lengths = rng.integers(5, 7, n), rng.integers(0, 4, n)
        steps[-1:], lengths[-1:] = 6, 3
        return rng.choice(labels, (n, 3)), rng.normal(size=(n, 6, 4)), steps, lengths
    raise NotImplementedError(type(loss).__name__)


def accuracy_points(loss, rng):
    """Arguments over the whole range of float64, the edges included."""
    if isinstance(loss, losses.HingeEmbedding):
        d = np.concatenate([[0.0], magnitudes(rng)])
        return np.repeat([1.0, -1.0], d.size), np.tile(d, 2)
    if isinstance(loss, losses.MeanSquaredLogarithmicError):
        y, p = magnitudes(rng), magnitudes(rng)
        near = -1 + 10 ** rng.uniform(-16, 0, (2, 300))
        y = np.concatenate([y, y, rng.permutation(y), near[0], np.zeros_like(y), near[0]])
        p = np.concatenate([p, y[: p.size] * (1 - 1e-9), p, near[1], p, p[:300]])
        usable = np.isfinite(y) & np.isfinite(p) & (y > -1) & (p > -1)
        return y[usable], p[usable]
    if isinstance(loss, losses.MeanAbsolutePercentageError):
        y, p = magnitudes(rng), magnitudes(rng)
        y = np.concatenate([y, -y, rng.permutation(y)])
        with np.errstate(over="ignore"):
            p = np.concatenate([p, p, y[-p.size :] * (1 + 10 ** rng.uniform(-15, 1, p.size))])
            kept = np.isfinite(p) & np.isfinite(p - y)
        return y[kept], p[kept]
    if isinstance(loss, BinaryLoss):
        x = magnitudes(rng)
        if loss.from_logits:
            x = np.concatenate([[0.0, -0.0], x, -x])
        else:
            x = x[x <= 1]
            x = np.concatenate([[0.0], x, 1 - x, rng.random(100)])
        y, x = np.repeat([1.0, 0.0], x.size), np.tile(x, 2)
        if not isinstance(loss, losses.Focal):  # soft labels
            given = rng.uniform(-25, 25, 400) if loss.from_logits else rng.random(400)
            y, x = np.concatenate([y, rng.random(400)]), np.concatenate([x, given])
        return y, x
    if isinstance(loss, losses.PoissonNLL):
        p = magnitudes(rng)
        if loss.log_input:  # e^x and y x of one sign, or far apart
            p = np.concatenate([[0.0], -p, p])
            y = np.where(p < 0, rng.integers(2, 9, p.size), 0) * (rng.random(p.size) < 0.7)
            return y.astype(float), p
        y = np.where(p < 0.9, rng.integers(0, 9, p.size), 0)
        return np.append(y.astype(float), [0.0, 2.0]), np.append(p, [0.0, 0.0])
    if isinstance(loss, MarginLoss):
        f = magnitudes(rng)
        f = np.concatenate([[0.0, -0.0], f, -f])
        return np.repeat([1.0, -1.0], f.size), np.tile(f, 2)
    if isinstance(loss, RegressionLoss):
        r = magnitudes(rng)
        r = np.concatenate([[0.0], r, -r])
        if isinstance(loss, losses.Barron):
            r = r[np.abs(r) <= 1e307]
        if isinstance(loss, ROUNDED_RESIDUAL) or loss.hyperparameters.get("alpha") == -np.inf:
            return np.zeros_like(r), r
        y = rng.normal(size=300) * 10 ** rng.uniform(-5, 5, 300)
        p = y * (1 + rng.normal(size=300) * 10 ** rng.uniform(-12, 2, 300))
        return np.concatenate([np.zeros_like(r), y]), np.concatenate([r, p])
    raise NotImplementedError(type(loss).__name__)
