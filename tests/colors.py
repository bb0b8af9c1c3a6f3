"""How well a color is seen on another: the contrast of WCAG 2."""

import re


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
