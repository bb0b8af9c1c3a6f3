"""How high the parts of a page will be, before they are laid out (`content-visibility` in book.css).

A block far from the window takes the room that is estimated here, so that the scroll bar and a jump are nearly
right; a block once seen keeps its true height. In pixels, as measured in Chromium: a line of a listing is 15.6
high, a control of a figure 36, a line of a caption 23.
"""

from __future__ import annotations

import html
import math
import re

_LISTING = re.compile(r'(<div class="highlight")(?=><pre[^>]*>(.*?)</pre>)', re.S)
_EXERCISE = re.compile(r'<div class="exercise [^"]*"')
_CELL = re.compile(r'<div class="cell [^"]*"')
_PARAGRAPH = re.compile(r"^<p>(.*?)</p>", re.S | re.M)
_MATHML = re.compile(r"<math\b.*?</math>", re.S)
_TAG = re.compile(r"<[^>]+>")
_DIV = re.compile(r"<(/?)div\b")
_HIDDEN = re.compile(r"<details\b.*?</details>", re.S)
_CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.S)
_LINE, _AROUND, _APART = 15.6, 29, 28  #: of a listing, around it, and between it and what it prints


def listing(lines: int) -> float:
    return _AROUND + _LINE * lines


def figure(markup: str) -> str:
    """The height of a live or still figure, which is as wide as the column but for the largest screens."""
    width, height = map(float, re.search(r'<svg viewBox="0 0 ([\d.]+) ([\d.]+)"', markup).groups())
    controls = markup.count('class="lf-control ')
    words = letters("".join(_CAPTION.findall(markup)))
    rest = 100 + 36 * controls + 35 * ("lf-readouts" in markup) + 23 * math.ceil(words / 60)
    return f"calc({rest:.0f}px + {height / width:.2f}*min(100vw,40rem))"


def cell(markup: str) -> str:
    """The height of a cell of a notebook: of its figure, or of its listing and what it prints."""
    if "<live-figure" in markup:
        return figure(markup)
    seen = _HIDDEN.sub("", markup)
    hidden = 24 * (seen != markup)
    listings = [match[2].count("\n") for match in _LISTING.finditer(seen)]
    outputs = len(re.findall(r'<div class="output ', seen))
    pictures = seen.count('<div class="output text_html')
    room = hidden + sum(map(listing, listings)) + _APART * outputs + 600 * pictures
    return f"{room:.0f}px"


def _style(markup: str) -> str:
    """What is said of a cell: its height, or how many cards it shows, one below the other on a phone."""
    if cards := markup.count('class="loss-card '):
        return f"--lb-cards:{cards}"
    return f"--lb-room:{cell(markup)}"


def with_rooms(page: str) -> str:
    """The markup of a page, its cells, the other listings and the paragraphs with what gives their height."""
    parts, at = [], 0
    for match in _CELL.finditer(page):
        stop = end(page, match.start())
        style = _style(page[match.start() : stop])
        parts += [_text(page[at : match.start()]), f'{match[0]} style="{style}"']
        parts.append(page[match.end() : stop])
        at = stop
    return "".join([*parts, _text(page[at:])])


def _text(markup: str) -> str:
    """The same for what stands between the cells; a paragraph gets its number of letters."""
    markup = _LISTING.sub(
        lambda m: f'{m[1]} style="--lb-room:{listing(m[2].count(chr(10))):.0f}px"', markup
    )
    markup = _PARAGRAPH.sub(lambda m: f'<p style="--lb-letters:{letters(m[1])}">{m[1]}</p>', markup)
    return _EXERCISE.sub(
        lambda m: (
            f'{m[0]} style="--lb-letters:{_asked(markup[m.start() : end(markup, m.start())])}"'
        ),
        markup,
    )


def _asked(markup: str) -> int:
    """The letters of an exercise; each choice stands on a line of its own."""
    return letters(markup) + 30 * markup.count('type="radio"')


def letters(markup: str) -> int:
    return len(html.unescape(_TAG.sub("", _MATHML.sub("", markup))))


def end(page: str, start: int) -> int:
    """Where the div that starts there ends."""
    depth = 0
    for match in _DIV.finditer(page, start):
        depth += -1 if match[1] else 1
        if depth == 0:
            return match.end()
    return len(page)
