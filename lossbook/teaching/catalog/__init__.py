"""The catalog of all losses: what their entries say about them, and a live figure of each.

Its pages are made from `losses.all_losses()`, so that none can be forgotten: a page of the book holds a line
such as ``<!-- catalog: regression -->``, and `expanded` puts the sections of that page in its place.
"""

import re
from collections.abc import Mapping

from lossbook import losses
from lossbook.losses.entries.entry import Entry, Peer

from ..cards import answers
from .figures import entry, live_figure, overview, slug
from .passages import PAGES, chapter, passage

__all__ = ["Entry", "Peer", "entry", "expanded", "live_figure", "overview", "slug"]

_MARK = re.compile(r"^<!-- catalog: (\w+) -->$", re.M)
_LINKS = "links"


def expanded(text: str, numbers: Mapping[str, int | None] | None = None) -> str:
    """The Markdown of a page with the sections of its losses, or with links to all of them.

    Parameters
    ----------
    text : str
        The Markdown of a page, with marks such as ``<!-- catalog: regression -->``.
    numbers : mapping of str to int, optional
        The numbers of the chapters by their pages; one without a number is called by its title.

    Returns
    -------
    str
        The text with these in place of the marks.

    Raises
    ------
    ValueError
        If a mark names no page of the catalog.

    Examples
    --------
    >>> expanded("<!-- catalog: links -->").splitlines()[0]
    '| Loss | Task | Best constant |'
    """

    def fill(match: re.Match) -> str:
        if match[1] == _LINKS:
            return _links()
        if match[1] not in PAGES:
            raise ValueError(f"the mark names {match[1]!r}; expected one of {[*PAGES, _LINKS]}")
        modules = PAGES[match[1]]
        return "\n".join(
            _section(cls, (numbers or {}).get(chapter(cls)))
            for cls in losses.all_losses()
            if cls.__module__.rpartition(".")[2] in modules
        )

    return _MARK.sub(fill, text)


def _cell(words: str) -> str:
    """In a table: a bar would end the cell, in a formula too; and a minus sign is no hyphen."""
    if "$" in words:
        return words.replace("|", r"\vert ")
    return re.sub(r"(?<!\w)-(?=\d)", "−", words).replace("|", r"\|")


def _links() -> str:
    rows = ["| Loss | Task | Best constant |", "|---|---|---|"]
    for cls in losses.all_losses():
        facts = cls().facts
        rows.append(
            f"| {{ref}}`{facts.name} <catalog-{slug(cls)}>` | {facts.task} | "
            f"{_cell(facts.best_constant or '–')} |"
        )
    return "\n".join(rows)


def _displayed(formula: str) -> str:
    """A formula with definitions behind it has a row for each: on a phone they do not fit side by side."""
    rows = formula.split(r", \quad ")
    if len(rows) == 1:
        return formula
    return "\n".join(
        [r"\begin{aligned}", ", \\\\\n".join(f"& {row}" for row in rows), r"\end{aligned}"]
    )


def _section(cls: type, number: int | None) -> str:
    page = f"chapter {number} <{chapter(cls)}>" if number else chapter(cls)
    said, facts, lines = entry(cls), cls().facts, answers(cls())
    lines.pop("Loss", None)
    table = "\n".join(f"| {key} | {_cell(value)} |" for key, value in lines.items())
    return f"""
(catalog-{slug(cls)})=
## {facts.name}

{{py:class}}`lossbook.losses.{cls.__name__}`, after {{cite}}`{facts.reference}`.
Explained in {{doc}}`{page}`, {{ref}}`{passage(cls)}`.

$$
{_displayed(facts.formula)}
$$
{said.where and f"{chr(10)}{said.where[0].upper()}{said.where[1:]}.{chr(10)}"}
```{{code-cell}} ipython3
:tags: [remove-input]
catalog.live_figure(losses.{cls.__name__})
```

**When.**
{said.use}

**When not.**
{said.avoid}

| Question | Answer |
|---|---|
{table}

{_peers(said)}
"""


def _peers(said: Entry) -> str:
    if not said.peers:
        nobody = "None of PyTorch, Keras, optax and scikit-learn has it under a name of its own"
        beyond = ", ".join(f"{library} as `{name}`" for library, name in said.beyond)
        return f"{nobody}; {beyond}." if beyond else f"{nobody}."
    rows = ["| Elsewhere | Name and defaults | Note |", "|---|---|---|"]
    for peer in said.peers:
        defaults = ", ".join(f"{k}={v!r}" for k, v in peer.defaults.items())
        call = f"{peer.name}({defaults})" if defaults else peer.name
        rows.append(f"| {peer.library} | `{call}` | {peer.note or 'the same'} |")
    return "\n".join(rows)
