"""A picture of each page for link previews, 1200 x 630: its title beside a still of a figure.

The figure is the page's first; a page without figures borrows that of the first page. Drawn only where
the address of the site is known: a preview names its picture by its full address.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from html import escape
from pathlib import Path

import matplotlib
import resvg_py
from live_figures.stills import figure_of
from PIL import Image, ImageFont

from lossbook.teaching import style

from .book import number_of, once_written

WIDTH, HEIGHT = 1200, 630
FOLDER = "_static/preview"
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # the same letters on every machine
_FILES = [FONTS / name for name in ("STIXGeneral.ttf", "STIXGeneralBol.ttf", "DejaVuSans.ttf")]


def file_of(docname: str) -> str:
    """Where the picture of a page lies in the site."""
    return f"{FOLDER}/{docname.replace('/', '-')}.png"


def title_lines(title: str, width: float) -> tuple[float, list[str]]:
    """The size of a title and its lines: the largest size at which three lines of bold letters hold it."""
    for size in (68, 60, 52, 46, 40, 34):
        font = ImageFont.truetype(FONTS / "STIXGeneralBol.ttf", size)
        rows: list[str] = []
        for word in title.split():
            if rows and font.getlength(f"{rows[-1]} {word}") <= width:
                rows[-1] += f" {word}"
            else:
                rows.append(word)
        if len(rows) <= 3 and all(font.getlength(row) <= width for row in rows):
            break
    return size, rows


def picture(book: str, subtitle: str, number: str, title: str, figure: str, icon: str) -> str:
    """The picture as SVG, of a title and two drawings; `figure` may be empty."""
    size, rows = title_lines(title, 420 if figure else 1060)
    top = 318 - (len(rows) - 1) * size * 0.56
    spans = "".join(
        f'<text x="70" y="{top + i * size * 1.12:.1f}" font-size="{size}" font-weight="700">{escape(row)}</text>'
        for i, row in enumerate(rows)
    )
    blue, ink, gray, faint = (style.C[name] for name in ("blue", "ink", "gray", "faint"))
    if number:
        above = f'y="{top - size - 14:.1f}" font-size="30" fill="{blue}"'
        spans = f'<text x="70" {above}>Chapter {number}</text>{spans}'
    if figure:
        figure = (
            f'<path d="M 505 90 V 540" stroke="{faint}" stroke-width="2"/>'
            f'<g font-family="DejaVu Sans">{_placed(figure, 530, 70, 610, 490)}</g>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="STIXGeneral" fill="{ink}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{style.C["paper"]}"/>'
        f'<rect width="{WIDTH}" height="12" fill="{blue}"/>'
        f"{spans}{_placed(icon, 70, 516, 52, 52)}"
        f'<text x="136" y="541" font-size="30" font-weight="700">{escape(book)}</text>'
        f'<text x="136" y="567" font-size="20" fill="{gray}">{subtitle.capitalize()}</text>'
        f"{figure}</svg>"
    )


def _placed(svg: str, x: float, y: float, width: float, height: float) -> str:
    """A drawing in a box of another one."""
    box = re.search(r'viewBox="[^"]+"', svg)[0]
    place = f'<svg {box} x="{x}" y="{y}" width="{width}" height="{height}">'
    return re.sub(r"<svg\b[^>]*>", place, svg, count=1)


def png(svg: str) -> bytes:
    """The picture as a PNG of few colors."""
    data = resvg_py.svg_to_bytes(
        svg_string=svg, font_files=[str(f) for f in _FILES], skip_system_fonts=True
    )
    stream = io.BytesIO()
    image = Image.open(io.BytesIO(bytes(data))).convert("RGB")
    image.quantize(128, dither=Image.Dither.NONE).save(stream, "PNG")
    return stream.getvalue()


def finish(app) -> None:
    site, env, first = Path(app.outdir), app.env, app.config.root_doc
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    if not app.config.html_baseurl:
        return
    kept = Path(app.srcdir) / "_build" / ".previews"
    kept.mkdir(parents=True, exist_ok=True)
    (site / FOLDER).mkdir(parents=True)
    icon = (Path(app.srcdir) / app.config.html_favicon).read_text("utf-8")
    of_the_book = app.config.html_title, app.config.book_subtitle
    for page in env.found_docs:
        figure = figure_of(env, page) or figure_of(env, first)
        title, figure = env.titles[page].astext(), figure.svg() if figure else ""
        svg = picture(*of_the_book, number_of(env, page), title, figure, icon)
        file = kept / f"{hashlib.sha256(svg.encode()).hexdigest()[:20]}.png"
        if not file.exists():
            file.write_bytes(png(svg))
        shutil.copyfile(file, site / file_of(page))


def setup(app) -> None:
    once_written(app, finish)
