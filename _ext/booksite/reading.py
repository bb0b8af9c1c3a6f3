"""What makes the pages read well: lines that break where they may, folded cells that say what they hold, and
docstrings whose sections become fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parents[2]
#: a formula no longer than this stays on one line with the punctuation that touches it
SHORT = 30


class KeepPunctuation(SphinxTransform):
    """No line begins with the comma after a formula, or ends with the bracket before it.

    A browser may break a line on either side of a formula, whatever stands there.
    """

    default_priority = 880  # the quotation marks are curly by now

    def apply(self, **kwargs) -> None:
        for math in list(self.document.findall(nodes.math)):
            if len(math.astext()) > SHORT or not isinstance(math.parent, nodes.TextElement):
                continue
            line, at = math.parent, math.parent.index(math)
            opening = closing = ""
            if at + 1 < len(line) and isinstance(line[at + 1], nodes.Text):
                closing = re.match(r"[,.;:!?)\]’”]*", line[at + 1])[0]
                line[at + 1] = nodes.Text(line[at + 1][len(closing) :])
            if at and isinstance(line[at - 1], nodes.Text):
                opening = re.search(r"[(\[“‘]*$", line[at - 1])[0]
                line[at - 1] = nodes.Text(line[at - 1][: len(line[at - 1]) - len(opening)])
            if opening or closing:
                kept = nodes.inline(classes=["keep"])
                line[at] = kept
                kept += [nodes.Text(opening), math, nodes.Text(closing)]


def _held(mode: str | None, code: str) -> str | None:
    """What a folded cell holds, where that is more than the code of a figure."""
    if mode == "input" and re.search(r"^style\.use\(\)", code, re.M):
        return "the setup"
    if mode == "all" and re.search(r"\bcheck\(\s*\"", code):
        return "the solution"
    if mode == "all" and re.search(r"^\s*assert\b", code, re.M):
        return "how this is checked"
    return None


class Prompts(SphinxTransform):
    """A folded cell says what it holds."""

    default_priority = 700

    def apply(self, **kwargs) -> None:
        for cell in self.document.findall(nodes.container):
            code = cell.children[0].astext() if cell.children else ""
            if what := _held(cell.get("hide_mode"), code):
                cell["prompt_show"], cell["prompt_hide"] = f"Show {what}", f"Hide {what}"


# ------------------------------------------------------------------------------ docstrings


@cache
def _cited() -> set[str]:
    bibliography = (ROOT / "chapters" / "references.bib").read_text("utf-8")
    return set(re.findall(r"^@\w+\{([^,\s]+),", bibliography, re.M))


def _cite(line: str) -> str:
    """`huber1964`, where the bibliography has it, as a citation."""
    return re.sub(
        r"\(?`([a-z0-9]+)`\)?",
        lambda m: f":cite:p:`{m[1]}`" if m[1] in _cited() else m[0],
        line,
    )


def _entries(lines: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The entries of a section, and the paragraphs that follow them."""
    entries: list[tuple[str, list[str]]] = []
    for i, line in enumerate(lines):
        if line.startswith(" ") and entries:
            entries[-1][1].append(line.strip())
            continue
        if not line.strip():
            continue
        name, colon, text = line.partition(" : ")
        indented = i + 1 < len(lines) and lines[i + 1].startswith(" ")
        if not (colon or indented) or " " in name.replace(", ", ""):
            return [(n, _joined(t)) for n, t in entries], lines[i:]
        entries.append((name, [text] if colon else []))
    return [(n, _joined(t)) for n, t in entries], []


def _joined(texts: list[str]) -> str:
    """The words behind the colon and the lines below them, which may be one sentence or two."""
    if len(texts) > 1 and texts[0][-1:] not in ".,;:" and texts[1][:1].isupper():
        return f"*{texts[0]}*. " + " ".join(texts[1:])
    return " ".join(texts)


def fields(lines: list[str]) -> Iterator[str]:
    """The sections of a docstring in NumPy's style as fields.

    What stands behind the name of a parameter is prose here, and a paragraph after the last one is no parameter.
    """
    at = 0
    while at < len(lines):
        head = lines[at].strip()
        ruled = at + 1 < len(lines) and re.fullmatch(r"\s*-{3,}\s*", lines[at + 1])
        if not ruled or head not in ("Parameters", "Attributes", "Returns", "Raises", "Warns"):
            yield lines[at]
            at += 1
            continue
        at += 2
        end = at
        while end < len(lines) and not (
            end + 1 < len(lines) and re.fullmatch(r"\s*-{3,}\s*", lines[end + 1])
        ):
            end += 1
        section, at = lines[at:end], end
        yield ""
        if head == "Returns":
            blank = next((i for i, line in enumerate(section) if not line.strip()), len(section))
            yield ":Returns: " + " ".join(line.strip() for line in section[:blank])
            rest = section[blank:]
        else:
            entries, rest = _entries(section)
            yield f":{head}:"
            for name, text in entries:
                yield f"    * **{name}** – {text}"
        yield ""
        yield from rest


def docstring(app, what, name, obj, options, lines) -> None:
    lines[:] = [_cite(line) for line in fields(lines)]


def setup(app) -> dict:
    app.add_transform(KeepPunctuation)
    app.add_transform(Prompts)
    app.connect("autodoc-process-docstring", docstring, priority=400)  # before napoleon's
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
