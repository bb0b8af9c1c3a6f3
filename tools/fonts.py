"""The fonts of the site as paper and readers of books want them: one weight a file, only the letters that are used."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parents[1]
ALPHABETS = ("latin", "latin-ext", "greek", "symbols")
#: stem of the file: (style, weight, the weight to take where the file holds all)
KINDS = {
    ("serif-regular", None): ("normal", 400),
    ("serif-italic", None): ("italic", 400),
    ("serif-semibold", None): ("normal", 600),
    ("sans", 400): ("normal", 400),
    ("sans", 600): ("normal", 600),
}


def name_of(stem: str, weight: int | None, alphabet: str) -> str:
    return f"{stem}{f'-{weight}' if weight else ''}-{alphabet}.woff2"


@cache
def one_weight(name: str, letters: str | None = None) -> bytes | None:
    """A font as WOFF2, cut to `letters`; nothing where it has none of them. Its name is that of `name_of`."""
    (stem, weight), alphabet = next(
        (kind, alphabet)
        for kind in KINDS
        for alphabet in ALPHABETS
        if name == name_of(*kind, alphabet)
    )
    file = ROOT / "vendor" / "source" / f"{stem}-{alphabet}.woff2"
    if alphabet == "symbols" and not file.exists():  # the sans alone has them
        return None
    font = TTFont(file)
    if weight:
        font = instantiateVariableFont(font, {"wght": weight})
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    if letters is not None:
        known = set(map(ord, letters)) & set(font.getBestCmap())
        if not known:
            return None
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=known)
        cutter.subset(font)
    stream = io.BytesIO()
    font.flavor = "woff2"
    font.save(stream)
    return stream.getvalue()


def outlined(text: str, kind: tuple[str, int | None], size: float, x: float, y: float) -> str:
    """A line of Latin text as one path, for pictures that bring no font."""
    font = TTFont(io.BytesIO(one_weight(name_of(*kind, "latin"))))
    glyphs, names, scale = font.getGlyphSet(), font.getBestCmap(), size / font["head"].unitsPerEm
    pen = SVGPathPen(glyphs, ntos=lambda v: f"{v:.2f}".rstrip("0").rstrip("."))
    for letter in text:
        name = names.get(ord(letter), ".notdef")
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, y)))
        x += font["hmtx"][name][0] * scale
    return pen.getCommands()
