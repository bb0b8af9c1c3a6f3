"""What is said of the robust losses."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

from .entry import Entry
from .facts import Noise

__all__ = ["ENTRIES"]

_entry = partial(
    Entry,
    task="regression",
    strictly_proper=None,
    proper=None,
    classification_calibrated=None,
    link=None,
)


def _student(loss: Any) -> Noise | None:
    """Student noise, whose degrees of freedom are c^2 - 1: with c up to 1 there is none."""
    freedom = loss.scale * loss.scale - 1.0
    if freedom <= 0:
        return None
    scale = loss.scale / math.sqrt(freedom)
    return Noise(name="Student t", distribution="t", parameters=(("df", freedom), ("scale", scale)))


def _of_shape(loss: Any) -> Noise | None:
    """The noise model of Barron's loss, which has a name for some shapes, and a density above 0."""
    c = loss.scale
    known = {
        2.0: Noise(name="Gaussian", distribution="norm", parameters=(("scale", c),)),
        1.0: Noise(
            name="Hyperbolic",
            distribution="genhyperbolic",
            parameters=(("p", 1.0), ("a", 1.0), ("b", 0.0), ("scale", c)),
        ),
        0.0: Noise(
            name="Cauchy", distribution="cauchy", parameters=(("scale", math.sqrt(2.0) * c),)
        ),
    }
    general = Noise(name="Barron's general distribution") if loss.alpha > 0.0 else None
    return known.get(loss.alpha, general)


def _steepest(loss: Any) -> float:
    """The greatest slope of Barron's loss."""
    alpha = loss.alpha
    if alpha > 1.0:
        return math.inf
    if alpha == 1.0:
        return 1.0 / loss.scale
    if alpha == -math.inf:
        return math.exp(-0.5) / loss.scale
    return ((2.0 - alpha) / (1.0 - alpha)) ** ((alpha - 1.0) / 2.0) / loss.scale


_SQUARE, _SLOPE = r"((\hat y - y)/c)^2", r"\frac{\hat y - y}{c^2}"
_INSIDE = rf"\left(\frac{{{_SQUARE}}}{{2 - \alpha}} + 1\right)"
_FORMULAS = {
    2.0: rf"\frac{{1}}{{2}} {_SQUARE}",
    0.0: rf"\log\left(1 + \frac{{1}}{{2}} {_SQUARE}\right)",
    -math.inf: rf"1 - e^{{-{_SQUARE}/2}}",
}
_GRADIENTS = {2.0: _SLOPE, -math.inf: rf"{_SLOPE} e^{{-{_SQUARE}/2}}"}


#: by the name of the class
ENTRIES = {
    "PseudoHuber": _entry(
        name="Pseudo-Huber loss",
        formula=r"c^2 \left(\sqrt{1 + ((\hat y - y) / c)^2} - 1\right)",
        gradient=r"\frac{\hat y - y}{\sqrt{1 + ((\hat y - y) / c)^2}}",
        best_constant="pseudo-Huber M-estimate",
        noise=lambda loss: Noise(
            name="Hyperbolic",
            distribution="genhyperbolic",
            parameters=(
                ("p", 1.0),
                ("a", loss.scale * loss.scale),
                ("b", 0.0),
                ("scale", loss.scale),
            ),
        ),
        convex=True,
        strictly_convex=True,
        smooth=True,
        gradient_lipschitz=1.0,
        lipschitz=lambda loss: loss.scale,
        bounded=False,
        symmetric=True,
        reference="charbonnier1997",
        use="Huber's loss, smooth to all orders; for second-order methods.",
        avoid="You rely on a sharp threshold: it bends everywhere.",
        beyond=(("SciPy", 'least_squares(loss="soft_l1")'),),
        claim="The pull grows and levels off at $c$, without a corner.",
    ),
    "Cauchy": _entry(
        name="Cauchy loss",
        formula=r"\frac{c^2}{2} \log\left(1 + \left(\frac{\hat y - y}{c}\right)^2\right)",
        gradient=r"\frac{\hat y - y}{1 + ((\hat y - y) / c)^2}",
        best_constant="Cauchy M-estimate",
        noise=_student,
        convex=False,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=1.0,
        lipschitz=lambda loss: loss.scale / 2.0,
        bounded=False,
        symmetric=True,
        reference="barron2019",
        use="Many targets may be far off, and far off they should lose their voice.",
        avoid="You need a convex objective: beyond the scale the pull falls, and there can be false valleys.",
        beyond=(("SciPy", 'least_squares(loss="cauchy")'),),
        claim="The pull is strongest where the error equals the scale, and fades beyond.",
    ),
    "Tukey": _entry(
        name="Tukey's biweight",
        formula=r"\begin{cases} \frac{c^2}{6} \left(1 - (1 - ((\hat y - y)/c)^2)^3\right)"
        r" & |\hat y - y| \le c \\ \frac{c^2}{6} & |\hat y - y| > c \end{cases}",
        gradient=r"\begin{cases} (\hat y - y) \left(1 - ((\hat y - y)/c)^2\right)^2"
        r" & |\hat y - y| \le c \\ 0 & |\hat y - y| > c \end{cases}",
        best_constant="Tukey's M-estimate",
        noise=None,
        convex=False,
        strictly_convex=False,
        smooth=True,
        gradient_lipschitz=1.0,
        lipschitz=lambda loss: 16.0 / (25.0 * math.sqrt(5.0)) * loss.scale,
        bounded=True,
        symmetric=True,
        reference="beatontukey1974",
        use="Targets beyond some size are certainly wrong and should not be heard at all.",
        avoid="You have no good start: it is not convex and can have many valleys. The absolute error's fit is a "
        "good start only while no wrong target sits at an unusual input.",
        claim="Beyond $c$ the curve is flat: such an error is written off.",
    ),
    "Barron": _entry(
        name="Barron's general loss",
        formula=lambda loss: _FORMULAS.get(
            loss.alpha, rf"\frac{{2 - \alpha}}{{\alpha}} \left({_INSIDE}^{{\alpha/2}} - 1\right)"
        ),
        gradient=lambda loss: _GRADIENTS.get(loss.alpha, rf"{_SLOPE} {_INSIDE}^{{\alpha/2 - 1}}"),
        best_constant=lambda loss: "mean" if loss.alpha == 2.0 else "Barron's M-estimate",
        noise=_of_shape,
        convex=lambda loss: loss.alpha >= 1.0,
        strictly_convex=lambda loss: loss.alpha >= 1.0,
        smooth=True,
        gradient_lipschitz=lambda loss: 1.0 / loss.scale / loss.scale,
        lipschitz=_steepest,
        bounded=lambda loss: loss.alpha < 0.0,
        symmetric=True,
        reference="barron2019",
        use="You would rather turn a dial from squared error to Welsch's loss than choose.",
        avoid="You want to learn the dial by minimizing: without its normalizing constant the flattest loss wins.",
        claim="One dial leads from the square at $\\alpha = 2$ to losses that forget their outliers.",
    ),
}
