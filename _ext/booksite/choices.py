"""The choices of an exercise: where its question lists them, they are said once, at the buttons of the form.

What the form says in its place is marked `asked-below`: it is shown to readers without the form, in print and in
notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from docutils import nodes

#: what ends the words of a choice within a sentence
_END = re.compile(r"[\s;,.?]*(\bor)?\s*$")
_BELOW = {"classes": ["asked-below"]}


def words_of(content: nodes.Element, choices: Iterable[str]) -> dict[str, list[nodes.Node]]:
    """What a question says of each choice, as nodes; none where it goes on saying it itself.

    What is to be said at the buttons is marked in `content`.
    """
    names = set(choices)
    found = {}
    blocks = list(content.children)
    for block in blocks:
        if isinstance(block, nodes.paragraph):
            found.update(_of_sentences(block, names))
    for block in blocks:
        if isinstance(block, nodes.bullet_list):
            listed = _of_list(block)
            if names <= set(listed):
                if block is blocks[-1]:
                    block["classes"] += _BELOW["classes"]
                    found.update(listed)
                else:  # the question goes on about them
                    found.update(dict.fromkeys(names, ()))
        if isinstance(block, nodes.enumerated_list):
            found.update({n: [] for n in names if n.isdigit() and int(n) <= len(block)})
    return {name: [n.deepcopy() for n in said] for name, said in found.items()}


def _name(node: nodes.Node) -> str:
    return node.astext().strip("\"'") if isinstance(node, nodes.literal | nodes.strong) else ""


def _of_list(block: nodes.bullet_list) -> dict[str, list[nodes.Node]]:
    """The name with which each item begins, and the rest of it."""
    found = {}
    for item in block.children:
        words = [n for n in item.children[0].children if n.astext()] if item.children else []
        first, *rest = words or [nodes.Text("")]
        if rest and isinstance(rest[0], nodes.Text):
            rest[0] = nodes.Text(rest[0].astext().lstrip(": "))
        found[_name(first)] = rest
    return found


def _of_sentences(paragraph: nodes.paragraph, names: set[str]) -> dict[str, list[nodes.Node]]:
    """Mark the sentences of a paragraph, each a line, that list the choices or say how to write the answer."""
    found: dict[str, list[nodes.Node]] = {}
    made: list[nodes.Node] = []
    lines = _lines(paragraph.children)
    hidden = 0
    for line in lines:
        text = "".join(node.astext() for node in line)
        listed = {_name(node) for node in line} >= names or all(f"({n}) " in text for n in names)
        if made:
            made.append(nodes.Text("\n"))
        if text.startswith("Answer"):
            found.update(_between(line, names))
            made.append(nodes.inline("", "", *line, **_BELOW))
            hidden += 1
        elif listed and (cut := _cut(line)):
            before, after = cut
            mark = "?" if "?" in text else "."
            shown = f'<span class="asked-here">{mark}</span>'
            made += [*before, nodes.raw("", shown, format="html")]
            made.append(nodes.inline("", "", *after, **_BELOW))
        else:
            made += line
    if hidden == len(lines):
        paragraph["classes"] += _BELOW["classes"]
    elif len(made) != len(paragraph.children) or hidden:
        paragraph.children = []
        paragraph += made
    return found


def _lines(children: list[nodes.Node]) -> list[list[nodes.Node]]:
    lines: list[list[nodes.Node]] = [[]]
    for node in children:
        if not isinstance(node, nodes.Text):
            lines[-1].append(node)
            continue
        for k, part in enumerate(node.astext().split("\n")):
            if k:
                lines.append([])
            if part:
                lines[-1].append(nodes.Text(part))
    return lines


def _cut(line: list[nodes.Node]) -> tuple[list[nodes.Node], list[nodes.Node]] | None:
    """A line before and from the last colon that stands before its first choice."""
    for k, node in enumerate(line):
        text = node.astext()
        if isinstance(node, nodes.Text) and ":" in text:
            head, tail = text.split(":", 1)
            return [*line[:k], nodes.Text(head)], [nodes.Text(f":{tail}"), *line[k + 1 :]]
    return None


def _between(line: list[nodes.Node], names: set[str]) -> dict[str, list[nodes.Node]]:
    """What follows each name up to the next one, if anything does."""
    found: dict[str, list[nodes.Node]] = {}
    name = ""
    for node in line:
        if _name(node) in names:
            name = _name(node)
            found[name] = []
        elif name:
            found[name].append(node)
    for said in found.values():
        if said and isinstance(said[0], nodes.Text):
            said[0] = nodes.Text(said[0].astext().lstrip())
        if said and isinstance(said[-1], nodes.Text):
            said[-1] = nodes.Text(_END.sub("", said[-1].astext()))
    return {name: said for name, said in found.items() if "".join(n.astext() for n in said)}
