"""Footnotes, which no notebook's front end knows: numbers in the text, and a list at the end."""

from __future__ import annotations

import re
from collections.abc import Callable

_OPENING = re.compile(r"\[\^([^\[\]\s]+)\]: *(.*)")


class Notes:
    """The footnotes of a page, numbered as they are referred to."""

    def __init__(self):
        self._order: list[str] = []
        self._texts: dict[str, str] = {}

    @staticmethod
    def opening(line: str) -> bool:
        return bool(_OPENING.match(line))

    @staticmethod
    def end(lines: list[str], at: int) -> int:
        """A note goes on with the lines of its paragraph, and with what is indented."""
        while at + 1 < len(lines):
            after = lines[at + 1]
            follows = next((x for x in lines[at + 1 :] if x.strip()), "")
            if _OPENING.match(after) or not (after.strip() or follows.startswith("  ")):
                break
            if after.strip() and not after.startswith(" ") and not lines[at].strip():
                break
            at += 1
        return at

    def define(self, lines: list[str], inline: Callable[[str], str]) -> None:
        label, first = _OPENING.match(lines[0]).groups()
        if label in self._texts:
            raise ValueError(f"the note {label!r} is there twice")
        self._texts[label] = inline(" ".join(filter(None, map(str.strip, [first, *lines[1:]]))))

    def reference(self, label: str) -> str:
        if label not in self._order:
            self._order.append(label)
        return f"[[{self._order.index(label) + 1}](#note-{label})]"

    def listed(self) -> str:
        for label in self._order:
            if label not in self._texts:
                raise ValueError(f"there is no note {label!r}")
        return "\n".join(
            f'{k}. <a id="note-{label}"></a>{self._texts[label]}'
            for k, label in enumerate(self._order, 1)
        )
