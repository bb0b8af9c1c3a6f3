"""The card of a loss: its answers to the four questions, read off its facts."""

from __future__ import annotations

import math
from html import escape
from typing import Any

from .interact.publish import inline
from .style import hue

_YES = {True: "yes", False: "no"}


def answers(loss: Any) -> dict[str, str]:
    """What the card says of a loss, line by line; math stands between dollars.

    A line is left out where the question does not apply to the loss.
    """
    facts = loss.facts
    lines = {
        "Loss": facts.formula and f"${facts.formula}$",
        "Gradient": facts.gradient and f"${facts.gradient}$",
        "Best constant": facts.best_constant,
        "Noise model": facts.noise and facts.noise.name,
        "Convex": _convex(facts),
        "Smooth": _smooth(facts),
        "Slope": _slope(facts),
        "Bounded": _YES.get(facts.bounded),
        "Symmetric": _YES.get(facts.symmetric),
        "Proper": _YES.get(facts.proper),
        "Calibrated": _YES.get(facts.calibrated),
    }
    return {name: text for name, text in lines.items() if text}


def _convex(facts: Any) -> str | None:
    return "strictly" if facts.strictly_convex else _YES.get(facts.convex)


def _smooth(facts: Any) -> str | None:
    if facts.smooth is None or not facts.smooth:
        kinks = ", ".join(f"{k:g}" for k in facts.kinks)
        return _YES.get(facts.smooth) and (f"no: kink at {kinks}" if kinks else "no")
    bend = facts.gradient_lipschitz
    if bend is None:
        return "yes"
    return "yes" if math.isinf(bend) else f"yes; curvature at most {bend:g}"


def _slope(facts: Any) -> str | None:
    steepest = facts.lipschitz
    if steepest is None:
        return None
    return "grows without bound" if math.isinf(steepest) else f"at most {steepest:g}"


def card(*losses: Any) -> None:
    """Show the cards of one or more losses."""
    from IPython.display import HTML, display

    display(HTML(f'<div class="loss-cards">{"".join(map(_html, losses))}</div>'))


def _html(loss: Any) -> str:
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{inline(text)}</dd>" for name, text in answers(loss).items()
    )
    return (
        f'<section class="loss-card lb-{hue(loss)}"><p class="loss-card-title">'
        f"<b>{escape(loss.facts.name)}</b> <code>{escape(repr(loss))}</code></p>"
        f"<dl>{lines}</dl></section>"
    )
