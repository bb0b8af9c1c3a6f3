"""What the tests of all losses share: instances to test, and their arguments."""

import numpy as np

from lossbook import losses
from lossbook.losses.regression import RegressionLoss

VARIANTS = {
    losses.Huber: [{"delta": 0.3}, {"delta": 4.0}],
    losses.Pinball: [{"quantile": 0.1}, {"quantile": 0.9}],
}
# Hyperparameters at the ends of float64, for accuracy only.
EXTREMES = {
    losses.Huber: [{"delta": 1e-300}, {"delta": 5e-324}, {"delta": 1e150}, {"delta": 1e300}],
    losses.Pinball: [{"quantile": 1e-300}, {"quantile": 1e-17}, {"quantile": 1 - 2**-53}],
}


def instances(extreme=False):
    """Every loss of the package: with its defaults and with some other hyperparameters."""
    found = []
    for cls in losses.all_losses():
        options = [{}, *VARIANTS.get(cls, [])] + (EXTREMES.get(cls, []) if extreme else [])
        found += [cls(**option) for option in options]
    return found


def magnitudes(rng, count=400):
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
    """Arguments (y_true, y_pred) with n samples, of a usual size."""
    if isinstance(loss, RegressionLoss):
        y = rng.normal(size=n)
        return y, y + 3 * rng.standard_t(2, size=n)
    raise NotImplementedError(type(loss).__name__)


def accuracy_points(loss, rng):
    """Arguments over the whole range of float64, the edges included."""
    if isinstance(loss, RegressionLoss):
        r = magnitudes(rng)
        r = np.concatenate([[0.0], r, -r])
        y = rng.normal(size=300) * 10 ** rng.uniform(-5, 5, 300)
        p = y * (1 + rng.normal(size=300) * 10 ** rng.uniform(-12, 2, 300))
        return np.concatenate([np.zeros_like(r), y]), np.concatenate([r, p])
    raise NotImplementedError(type(loss).__name__)
