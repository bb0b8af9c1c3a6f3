"""What gives the parts of a page their height, before they are laid out: book.css makes pixels of it.

A block far from the window takes that room (`content-visibility`), so that the scroll bar and a jump are nearly
right; a block once seen keeps its true height.
"""

from __future__ import annotations

import math
import re

from .edits import end, words

_BLOCK = re.compile(
    r'<div class="(?:(cell|exercise) [^">]*"|(?:[\w-]+ )?(admonition|highlight|pst-scrollable-table-container)")'
    r'|(?:^|(?<=</div>)|(?<=</details>))<(p(?=>)|[uod]l\b)(?: class="[\w -]+")?(?=>)',
    re.M,
)
_LISTING = re.compile(r'<div class="highlight"[^>]*><pre[^>]*>(.*?)</pre>', re.S)
_FOLDED = re.compile(r"<details\b.*?</details>", re.S)
_CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.S)
#: what the buttons of the form say in its place (choices.py)
_ASKED_BELOW = re.compile(r'<(\w+)\b[^>]* class="(?:[\w -]+ )?asked-below[" ][^>]*>')
_DRAWING = re.compile(
    r'<svg(?: class="lf-\w+"(?: display="none")?)? viewBox="0 0 ([\d.]+) ([\d.]+)"'
)


def given(page: str) -> str:
    """The page, with what gives the parts of it their height in the style of each."""
    parts, at = [], 0
    for block in _BLOCK.finditer(page):
        if block.start() < at:  # in a cell
            continue
        kind = block[1] or block[2] or block[3]
        stop = end(page, block.start(), block[3] or "div")
        counts = COUNTS[kind](page[block.start() : stop])
        style = ";".join(f"--lb-{name}:{count:.4g}" for name, count in counts.items() if count)
        parts += [page[at : block.end()], f' style="{style}"']
        at = block.end()
        if kind == "cell":
            parts.append(page[at:stop])
            at = stop
    return "".join([*parts, page[at:]])


def cell(markup: str) -> dict[str, float]:
    """Of a cell: its cards, one below the other on a phone, its figure, or its listing and what it prints."""
    if cards := markup.count('class="loss-card '):
        return {"cards": cards}
    if "<live-figure" in markup:
        # a figure is as wide as the column; its second drawing is for narrow ones
        wide, *narrow = (float(h) / float(w) for w, h in _DRAWING.findall(markup)[:2])
        return {
            "ratio": wide,
            "narrow": narrow[0] if narrow else 0,
            "controls": markup.count('class="lf-control '),
            "readouts": "lf-readouts" in markup,
            "caption": math.ceil(letters("".join(_CAPTION.findall(markup))) / 60),
        }
    seen = _FOLDED.sub("", markup)
    return {
        **listings(seen),
        "folded": seen != markup,
        "outputs": len(re.findall(r'<div class="output ', seen)),
        "pictures": seen.count('<div class="output text_html'),
    }


def listings(markup: str) -> dict[str, float]:
    codes = _LISTING.findall(markup)
    return {"listings": len(codes), "lines": "".join(codes).count("\n")}


def letters(markup: str) -> int:
    """Of what is read, in two digits: more would only be weight."""
    return int(float(f"{len(words(markup)):.2g}"))


def text(markup: str) -> dict[str, float]:
    return {"letters": letters(markup)}


def exercise(markup: str) -> dict[str, float]:
    """Of an exercise: what its question still says where it is answered in the page."""
    seen = markup
    while below := _ASKED_BELOW.search(seen):
        seen = seen[: below.start()] + seen[end(seen, below.start(), below[1]) :]
    return {
        "letters": letters(seen),
        "choices": seen.count('type="radio"'),
        "rows": seen.count("<tr"),
    }


COUNTS = {
    "cell": cell,
    "highlight": listings,
    **dict.fromkeys(["p", "ul", "ol", "dl", "admonition"], text),
    "exercise": exercise,
    "pst-scrollable-table-container": lambda markup: {
        "letters": letters(markup),
        "rows": markup.count("<tr"),
    },
}
