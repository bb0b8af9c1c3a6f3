"""Colors that follow the page: each color of a figure becomes a CSS variable with a dark partner.

A figure is drawn once, in its light colors. ``#1f77b4`` is written as ``var(--lf-1f77b4)``, and two
rules beside the figure give that variable its light and its dark value. The dark partner is chosen with
`pair`, or else computed: same hue, lightness mirrored in the perceptual space OKLCH (Björn Ottosson, 2020).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from .settings import DARK

__all__ = ["pair"]

_PAIRS: dict[str, str] = {}
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
#: letters whose size the page may change (see `svg`), and what they measured as they were drawn
_SCALED = re.compile(r"calc\(([\d.]+px)\*var\([^()]*\)\)")


def pair(light: str, dark: str) -> None:
    """Show `light` as `dark` in a dark theme.

    Parameters
    ----------
    light, dark : str
        Colors as ``'#rrggbb'``.

    Raises
    ------
    ValueError
        If one of them is no such color.

    Examples
    --------
    >>> pair("#1f77b4", "#6fb7e9")
    >>> dark("#1f77b4")
    '#6fb7e9'
    """
    for name, value in (("light", light), ("dark", dark)):
        if not (isinstance(value, str) and _HEX.fullmatch(value)):
            raise ValueError(f"{name} holds {value!r}; expected a color as '#rrggbb'")
    _PAIRS[light.lower()] = dark.lower()


def pairs() -> dict[str, str]:
    """The chosen pairs, for worker processes."""
    return dict(_PAIRS)


def _to_oklab(color: str) -> tuple[float, float, float]:
    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    r, g, b = (linear(int(color[i : i + 2], 16) / 255) for i in (1, 3, 5))
    l_ = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    m_ = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    s_ = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * l_ + 0.7936177850 * m_ - 0.0040720468 * s_,
        1.9779984951 * l_ - 2.4285922050 * m_ + 0.4505937099 * s_,
        0.0259040371 * l_ + 0.7827717662 * m_ - 0.8086757660 * s_,
    )


def _from_oklab(lightness: float, a: float, b: float) -> str:
    l3 = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m3 = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s3 = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3

    def channel(c: float) -> int:
        c = min(max(c, 0.0), 1.0)
        c = 12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055
        return round(255 * c)

    rgb = (
        4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
        -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
        -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3,
    )
    return "#" + "".join(f"{channel(c):02x}" for c in rgb)


def dark(color: str) -> str:
    """The color that stands for `color` (``#rrggbb``) in a dark theme."""
    color = color.lower()
    if color in _PAIRS:
        return _PAIRS[color]
    lightness, a, b = _to_oklab(color)
    # white (1) to the page's dark ground (0.2), black (0) to near white (0.93), the middle stays
    mirrored = 0.93 - 0.73 * lightness
    chroma = math.hypot(a, b)
    if chroma > 0.04:  # a color, not a gray: keep it vivid on the dark ground
        mirrored = max(mirrored, 0.68)
    return _from_oklab(mirrored, a, b)


def variable(color: str) -> str:
    """The CSS variable of a color, as a value."""
    return f"var(--lf-{color[1:].lower()})"


def use_variables(style: str) -> str:
    """`style` with each ``#rrggbb`` replaced by its variable."""
    return _HEX.sub(lambda m: variable(m.group()), style)


_VARIABLE = re.compile(r"var\(--lf-([0-9a-f]{6})\)")


def used(html: str) -> set[str]:
    """The colors whose variables `html` uses."""
    return {"#" + c for c in _VARIABLE.findall(html)}


def fixed(svg: str, colors: Mapping[str, str]) -> str:
    """An SVG with these colors, and letters as they were drawn, in place of variables of the page."""
    svg = _VARIABLE.sub(lambda m: colors["#" + m[1]], svg)
    return _SCALED.sub(r"\1", svg)


def rules(colors: set[str], selector: str, places: Sequence[str] = DARK) -> str:
    """CSS that defines the variables of `colors` for `selector`: light, in the dark `places`, and in print."""
    ordered = sorted({c.lower() for c in colors} | {"#000000"})  # black is what text is drawn in
    light = ";".join(f"--lf-{c[1:]}:{c}" for c in ordered)
    night = "{" + ";".join(f"--lf-{c[1:]}:{dark(c)}" for c in ordered) + "}"
    always = [place for place in places if not place.startswith("@media")]
    found = [f"{','.join(f'{place} {selector}' for place in always)}{night}"] if always else []
    for place in places:
        if place.startswith("@media"):
            query, _, ancestor = place.rpartition(")")
            found.append(f"{query}){{{ancestor.strip()} {selector}{night}}}")
    return f"{selector}{{{light}}}@media not print{{{''.join(found)}}}"


_DEFINED = re.compile(r"--lf-([0-9a-f]{6}):(#[0-9a-f]{6})")


def of_rules(css: str, name: str) -> dict[str, str]:
    """The colors that `rules` wrote, as they are in the light or in the dark theme."""
    light, _, night = css.partition("@media not print")
    found = {"#" + color: shown for color, shown in _DEFINED.findall(light)}
    if name == "dark":
        found |= {"#" + color: shown for color, shown in _DEFINED.findall(night)}
    return found
