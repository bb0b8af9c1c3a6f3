"""The package's docstrings as the API reference shows them: what stands below the parameters is no parameter.

The docstrings are written to be read in a terminal: ``name : what it is`` in a line, then notes and the sources, by
their keys. Napoleon would take the words for a type, the notes for parameters, and leave the keys as they are.
"""

from __future__ import annotations

import re

_NAMES = r"(\*{0,2}\w+(?:, \*{0,2}\w+)*)"
_ENTRY = re.compile(_NAMES + " : (.+)")
_KEY = re.compile(r"(?<![:`])`(\w+)`(?!`)")


def arrange(lines: list[str]) -> list[str]:
    """A docstring with the notes above its parameters, and the words of each in a line of their own."""
    rules = [i for i, line in enumerate(lines) if re.fullmatch(r"-{3,}", line)]
    starts = [i - 1 for i in rules if i and lines[i - 1] == "Parameters"]
    if not starts:
        return lines
    start = starts[0]
    end = next((i - 1 for i in rules if i > start + 1), len(lines))
    entries: list[str] = []
    at = start + 2
    while at < end:
        line, found = lines[at], _ENTRY.match(lines[at])
        heads = re.fullmatch(_NAMES, line) and lines[at + 1 : at + 2] and lines[at + 1][:1] == " "
        if line and not line[0].isspace() and not found and not heads:
            break  # the notes begin
        entries += [found[1], f"    {found[2]}"] if found else [line]
        at += 1
    notes = lines[at:end]
    return [*lines[:start], *notes, "", *lines[start : start + 2], *entries, "", *lines[end:]]


def cited(line: str, keys: set[str]) -> str:
    """The keys of sources in a line as citations."""
    return _KEY.sub(lambda m: f":cite:`{m[1]}`" if m[1] in keys else m[0], line)


def process(app, what, name, obj, options, lines: list[str]) -> None:
    if name.startswith("lossbook."):
        keys = set(app.env.get_domain("cite").bibdata.data.entries)
        lines[:] = [cited(line, keys) for line in arrange(lines)]


def setup(app) -> dict:
    app.connect("autodoc-process-docstring", process, priority=400)  # before Napoleon
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
