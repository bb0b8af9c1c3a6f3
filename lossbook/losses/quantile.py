r"""Losses for regression with a price for each side: their best constants are quantiles and
expectiles of the level :math:`\tau`."""

from __future__ import annotations

from typing import Any

import numpy as np

from lossbook import _validate
from lossbook.losses.regression import RegressionLoss

__all__ = ["Expectile", "Pinball"]


class Pinball(RegressionLoss):
    r"""Pinball or quantile loss :math:`\max(\tau (y - \hat y), (1 - \tau) (\hat y - y))`.

    The :math:`\tau`-quantile minimizes it. With :math:`\tau = 1/2` it is half the absolute error.
    Gradient :math:`-\tau` if :math:`\hat y < y`, :math:`1 - \tau` if :math:`\hat y > y`, 0 at the
    kink.

    Parameters
    ----------
    quantile : float, default 0.5
        The level :math:`\tau`, strictly between 0 and 1.

    Raises
    ------
    ValueError
        If `quantile` is not strictly between 0 and 1.

    References
    ----------
    :cite:p:`koenkerbassett1978`

    Examples
    --------
    >>> Pinball(quantile=0.75).pointwise([2.0, 2.0], [0.0, 4.0])
    array([1.5, 0.5])
    """

    def __init__(self, *, quantile: float = 0.5) -> None:
        self.quantile = _validate.open_unit("quantile", quantile)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # -tau r where r < 0, else (1 - tau) r
        r = y_pred - y_true
        return _price(r, self.quantile) * r

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return _price(y_pred - y_true, self.quantile)

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return np.zeros_like(y_pred)


class Expectile(RegressionLoss):
    r"""Asymmetric squared error: :math:`\tau r^2` if :math:`r < 0`, else :math:`(1 - \tau) r^2`.

    The :math:`\tau`-expectile minimizes it, as the quantile minimizes the pinball loss. With
    :math:`\tau = 1/2` it is half the squared error, and the expectile is the mean.

    Parameters
    ----------
    expectile : float, default 0.5
        The level :math:`\tau`, strictly between 0 and 1.

    Raises
    ------
    ValueError
        If `expectile` is not strictly between 0 and 1.

    References
    ----------
    :cite:p:`newey1987powell`

    Examples
    --------
    >>> Expectile(expectile=0.75).pointwise([2.0, 2.0], [0.0, 4.0])
    array([3., 1.])
    """

    def __init__(self, *, expectile: float = 0.5) -> None:
        self.expectile = _validate.open_unit("expectile", expectile)

    def pointwise(self, y_true: Any, y_pred: Any) -> np.ndarray:
        # tau r^2 where r < 0, else (1 - tau) r^2; the price first, or a square might overflow
        r = y_pred - y_true
        return _price(r, self.expectile) * np.abs(r) * r

    def gradient(self, y_true: Any, y_pred: Any) -> np.ndarray:
        r = y_pred - y_true
        return 2.0 * (_price(r, self.expectile) * np.abs(r))

    def hessian(self, y_true: Any, y_pred: Any) -> np.ndarray:
        return 2.0 * np.where(y_pred < y_true, self.expectile, 1.0 - self.expectile)


def _price(r: Any, tau: float) -> Any:
    """What a unit of residual costs, signed: -tau where r < 0, 1 - tau where r > 0, and 0 at 0."""
    return np.clip(np.sign(r), -tau, 1.0 - tau)
