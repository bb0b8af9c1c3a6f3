"""What becomes of each directive. Each function gets the translator, the title, the options and the lines.

Where one is not known the book does not build its notebooks, so that nothing stands raw in one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .frameworks import TABS, Subject
from .labels import term_anchor, terms
from .lines import anchor, fence_around, html, in_a_cell, quoted, unlinked

if TYPE_CHECKING:
    from .markdown import Translator


def _admonition(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    if "dropdown" in options.get("class", "").split():
        return _dropdown(to, title, options, body)
    head = [f"**{_unbold(title)}**", ""] if title else []
    return ["", *_named(options), *quoted([*head, *to.blocks(body)]), ""]


def _guess(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    """The question, and its answers; what they open in the figure is of the site."""
    return _admonition(
        to, "Guess first", {}, [re.sub(r"\s*\|\s*(mark|view):.*", "", s) for s in body]
    )


def _dropdown(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    summary = [f"<summary><b>{html(title or 'More')}</b></summary>"]
    if "$" in title:  # in a line of HTML, VS Code would show its TeX
        summary = ["<summary>", "", f"**{_unbold(unlinked(title))}**", "", "</summary>"]
    return ["", *_named(options), "<details>", *summary, "", *to.blocks(body), "", "</details>", ""]


def _exercise(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    if "label" not in options:
        raise ValueError(f"the exercise {title!r} has no label")
    label = options["label"]
    heading = f"### {to.labels[label].text} {title}".rstrip()
    return ["", anchor(label), "", heading, "", *to.blocks(body), ""]


def _plain(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    return ["", *_named(options), *to.blocks(body), ""]


def _tab(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    return ["", *_named(options), f"**{_unbold(title)}**", "", *to.blocks(body), ""]


def _card(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    """A title, which leads where the card leads, and its text; rules part header, text and footer."""
    title = f"**{_unbold(title)}**" if title else ""
    if "link" in options:
        kind, words = options.get("link-type", "url"), unlinked(title) or "More"
        if kind not in ("url", "doc", "ref"):
            raise ValueError(f"a card whose link-type is {kind!r} is not known here")
        title = to.link(options["link"], words, kind)
    body = ["" if re.fullmatch(r"\^{3,}|\+{3,}", line.strip()) else line for line in body]
    return ["", *_named(options), title, "", *to.blocks(body), ""]


def _glossary(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    out, names = [], terms("\n".join(body))
    for line in body:
        if line in names:
            out += ["", f'<a id="{term_anchor(line)}"></a>**{line}**', ""]
        else:
            out.append(line.strip())
    return [*to.inline("\n".join(out)).split("\n"), ""]


def _frameworks(to: Translator, name: str, options: dict, body: list[str]) -> list[str]:
    """The tabs of a subject, each folded."""
    out: list[str] = []
    for tab, code, printed, fence in Subject(name).panes():
        out += ["", "<details>", f"<summary><b>{TABS[tab][0]}</b></summary>", ""]
        out += [f"{fence}python", *code, fence, "", "prints", ""]
        out += [f"{fence}text", *printed, fence, "", "</details>", ""]
    return out


def _nothing(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    return []


def _math(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    tex = [line for line in [title, *body] if line.strip()]
    if any(r"\\" in line for line in tex) and not any(r"\begin{" in line for line in tex):
        tex = [r"\begin{aligned}", *tex, r"\end{aligned}"]  # as Sphinx does
    return to.equation(tex, options.get("label") or options.get("name") or "")


def _code(to: Translator, language: str, options: dict, body: list[str]) -> list[str]:
    fence = fence_around("\n".join(body))
    caption = _caption(to, options, to.inline(options.get("caption", "")))
    return ["", *_named(options), *caption, f"{fence}{language}", *body, fence, ""]


def _image(to: Translator, path: str, options: dict, body: list[str]) -> list[str]:
    return ["", *_named(options), to.image(path, options.get("alt", "")), ""]


def _figure(to: Translator, path: str, options: dict, body: list[str]) -> list[str]:
    caption = to.blocks(body)
    first = next((k for k, line in enumerate(caption) if line.strip()), None)
    if first is not None:
        caption[first : first + 1] = _caption(to, options, caption[first])[:1]
    image = to.image(path, options.get("alt", ""))
    return ["", *_named(options), image, "", *caption, ""]


def _table(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    return ["", *_named(options), *_caption(to, options, title), *to.blocks(body), ""]


def _list_table(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
    """Rows are `* - first cell`, `  - second cell`; what is indented deeper goes on with the cell."""
    rows: list[list[str]] = []
    for line in filter(str.strip, body):
        row, cell = re.match(r"[*-] +- ?(.*)", line), re.match(r" +- ?(.*)", line)
        if row:
            rows.append([row[1]])
        elif cell and rows:
            rows[-1].append(cell[1])
        elif line[0].isspace() and rows:
            rows[-1][-1] += " " + line.strip()
        else:
            raise ValueError(f"a list-table with the line {line!r} is not known here")
    if not rows or len({len(row) for row in rows}) > 1:
        raise ValueError("a list-table whose rows have not the same number of cells")
    rows = [[in_a_cell(to.inline(cell.strip())) for cell in row] for row in rows]
    if options.get("header-rows", "0") == "0":
        rows.insert(0, [""] * len(rows[0]))
    rows.insert(1, ["---"] * len(rows[0]))
    table = [f"| {' | '.join(row)} |" for row in rows]
    return ["", *_named(options), *_caption(to, options, title), *table, ""]


def _caption(to: Translator, options: dict, words: str) -> list[str]:
    """The number, where the thing has a name, and the words under it or over it."""
    name = options.get("name") or options.get("label")
    number = f"**{to.labels[name].text}.** " if name and words else ""
    return [number + words, ""] if words else []


def _named(options: dict) -> list[str]:
    name = options.get("name") or options.get("label")
    return [anchor(name), ""] if name else []


def _unbold(title: str) -> str:
    return title.replace("**", "")


def _kind(name: str):
    """An admonition that says its kind where the author gives no title."""
    words = name.capitalize().replace("Seealso", "See also")

    def directive(to: Translator, title: str, options: dict, body: list[str]) -> list[str]:
        return _admonition(to, title or words, options, body)

    return directive


DIRECTIVES = {
    "admonition": _admonition,
    "guess": _guess,
    "topic": _admonition,
    "sidebar": _admonition,
    "margin": _admonition,
    "epigraph": _admonition,
    "dropdown": _dropdown,
    "toggle": _dropdown,
    "exercise": _exercise,
    **dict.fromkeys(("tab-set", "div", "container", "grid", "grid-item", "card-carousel"), _plain),
    "tab-item": _tab,
    "card": _card,
    "grid-item-card": _card,
    "glossary": _glossary,
    "exercise-progress": _nothing,
    "live-figure": _nothing,
    "shape": _nothing,
    "frameworks": _frameworks,
    "math": _math,
    "code": _code,
    "code-block": _code,
    "image": _image,
    "figure": _figure,
    "table": _table,
    "list-table": _list_table,
}
for _name in (
    "note",
    "tip",
    "hint",
    "important",
    "warning",
    "caution",
    "attention",
    "danger",
    "error",
    "seealso",
):
    DIRECTIVES[_name] = _kind(_name)
#: whose first line is a path, a language or a number of columns, and no prose
BARE = {
    "code",
    "code-block",
    "image",
    "figure",
    "frameworks",
    "math",
    "grid",
    "tab-set",
    "div",
    "container",
}
