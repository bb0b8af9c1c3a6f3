"""The cover of the book: all losses as one field of fine curves through one common zero."""

from __future__ import annotations

import numpy as np

from lossbook import losses

from . import style
from .catalog.figures import SLICES, curves

__all__ = ["field"]

_NEAR = 2e-3  #: a loss that only comes near its least value has its zero where so much of its height is left


def _places(cls: type) -> tuple[np.ndarray, np.ndarray]:
    """The curve of a loss: across from its zero at 0, upward from 0 in parts of its panel."""
    how = SLICES[cls]
    value = curves(cls).value
    value = (value - value.min()) / how.top
    low = value <= _NEAR
    zero = how.x[low][np.argmin(np.abs(how.x[low]))] if low.any() else how.x[np.argmin(value)]
    across = (how.x - zero) / np.ptp(how.x) * 2
    if len(np.unique(value)) <= 2:  # a step is upright
        return np.repeat(across, 2)[1:], np.repeat(value, 2)[:-1]
    # a curve that ends early is drawn wider: none ends inside of the field
    sides = [side for side in (-across[0], across[-1]) if side > 0.2]
    return across / min(1.0, *sides), value


def field(width: float, height: float, zero: tuple[float, float] = (0.5, 0.9)) -> str:
    """The field of curves in a box, squared error alone in blue.

    Parameters
    ----------
    width, height : float
        The size of the box, in pixels.
    zero : tuple of float, default (0.5, 0.9)
        Where in the box the common zero is, across and down, in parts of it.

    Returns
    -------
    str
        An SVG; what leaves the box is cut off.

    Examples
    --------
    >>> field(600, 300).count("<path") == len(losses.all_losses())
    True
    """
    across, down = zero[0] * width, zero[1] * height
    blue, ink = style.C["blue"], style.C["ink"]
    paths = []
    for cls in losses.all_losses():
        x, y = _places(cls)
        seen = y * down < down + height  # a little more than the box
        points = " ".join(
            f"{across + a * width * 0.62:.1f} {down - b * down:.1f}"
            for a, b in zip(x[seen], y[seen], strict=True)
        )
        squared = cls is losses.MeanSquaredError
        look = f'stroke="{blue}" stroke-width="5"' if squared else f'stroke="{ink}" opacity=".5"'
        paths.append((squared, f'<path d="M{points}" {look}/>'))
    drawn = "".join(path for _, path in sorted(paths, key=lambda p: p[0]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" aria-hidden="true">'
        f'<g fill="none" stroke-width="1.3" stroke-linejoin="round" stroke-linecap="round">{drawn}</g></svg>'
    )
