"""The catalog of all losses: what the losses say of themselves, when to use them, and their peers.

Its pages are made from `losses.all_losses()`, so that none can be forgotten: a page of the book holds a line
such as ``<!-- catalog: regression -->``, and `expanded` puts the sections of that family in its place.
"""

import re

from ... import losses
from . import classes, margins, regression
from .entry import Entry, Peer
from .figures import explore, overview, slug

__all__ = ["ENTRIES", "FAMILIES", "Entry", "Peer", "expanded", "explore", "overview", "slug"]

#: the entries by family, each by the name of the loss
FAMILIES = {
    "regression": regression.ENTRIES,
    "classes": classes.ENTRIES,
    "margins": margins.ENTRIES,
}
#: all entries by the name of the loss
ENTRIES = {name: entry for family in FAMILIES.values() for name, entry in family.items()}
_MARK = re.compile(r"^<!-- catalog: (\w+) -->$", re.M)
_LINKS = "links"


def expanded(text: str) -> str:
    """The Markdown of a page with the sections of its families, or with links to all of them."""

    def fill(match: re.Match) -> str:
        if match[1] == _LINKS:
            return _links()
        if match[1] not in FAMILIES:
            raise ValueError(f"the mark names {match[1]!r}; expected one of {[*FAMILIES, _LINKS]}")
        return "\n".join(_section(name, entry) for name, entry in FAMILIES[match[1]].items())

    return _MARK.sub(fill, text)


def _links() -> str:
    rows = ["| Loss | Task | Best constant |", "|---|---|---|"]
    for cls in losses.all_losses():
        facts = cls().facts
        rows.append(
            f"| {{ref}}`{facts.name} <catalog-{slug(cls)}>` | {facts.task} | "
            f"{facts.best_constant or '–'} |"
        )
    return "\n".join(rows)


def _section(name: str, entry: Entry) -> str:
    from ..cards import answers

    cls = getattr(losses, name)
    facts = cls().facts
    lines = answers(cls())
    lines.pop("Loss", None)
    cite = f", {{cite}}`{facts.reference}`" if facts.reference else ""
    formula = f"$$\n{facts.formula}\n$$\n" if facts.formula else ""
    # a bar would end the cell
    cells = {key: value.replace("|", r"\vert ") for key, value in lines.items()}
    table = "\n".join(f"| {key} | {value} |" for key, value in cells.items())
    return f"""
(catalog-{slug(cls)})=
## {facts.name}

{{py:class}}`lossbook.losses.{name}`{cite}.

{formula}
```{{code-cell}} ipython3
:tags: [remove-input]
catalog.explore(losses.{name}, catalog.ENTRIES["{name}"].claim)
```

**When.**
{entry.use}

**When not.**
{entry.avoid}

| Question | Answer |
|---|---|
{table}

{_peers(entry.peers)}
"""


def _peers(peers: tuple[Peer, ...]) -> str:
    if not peers:
        return "None of PyTorch, Keras, optax and scikit-learn has it under a name of its own."
    rows = ["| Elsewhere | Name and defaults | Note |", "|---|---|---|"]
    for peer in peers:
        defaults = ", ".join(f"{k}={v!r}" for k, v in peer.defaults.items())
        call = f"{peer.name}({defaults})" if defaults else peer.name
        rows.append(f"| {peer.library} | `{call}` | {peer.note or 'the same'} |")
    return "\n".join(rows)
