"""The card of a loss: its answers to the four questions, read off its facts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from html import escape
from typing import Any

from live_figures.html import inline

from .style import hue

__all__ = ["answers", "card", "table"]

_YES: dict[bool | None, str] = {True: "yes", False: "no"}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")  # where the name of a class may be broken


def answers(loss: Any) -> dict[str, str]:
    """What the card says about a loss, line by line.

    Parameters
    ----------
    loss : Loss
        The loss with its hyperparameters.

    Returns
    -------
    dict of str to str
        The answer to each question; math stands between dollars. A line is left out where the
        question does not apply to the loss.

    Examples
    --------
    >>> from lossbook.losses import Huber
    >>> lines = answers(Huber(delta=1.0))
    >>> lines["Convex"], lines["Slope"]
    ('yes', 'at most 1')
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
        "Proper": _proper(facts),
        "Classification-calibrated": _YES.get(facts.classification_calibrated),
    }
    return {name: text for name, text in lines.items() if text}


def _convex(facts: Any) -> str | None:
    """Whether the loss is convex in the prediction."""
    return "strictly" if facts.strictly_convex else _YES.get(facts.convex)


def _proper(facts: Any) -> str | None:
    """Whether the loss is a proper scoring rule."""
    if facts.proper is None:
        return None
    return "strictly" if facts.strictly_proper else "not strictly" if facts.proper else "no"


def _smooth(facts: Any) -> str | None:
    """Whether there is a kink or a jump, and how far the curvature goes."""
    if facts.smooth is None or not facts.smooth:
        kinks = ", ".join(f"{k:g}" for k in facts.kinks)
        name = "jump" if _jumps(facts) else "kink"
        return _YES.get(facts.smooth) and (f"no: {name} at {kinks}" if kinks else "no")
    bend = facts.gradient_lipschitz
    if bend is None:
        return "yes"
    return "yes" if math.isinf(bend) else f"yes; curvature at most {bend:.4g}"


def _slope(facts: Any) -> str | None:
    """How steep the loss is at most."""
    steepest = facts.lipschitz
    if steepest is None:
        return None
    if _jumps(facts):
        return "infinite at the jump"
    return "grows without bound" if math.isinf(steepest) else f"at most {steepest:.4g}"


def _jumps(facts: Any) -> bool:
    """Whether the kinks are jumps: an infinite slope in a loss that stays bounded."""
    return bool(facts.bounded and facts.kinks and facts.lipschitz == math.inf)


def card(*losses: Any) -> None:
    """Show the cards of one or more losses.

    Parameters
    ----------
    *losses : Loss
        The losses, side by side.

    Examples
    --------
    >>> from lossbook.losses import Huber, MeanSquaredError
    >>> card(MeanSquaredError(), Huber(delta=1.0))
    <IPython.core.display.HTML object>
    """
    from IPython.display import HTML, display

    display(HTML(f'<div class="loss-cards">{"".join(map(_html, losses))}</div>'))


def _html(loss: Any) -> str:
    """The card of a loss."""
    lines = "".join(
        f"<dt>{escape(name)}</dt><dd>{inline(text)}</dd>" for name, text in answers(loss).items()
    )
    return (
        f'<div class="loss-card lb-{hue(loss)}" role="group" tabindex="0" '
        f'aria-label="{escape(loss.facts.name)}"><p class="loss-card-title">'
        f"<b>{inline(loss.facts.name)}</b> <code>{escape(repr(loss))}</code></p>"
        f"<dl>{lines}</dl></div>"
    )


#: the columns of the table of all cards: a line of the card each
_COLUMNS = (
    "Best constant",
    "Noise model",
    "Convex",
    "Smooth",
    "Slope",
    "Bounded",
    "Symmetric",
    "Proper",
    "Classification-calibrated",
)


def table(losses: Iterable[Any]) -> None:
    """Show the cards of many losses as one table; on the website it can be sorted and filtered.

    Parameters
    ----------
    losses : iterable of Loss
        The losses, a row each.

    Examples
    --------
    >>> from lossbook.losses import all_losses
    >>> table(cls() for cls in all_losses())
    <IPython.core.display.HTML object>
    """
    from IPython.display import HTML, display

    head = "".join(
        f'<th scope="col"{"" if name == "Formula" else " data-sort"}>{name}</th>'
        for name in ("Loss", "Task", *_COLUMNS, "Formula")
    )
    rows = "".join(map(_row, losses))
    display(
        HTML(
            '<div class="loss-table"><div class="loss-table-scroll" role="region" tabindex="0" '
            'aria-label="The cards of all losses"><table><thead><tr>'
            f"{head}</tr></thead><tbody>{rows}</tbody></table></div></div>"
        )
    )


def _row(loss: Any) -> str:
    """The row of a loss in the table."""
    facts, lines = loss.facts, answers(loss)
    cells = "".join(
        f'<td data-key="{escape(_key(loss, name, lines.get(name, "")))}">'
        f"{inline(lines.get(name, '–'))}</td>"
        for name in _COLUMNS
    )
    kind = type(loss).__name__
    return (
        f'<tr id="card-{kind}" data-task="{escape(facts.task)}"><th scope="row" '
        f'data-key="{escape(facts.name)}"><b class="lb-{hue(loss)}">{inline(facts.name)}</b> '
        f'<code>{_HUMP.sub("<wbr>", kind)}</code></th><td data-key="{escape(facts.task)}">{escape(facts.task)}</td>'
        f"{cells}<td>{inline(lines.get('Loss', '–'))}</td></tr>"
    )


def _key(loss: Any, column: str, text: str) -> str:
    """What the table sorts by: the slope as a number, all else as it is written; nothing goes last."""
    if column == "Slope":
        return "" if loss.facts.lipschitz is None else str(loss.facts.lipschitz)
    return text
