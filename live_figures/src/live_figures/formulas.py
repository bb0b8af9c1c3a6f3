"""Formulas in labels: as text where a line of text can hold them, else as a path.

On a page a figure is set in the page's font, and so are the words and numbers of a label with a formula in it.
Letters that stand for something are italics of a serif, ``--lf-math`` of the page; scripts are smaller, and higher or
lower. What a line of text cannot hold, such as a fraction or a root, is outlined in the math font of matplotlib.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties, ttfFontProperty
from matplotlib.path import Path
from matplotlib.textpath import TextToPath

from .controls import signed

__all__: list[str] = []

TEXT_TO_PATH = TextToPath()
_FORMULA = re.compile(r"(?<!\\)(\$(?:[^$\\]|\\.)*\$)")


class Run(NamedTuple):
    """Letters that are set alike."""

    text: str
    italic: bool = False
    bold: bool = False
    size: float = 1.0  #: by that of the label
    rise: float = 0.0  #: above the line, by the size of the label


@dataclass(frozen=True)
class Piece:
    """A part of a label, and what it is as text: nothing where it must be outlined."""

    tex: str  #: as matplotlib reads it
    runs: tuple[Run, ...]


def pieces(label: str) -> list[Piece]:
    """A label with formulas, cut into what is text and what is not.

    >>> [[run.text for run in piece.runs] for piece in pieces(r"rate $\\eta_0$, of $\\frac{1}{2}$")]
    [['rate ', 'η', '0', ', of '], []]
    """
    found: list[Piece] = []
    for i, part in enumerate(_FORMULA.split(label)):
        if not part:
            continue
        runs = _of_formula(part) if i % 2 else (Run(signed(part.replace(r"\$", "$"))),)
        if found and found[-1].runs and runs:
            found[-1] = Piece(found[-1].tex + part, found[-1].runs + runs)
        else:
            found.append(Piece(part, runs))
    return [replace(piece, runs=_joined(piece.runs)) for piece in found]


def _joined(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Neighbors that are set alike as one; a space belongs to what is before it."""
    joined: list[Run] = []
    for run in runs:
        if joined and (run[1:] == joined[-1][1:] or not run.text.strip()):
            joined[-1] = joined[-1]._replace(text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return tuple(joined)


def stripped(runs: tuple[Run, ...]) -> tuple[tuple[Run, ...], bool, bool]:
    """Runs without a space before and after them, and whether there was one."""
    texts = [run.text for run in runs]
    left, right = texts[0] != texts[0].lstrip(), texts[-1] != texts[-1].rstrip()
    texts[0] = texts[0].lstrip()
    texts[-1] = texts[-1].rstrip()
    kept = (run._replace(text=text) for run, text in zip(runs, texts, strict=True) if text)
    return tuple(kept), left, right


# --------------------------------------------------------------------------------- from TeX to runs

_FONTS = {"DejaVu Sans", "DejaVu Sans Display"}  #: those in which each letter has its own code
_PRIME = ("cmsy10", "0")
_AS_TYPED = {"∣": "|", "⋅": "·"}  #: letters that more fonts have
_LIMITS = set("∑∏∐⋃⋂∫")  #: in a line of text their limits stand beside them, as do those of words
_UP, _DOWN = 0.4, -0.2  #: where scripts stand
_LEAST = 0.75  #: a script is no smaller than that
#: how wide a gap is that is so much of the size of the label, as text
_SPACES = ((0.1, ""), (0.18, "\N{THIN SPACE}"), (0.7, " "), (math.inf, "\N{EM SPACE}"))


@dataclass
class _Glyph:
    """A letter of a formula, where matplotlib puts it; lengths by the size of the label."""

    letter: str
    left: float
    right: float
    size: float
    rise: float
    italic: bool
    bold: bool

    @property
    def upright(self) -> bool:
        """Whether it can be of a word: lim, max."""
        return self.letter.isalpha() and not self.italic

    @property
    def run(self) -> Run:
        size = max(self.size, _LEAST)
        return Run(self.letter, self.italic, self.bold, round(size, 2), round(self.rise, 2))


@lru_cache(2_000)
def _of_formula(tex: str) -> tuple[Run, ...]:
    """A formula as text; nothing where it has more than letters in a line and their scripts."""
    glyphs = _glyphs(tex)
    if not glyphs:
        return ()
    line = sorted((g for g in glyphs if g.size > 0.95), key=lambda g: g.left)
    level = min((g.rise for g in line if g.rise == g.rise), default=0.0)
    for glyph in glyphs:
        glyph.rise = glyph.rise - level if glyph.rise == glyph.rise else 0.0
    if any(g.size > 1.05 or g.rise > 0.03 for g in line):
        return ()
    if any(b.left < a.right - 0.15 for a, b in pairwise(line)):
        return ()
    scripts = _scripts(glyphs, line)
    if scripts is None:
        return ()
    runs, end = _spaced(scripts[None], 0.0)
    for glyph in line:
        added, end = _spaced([glyph], end if runs else glyph.left)
        runs += added
        added, beyond = _spaced(scripts[glyph.left], None)
        runs, end = runs + added, max(end, beyond)
    return tuple(runs)


def _glyphs(tex: str) -> list[_Glyph]:
    """The letters of a formula, accents on those that bear them; nothing where it needs more than letters."""
    prop = FontProperties(size=10, math_fontfamily="dejavusans")
    try:
        *_, placed, rules = TEXT_TO_PATH.mathtext_parser.parse(tex, 72, prop)
    except ValueError:  # matplotlib will say it, with the label
        return []
    glyphs: list[_Glyph] = []
    accents: list[_Glyph] = []
    for font, points, code, index, x, y in placed:
        entry, letter = ttfFontProperty(font), chr(code)
        font.set_size(points, 72)
        wide = font.load_glyph(index).linearHoriAdvance / 65536
        if (entry.name, letter) == _PRIME:
            letter, points, y = "′", 10, math.nan  # on the line, wherever that is
        elif entry.name not in _FONTS or unicodedata.category(letter) in ("Co", "Cn", "Cc"):
            return []
        glyph = _Glyph(
            _AS_TYPED.get(letter, letter),
            float(x) / 10,
            float(x + wide) / 10,
            points / 10,
            float(y) / 10,
            entry.style != "normal",
            int(entry.weight) > 500,
        )
        (accents if unicodedata.combining(letter) else glyphs).append(glyph)
    if rules or (accents and not glyphs):
        return []
    for accent in accents:  # it stands at the end of its letter, and hangs back over it
        bearer = min(glyphs, key=lambda g: abs(g.right - accent.left))
        bearer.letter = unicodedata.normalize("NFC", bearer.letter + accent.letter)
    return glyphs


def _scripts(
    glyphs: list[_Glyph], line: list[_Glyph]
) -> defaultdict[float | None, list[_Glyph]] | None:
    """The scripts of each letter, by where it begins, those below it first; None where some lie upon a letter."""
    found: defaultdict[float | None, list[_Glyph]] = defaultdict(list)
    for below in (True, False):
        one = sorted(
            (g for g in glyphs if g.size <= 0.95 and (g.rise < 0) == below), key=lambda g: g.left
        )
        groups: list[list[_Glyph]] = []
        for glyph in one:
            if groups and glyph.left - groups[-1][-1].right < 0.2:
                groups[-1].append(glyph)
            else:
                groups.append([glyph])
        for group in groups:
            left, right = group[0].left, max(g.right for g in group)
            under = [
                g
                for g in line
                if min(right, g.right) - max(left, g.left) > 0.3 * (g.right - g.left)
            ]
            before = [g for g in line if g.left < left]
            if under:
                name = [g for g in line if g.left >= under[0].left]
                count = 0
                while count < len(name) and name[count].upright:
                    if count and name[count].left > name[count - 1].right + 0.1:
                        break  # another word
                    count += 1
                if not (count or under[0].letter in _LIMITS):
                    return None
                before = name[: max(1, count)]
            base = before[-1] if before else None
            if under or (base and base.letter in _LIMITS) or abs(group[0].rise) < abs(_DOWN):
                shift = (_DOWN if below else _UP) - group[0].rise
                for glyph in group:
                    glyph.rise += shift
            found[base.left if base else None] += group
    return found


def _spaced(glyphs: list[_Glyph], end: float | None) -> tuple[list[Run], float]:
    """Letters one after the other, a space where there is a gap after `end`; and where they end."""
    runs: list[Run] = []
    for glyph in glyphs:
        gap = 0.0 if end is None else (glyph.left - end) / glyph.size
        space = next(space for most, space in _SPACES if gap < most)
        run = glyph.run
        runs.append(run._replace(text=space + run.text))
        end = glyph.right
    return runs, end or 0.0


# --------------------------------------------------------------------------------- in the drawing


class Spans:
    """A writer of XML that writes the runs of a label where a `text` would have its words."""

    def __init__(self, writer: Any, runs: tuple[Run, ...], bold: bool, anchor: str = ""):
        self.writer, self.runs, self.bold, self.anchor = writer, runs, bold, anchor

    def element(self, tag: str, _: str, attrib: dict[str, str]) -> None:
        if self.anchor:
            attrib = {**attrib, "style": f"{attrib['style']}; text-anchor: {self.anchor}"}
        if self.runs == (Run(self.runs[0].text),):
            self.writer.element(tag, self.runs[0].text, attrib)
            return
        self.writer.start(tag, attrib)
        rise = 0.0
        for run in self.runs:
            look = {}
            if run.italic:
                look = {"font-family": "serif", "font-style": "italic"}
            if run.bold and not self.bold:
                look["font-weight"] = "600"
            if run.size != 1:
                look["font-size"] = f"{run.size:g}em"
            if run.rise != rise:
                look["dy"] = f"{(rise - run.rise) / run.size:.3g}em"
            self.writer.element("tspan", run.text, look)
            rise = run.rise
        self.writer.end(tag)


_CURVES = {
    Path.MOVETO: ("m", 1),
    Path.LINETO: ("l", 1),
    Path.CURVE3: ("q", 2),
    Path.CURVE4: ("c", 3),
}


def outline(vertices: np.ndarray, codes: np.ndarray) -> str:
    """A path to a tenth of a unit, each point from the one before: letters that recur compress to nothing."""
    points = np.rint(np.asarray(vertices) * 10).astype(int)
    parts, at, start, i = [], np.zeros(2, int), np.zeros(2, int), 0
    while i < len(points):
        if codes[i] == Path.CLOSEPOLY:
            parts.append("z")
            at, i = start, i + 1
            continue
        letter, count = _CURVES[codes[i]]
        steps = (points[i : i + count] - at).ravel().tolist()
        parts.append(letter + " ".join(f"{n / 10:g}" for n in steps))
        at = points[i + count - 1]
        start = at if letter == "m" else start
        i += count
    return "".join(parts)


def _html(run: Run) -> str:
    html = escape(run.text)
    for tag, wanted in (
        ("i", run.italic),
        ("b", run.bold),
        ("sup", run.rise > 0),
        ("sub", run.rise < 0),
    ):
        html = f"<{tag}>{html}</{tag}>" if wanted else html
    return html


def formula(tex: str, label: str) -> str:
    """A formula as HTML for a line of text, an SVG where it needs one; nothing where matplotlib cannot read its TeX.

    `label` is what a screen reader says of an SVG.

    >>> formula("x_1", "x 1")
    '<span class="lf-formula"><i>x</i><sub>1</sub></span>'
    """
    if runs := _joined(_of_formula(f"${tex}$")):
        return f'<span class="lf-formula">{"".join(map(_html, runs))}</span>'
    prop = FontProperties(size=10)
    try:
        width, height, descent = TEXT_TO_PATH.get_text_width_height_descent(f"${tex}$", prop, True)
        path = outline(*TEXT_TO_PATH.get_text_path(prop, f"${tex}$", ismath=True))
    except (ValueError, RuntimeError):
        return ""
    unit = TEXT_TO_PATH.FONT_SCALE
    across, up, down = (n * unit / 10 for n in (width, height - descent, descent))
    return (
        f'<svg role="img" viewBox="0 {-up:.0f} {across:.0f} {up + down:.0f}" '
        f'style="display:inline;margin:0;width:{width / 10:.2f}em;height:{height / 10:.2f}em;'
        f'vertical-align:{-descent / 10:.2f}em"><title>{escape(label)}</title>'
        f'<path transform="scale(1 -1)" d="{path}"/></svg>'
    )
