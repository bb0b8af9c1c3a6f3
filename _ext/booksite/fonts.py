"""Fonts cut to the glyphs that some page shows."""

from __future__ import annotations

import hashlib
import html
import io
import re
from collections.abc import Collection
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

_LEAF = re.compile(r'<span(?: class="([^"]*)")?[^>]*>([^<]+)<')
#: the classes by which KaTeX chooses each of its fonts; those that are not here serve any character
_CHOSEN_BY = {
    "AMS-Regular": "mathbb|textbb|amsrm",
    "Caligraphic-Bold": "boldsymbol",
    "Caligraphic-Regular": "mathcal",
    "Fraktur-Bold": "mathboldfrak|textboldfrak",
    "Fraktur-Regular": "mathfrak|textfrak",
    "Main-Bold": "mathbf|textbf",
    "Main-BoldItalic": "textbf",
    "Main-Italic": "mathit|textit",
    "Math-BoldItalic": "boldsymbol",
    "Math-Italic": "mathnormal",
    "SansSerif-Bold": "mathboldsf|textboldsf",
    "SansSerif-Italic": "mathitsf|mathsfit|textitsf",
    "SansSerif-Regular": "mathsf|textsf",
    "Script-Regular": "mathscr|textscr",
    "Typewriter-Regular": "mathtt|texttt",
}


def cut(static: Path, pages: Collection[str], sheet: str, kept: Path) -> None:
    """Cut the fonts of icons, text and formulas; `kept` is a folder for those that were cut before."""
    leaves = {leaf for page in pages for leaf in _LEAF.findall(page)}
    icons = set(re.findall("[\ue000-\uf8ff]", sheet))  # the private use area
    states = (path.read_text("utf-8") for path in static.glob("live/*.js"))
    said = set().union(*map(html.unescape, pages), *states)
    for path in static.rglob("*.woff2"):
        chosen = re.compile(_CHOSEN_BY.get(path.stem.removeprefix("KaTeX_"), ""))
        letters = {text for names, text in leaves if chosen.search(names)}
        by_folder = {"webfonts": icons, "source": said}
        wanted = by_folder.get(path.parent.name) or set(html.unescape("".join(letters)))
        shown = "".join(sorted(wanted))
        data = path.read_bytes()
        key = hashlib.sha256(data + shown.encode()).hexdigest()[:20]
        small = kept / f"{path.stem}-{key}.woff2"
        if not small.exists():
            kept.mkdir(parents=True, exist_ok=True)
            font = TTFont(io.BytesIO(data))
            options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
            options.drop_tables += ["FFTM"]
            cutter = subset.Subsetter(options)
            cutter.populate(text=shown)
            cutter.subset(font)
            subset.save_font(font, str(small), options)
        if len(data) > small.stat().st_size:
            path.write_bytes(small.read_bytes())
