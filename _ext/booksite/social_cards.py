"""A picture of each page for link previews, 1200 x 630: its title beside its shape or its first figure.

A chapter has a shape; another page shows a still of its first figure, or else the field of all losses, which
is the whole picture of the first page. Drawn only where the address of the site is known: a preview names its
picture by its full address.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import posixpath
import re
import shutil
from html import escape
from pathlib import Path

import resvg_py
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from live_figures.stills import figure_of
from PIL import Image, ImageFont

from lossbook.teaching import cover, shapes, style

from .book import ROOT, number_of, once_written

WIDTH, HEIGHT = 1200, 630
FOLDER = "_static/preview"
SERIF, SANS = "Book Serif", "Book Sans"  # names without digits need no quotes
LEFT = 72


def file_of(docname: str) -> str:
    """Where the picture of a page lies in the site."""
    return f"{FOLDER}/{docname.replace('/', '-')}.png"


def letters(folder: Path) -> list[Path]:
    """The fonts of the site as plain files, of one weight each, which is what can be drawn with here."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for stem, weights in (("serif-semibold", [None]), ("sans", [400, 600])):
        for alphabet in ("latin", "latin-ext", "greek"):
            source = ROOT / "vendor" / "source" / f"{stem}-{alphabet}.woff2"
            key = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
            for weight in weights:
                file = folder / f"{stem}-{alphabet}-{weight or 600}-{key}.ttf"
                if not file.exists():
                    font = TTFont(source)
                    if weight:
                        font = instantiateVariableFont(font, {"wght": weight}, updateFontNames=True)
                    family = SANS if weight else SERIF
                    for name in (1, 16):
                        font["name"].setName(family, name, 3, 1, 0x409)
                    font["OS/2"].usWeightClass = weight or 600
                    font.flavor = None
                    font.save(file)
                made.append(file)
    return made


def title_lines(title: str, width: float, font: Path) -> tuple[float, list[str]]:
    """The size of a title and its lines: the largest size at which three lines hold it."""
    for size in (76, 68, 60, 52, 46, 40, 34):
        face = ImageFont.truetype(font, size)
        rows: list[str] = []
        for word in title.split():
            if rows and face.getlength(f"{rows[-1]} {word}") <= width:
                rows[-1] += f" {word}"
            else:
                rows.append(word)
        if len(rows) <= 3 and all(face.getlength(row) <= width for row in rows):
            break
    return size, rows


def picture(
    book: str, subtitle: str, number: str, title: str, drawing: str, mark: str, font: Path
) -> str:
    """The picture as SVG, of a title and a drawing; without a drawing, over the field of all losses."""
    ink, soft, paper = (style.C[name] for name in ("ink", "gray", "paper"))
    shape = 'class="shape"' in drawing
    size, rows = title_lines(title, 600 if shape else 500 if drawing else 1050, font)
    if drawing:
        first = 330 - (len(rows) - 1) * size * 0.54 + size * 0.3
        box = (730, 120, 400, 400) if shape else (610, 95, 530, 440)
        behind, said = _placed(drawing, *box), (LEFT, 575)
    else:
        first = 210
        # the curves come out of the paper below the title
        behind = (
            f'{_placed(cover.field(WIDTH, 430, (0.5, 0.9)), 0, 200, WIDTH, 430)}<linearGradient id="fade" '
            f'x2="0" y2="1"><stop stop-color="{paper}"/><stop offset="1" stop-color="{paper}" '
            f'stop-opacity="0"/></linearGradient><rect y="199" width="{WIDTH}" height="150" fill="url(#fade)"/>'
        )
        said = LEFT + 74 + ImageFont.truetype(font, 32).getlength(book), 84
    spans = "".join(
        f'<text x="{LEFT - 3}" y="{first + i * size * 1.08:.1f}" font-family="{SERIF}" font-size="{size}" '
        f'font-weight="600" letter-spacing="{-0.018 * size:.2f}">{escape(row)}</text>'
        for i, row in enumerate(rows)
    )
    if number:
        spans = (
            f'<text x="{LEFT}" y="{first - size - 12:.1f}" font-size="23" font-weight="600" fill="{soft}" '
            f'letter-spacing="2">CHAPTER {number}</text>{spans}'
        )
    spans += f'<text x="{said[0]:g}" y="{said[1]}" font-size="24" fill="{soft}">{escape(subtitle)}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="{SANS}" fill="{ink}"><style>{_SHAPE.format(**style.C)}</style>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{paper}"/>{behind}'
        f"{_placed(mark, LEFT - 4, 50, 46, 46)}"
        f'<text x="{LEFT + 58}" y="84" font-family="{SERIF}" font-size="32" font-weight="600">{escape(book)}</text>'
        f"{spans}</svg>"
    )


def without_style(mark: str) -> str:
    """The mark in light; its own rules would hold for everything around it."""
    mark = re.sub(r"<style>.*?</style>", "", mark).replace("<circle", '<circle class="shape-dot"')
    return mark.replace("<svg", '<svg class="mark"', 1)


#: what the style sheet of the site says of the mark and of shapes
_SHAPE = (
    ".mark path,.shape path,.shape-faint{{fill:none;stroke:{ink};stroke-linecap:round;stroke-linejoin:round}}"
    ".mark path{{stroke-width:6}}.shape path,.shape-faint{{stroke-width:3}}"
    ".shape .shape-faint,.shape-faint path{{stroke:{faint}}}"
    ".shape-dot{{fill:{vermilion}}}.shape-point{{fill:{ink}}}"
)


def _placed(svg: str, x: float, y: float, width: float, height: float) -> str:
    """A drawing in a box of another one."""
    box = re.search(r'viewBox="[^"]+"', svg)[0]
    look = re.search(r'<svg\b[^>]*?\bclass="([^"]+)"', svg)
    group = f'<g class="{look[1]}">' if look else "<g>"
    place = f'{group}<svg {box} x="{x}" y="{y}" width="{width}" height="{height}">'
    return re.sub(r"<svg\b[^>]*>", place, svg, count=1) + "</g>"


def png(svg: str, fonts: list[Path]) -> bytes:
    """The picture as a PNG of few colors."""
    data = resvg_py.svg_to_bytes(
        svg_string=svg, font_files=[str(f) for f in fonts], skip_system_fonts=True
    )
    stream = io.BytesIO()
    image = Image.open(io.BytesIO(bytes(data))).convert("RGB")
    image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(stream, "PNG")
    return stream.getvalue()


def drawing_of(env, page: str, first: str) -> str:
    """What stands beside the title of a page: nothing for the first page and pages without figures."""
    with contextlib.suppress(ValueError):
        return shapes.shape(posixpath.basename(page))
    figure = figure_of(env, page) if page != first else None
    return figure.svg().replace("sans-serif", SANS) if figure else ""


def finish(app) -> None:
    site, env, first = Path(app.outdir), app.env, app.config.root_doc
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    if not app.config.html_baseurl:
        return
    kept = Path(app.srcdir) / "_build" / ".previews"
    fonts = letters(kept / "fonts")
    (site / FOLDER).mkdir(parents=True)
    mark = without_style((Path(app.srcdir) / app.config.html_favicon).read_text("utf-8"))
    of_the_book = app.config.html_title, app.config.book_subtitle.capitalize()
    for page in env.found_docs:
        title, drawing = env.titles[page].astext(), drawing_of(env, page, first)
        svg = picture(*of_the_book, number_of(env, page), title, drawing, mark, fonts[0])
        file = kept / f"{hashlib.sha256(svg.encode()).hexdigest()[:20]}.png"
        if not file.exists():
            file.write_bytes(png(svg, fonts))
        shutil.copyfile(file, site / file_of(page))


def setup(app) -> None:
    once_written(app, finish)
