"""One shape for each chapter, for the cards of the first page: in the ink of the page, with one dot."""

from __future__ import annotations

import numpy as np

from lossbook import losses

__all__ = ["shape"]

_SIZE = 96


def _curve(x: np.ndarray, y: np.ndarray) -> str:
    """A path through points of the unit square, y upward."""
    points = " ".join(f"{10 + 76 * a:.1f} {86 - 76 * b:.1f}" for a, b in zip(x, y, strict=True))
    return f'<path d="M{points}"/>'


def _loss(loss: losses.Loss, low: float, high: float, top: float, truth: float = 0.0) -> str:
    """The curve of a loss over predictions from `low` to `high`, up to the height `top`."""
    prediction = np.linspace(low, high, 49)
    cost = loss.pointwise(np.full(49, truth), prediction)
    seen = cost <= top
    return _curve(((prediction - low) / (high - low))[seen], cost[seen] / top)


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{10 + 76 * x:.1f}" cy="{86 - 76 * y:.1f}" r="6.5" class="shape-dot"/>'


def _points(*places: tuple[float, float]) -> str:
    return "".join(
        f'<circle cx="{10 + 76 * x:.1f}" cy="{86 - 76 * y:.1f}" r="4" class="shape-point"/>'
        for x, y in places
    )


def _zigzag() -> str:
    """Gradient descent in a narrow valley, and one line of equal height."""
    place, path = np.array([-0.94, 0.66]), []
    for _ in range(11):
        path.append(place)
        place = place - 0.165 * np.array([1.6, 10.0]) * place
    x, y = np.array(path).T
    angle = np.linspace(0, 2 * np.pi, 49)
    valley = _curve(0.5 + 0.5 * np.cos(angle), 0.5 + 0.3 * np.sin(angle))
    return f'<g class="shape-faint">{valley}</g>{_curve((x + 1) / 2, (y + 1) / 2)}{_dot(0.5, 0.5)}'


def _spike() -> str:
    """A training curve that jumps out of the picture."""
    t = np.linspace(0, 0.6, 25)
    fall = 0.12 + 0.75 * np.exp(-6 * t)
    return _curve(np.append(t, 0.68), np.append(fall, 1.0)) + _dot(0.86, 0.93)


def _lattice() -> str:
    """Three paths through a lattice that end in one word."""
    x, ways = (
        np.linspace(0, 0.9, 4),
        ([0.9, 0.9, 0.6, 0.3], [0.9, 0.6, 0.3, 0.3], [0.6, 0.6, 0.6, 0.3]),
    )
    paths = "".join(_curve(x, np.array(way)) for way in ways)
    return (
        f'<g class="shape-faint">{paths}</g>'
        + _points(*zip(x[:3], ways[1][:3], strict=False))
        + _dot(0.9, 0.3)
    )


def _drawings() -> dict[str, str]:
    return {
        "fundamentals": _points((0.05, 0.56), (0.2, 0.56), (0.32, 0.56), (1.0, 0.56))
        + _curve(np.array([0, 1]), np.array([0.46, 0.46]))
        + _curve(np.array([0.39, 0.29, 0.49, 0.39]), np.array([0.46, 0.2, 0.2, 0.46]))
        + _dot(0.39, 0.2),
        "significance": '<circle cx="48" cy="48" r="37" class="shape-faint"/>'
        '<path d="M48 48 66 24M48 48 38 66"/>' + _dot(0.75, 0.81),
        "mse": _loss(losses.MeanSquaredError(), -2, 2, 4) + _dot(0.85, 0.49),
        "cross_entropy": _loss(losses.BinaryCrossEntropy(), 0.01, 1, 4.2, truth=1.0)
        + _dot(0.06, 0.62),
        "hinge": _loss(losses.Hinge(), -2, 3, 3, truth=1.0) + _dot(0.6, 0.0),
        "optimization": _zigzag(),
        "custom_losses": _loss(losses.Pinball(quantile=0.8), -4, 2, 1.6) + _dot(2 / 3, 0.0),
        "challenges": _points((0.05, 0.1), (0.2, 0.2), (0.38, 0.24), (0.55, 0.38), (0.9, 0.52))
        + _curve(np.array([0, 1]), np.array([0.08, 0.58]))
        + _dot(0.72, 0.95),
        "training": _spike(),
        "comparisons": _points((0.36, 0.5), (0.56, 0.72))
        + '<circle cx="37.4" cy="48" r="30" class="shape-faint"/>'
        + _curve(np.array([0.36, 0.88]), np.array([0.5, 0.3]))
        + _curve(np.array([0.36, 0.56]), np.array([0.5, 0.72]))
        + _dot(0.92, 0.29),
        "sequences": _lattice(),
        "conclusion": '<path d="M12 48H40M40 48 62 26M40 48 62 70M62 26H84M62 70H84"/>' + _dot(0.98, 0.79),
    }  # fmt: skip


def shape(name: str) -> str:
    """The shape of a chapter, as SVG that takes its colors from the page.

    Parameters
    ----------
    name : str
        The chapter, as its file is called: ``"mse"``.

    Returns
    -------
    str
        An SVG without a text alternative: it stands beside the title.

    Raises
    ------
    ValueError
        If no chapter has that name.

    Examples
    --------
    >>> shape("mse")[:4]
    '<svg'
    """
    drawings = _drawings()
    if name not in drawings:
        raise ValueError(f"name is {name!r}; expected one of {', '.join(drawings)}")
    return f'<svg class="shape" viewBox="0 0 {_SIZE} {_SIZE}" aria-hidden="true">{drawings[name]}</svg>'
