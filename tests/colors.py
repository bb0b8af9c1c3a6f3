"""How well a color is seen on another: the contrast of WCAG 2."""

import re

import numpy as np


def contrast(a: str, b: str) -> float:
    """Of two colors as CSS gives them back, "rgb(20, 24, 29)", or as Python writes them, "#14181d"."""
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    if re.fullmatch(r"#[0-9a-f]{6}", color):
        channels = [int(color[i : i + 2], 16) for i in (1, 3, 5)]
    elif found := re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", color):
        channels = [int(c) for c in found.groups()]
    else:
        raise ValueError(f"color is {color!r}; expected '#rrggbb' or 'rgb(r, g, b)'")
    shares = [c / 255 for c in channels]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


#: what a reader without red or without green cones sees, as matrices on linear RGB (Machado, Oliveira and
#: Fernandes 2009, severity 1)
BLINDNESS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}  # fmt: skip
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip


def difference(a: str, b: str, blindness: str | None = None) -> float:
    """How far two colors "#rrggbb" are apart, in CIELAB (Delta E of 1976), to readers of a kind."""
    return float(np.linalg.norm(_lab(a, blindness) - _lab(b, blindness)))


def _lab(color: str, blindness: str | None) -> np.ndarray:
    shares = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    if blindness:
        linear = np.clip(np.array(BLINDNESS[blindness]) @ linear, 0, 1)
    xyz = _XYZ @ linear / (_XYZ @ np.ones(3))
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
