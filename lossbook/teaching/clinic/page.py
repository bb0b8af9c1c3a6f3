"""The clinic as HTML: disclosures, with or without a script."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from live_figures.html import inline

from .. import disclosures
from ..disclosures import Answer, Question
from .cause import Cause
from .symptoms import CLINIC, Symptom

__all__ = ["paths", "show"]

_NOTE = (
    "The code is for PyTorch where nothing else is said; `F` is `torch.nn.functional`. In it `model`, `loss_fn`, "
    "`optimizer`, `loader` and a batch `x, y` are yours. Each test takes about a minute: one batch, or some hundred "
    "steps. Some take steps or change the model or its mode: run them on a copy, or in a process of their own. A test "
    "can say yes for a neighbor in its list, too: where we found that, on faults made on purpose, it says how to tell "
    "them apart. Under each list stands where its order comes from."
)


def paths(question: Question = CLINIC) -> Iterator[tuple[tuple[Answer, ...], Symptom]]:
    """Walk every path of answers through the clinic.

    Parameters
    ----------
    question : Question, optional
        Where the paths begin; at the first question by default.

    Returns
    -------
    iterator of (tuple of Answer, Symptom)
        The answers of each path, and the symptom at its end.

    Examples
    --------
    >>> symptoms = {path[-1].key: symptom for path, symptom in paths()}
    >>> [cause.key for cause in symptoms["scale"].causes]
    ['scale-search', 'scale-falls', 'scaler-order']
    """
    return disclosures.paths(question)


def show() -> None:
    """Show the clinic: what the reader may see, as disclosures that open at a click or at Enter.

    Examples
    --------
    >>> show()
    <IPython.core.display.HTML object>
    """
    from IPython.display import HTML, display

    note = f'<p class="clinic-note">{inline(_NOTE)}</p>'
    display(HTML(disclosures.tree(CLINIC, "clinic", _symptom, note)))


def _symptom(symptom: Symptom, name: str) -> str:
    """The end of a path: its causes, each a disclosure."""
    causes = disclosures.choices(name, ((c.key, c.name, _cause(c)) for c in symptom.causes))
    return (
        f'<p class="clinic-note">{inline(symptom.note)}</p>{causes}'
        f'<p class="clinic-order"><b>Order.</b> {inline(symptom.order)}</p>'
    )


def _cause(cause: Cause) -> str:
    """A cause: the test, what it shows, the cure, and where to read more."""
    elsewhere = "".join(
        f"<p>{escape(framework)}</p>{_code(code)}" for framework, code in cause.elsewhere
    )
    return (
        f'<div class="clinic-cause"><p><b>Test.</b> {inline(cause.test)}</p>{_code(cause.code)}'
        f"<p><b>If it is this:</b> {inline(cause.shows)}</p>"
        f"<p><b>Cure.</b> {inline(cause.cure)}</p>{_code(cause.fix)}{elsewhere}"
        f'<p class="guide-more">{disclosures.link(cause.passage)}</p></div>'
    )


def _code(code: str) -> str:
    """A block of code, if there is any."""
    return f'<div class="highlight"><pre>{escape(code)}</pre></div>' if code else ""
