"""A picture of each page for link previews, 1200 x 630: its title beside the default state of a figure.

The figure is the one that the page's tile names, else the page's first; a page without figures borrows that of the
first page. Drawn only where the address of the site is known, since a preview names its picture by its full address.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from html import escape, unescape
from pathlib import Path

import matplotlib
import resvg_py
from PIL import Image, ImageFont

from lossbook.teaching import style

from .tiles import tile

WIDTH, HEIGHT = 1200, 630
FOLDER = "_static/preview"
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"  # the same letters on every machine
_FILES = [FONTS / name for name in ("STIXGeneral.ttf", "STIXGeneralBol.ttf", "DejaVuSans.ttf")]
_TITLE = re.compile(
    r'<article.*?<h1>(?:<span class="section-number">([\d.]+)\s*</span>)?(.*?)<a class="head', re.S
)


def file_of(docname: str) -> str:
    """Where the picture of a page lies in the site."""
    return f"{FOLDER}/{docname.replace('/', '-')}.png"


def figure(page: str, name: str | None) -> str:
    """The drawing of a live figure of a page, by its name or the first; nothing where there is none."""
    wanted = re.escape(name) if name else r"[\w-]+"
    found = re.search(rf'<live-figure\b[^>]*\bid="{wanted}".*?(<svg\b.*?</svg>)', page, flags=re.S)
    return found[1] if found else ""


def drawable(svg: str, x: float, y: float, width: float, height: float) -> str:
    """A figure with its light colors, in a box."""
    svg = re.sub(r"var\(--lf-([0-9a-f]{6})\)", r"#\1", svg)
    # sizes that the page may scale, such as calc(8.5px * var(--lf-text,1)), as they were drawn
    svg = re.sub(r"calc\(\s*([\d.]+(?:px)?)\s*\*\s*var\([^()]*\)\s*\)", r"\1", svg)
    head, body = re.match(r"<svg\b([^>]*)>(.*)", svg, re.S).groups()
    box = re.search(r'viewBox="[^"]+"', head)[0]
    return (
        f'<svg {box} x="{x}" y="{y}" width="{width}" height="{height}" '
        f'font-family="DejaVu Sans" preserveAspectRatio="xMidYMid meet">{body}'
    )


def lines(text: str, size: float, width: float) -> list[str]:
    """A title, broken where a line of bold letters would grow wider than `width`."""
    font = ImageFont.truetype(FONTS / "STIXGeneralBol.ttf", size)
    out: list[str] = []
    for word in text.split():
        if out and font.getlength(f"{out[-1]} {word}") <= width:
            out[-1] += f" {word}"
        else:
            out.append(word)
    return out


def picture(book: str, subtitle: str, number: str, title: str, svg: str, icon: str) -> str:
    """The picture as SVG."""
    room = 420 if svg else 1060
    size = next(
        (
            s
            for s in (68, 60, 52, 46, 40)
            if len(lines(title, s, room)) <= 3 and fits(title, s, room)
        ),
        34,
    )
    rows = lines(title, size, room)
    top = 318 - (len(rows) - 1) * size * 0.56
    spans = "".join(
        f'<text x="70" y="{top + i * size * 1.12:.1f}" font-size="{size}" font-weight="700">{escape(row)}</text>'
        for i, row in enumerate(rows)
    )
    blue, ink, gray, faint = (style.C[name] for name in ("blue", "ink", "gray", "faint"))
    chapter = (
        f'<text x="70" y="{top - size - 14:.1f}" font-size="30" fill="{blue}">Chapter {number}</text>'
        if number
        else ""
    )
    mark = re.sub(r"<svg\b", '<svg x="70" y="516" width="52" height="52"', icon, count=1)
    drawing = drawable(svg, 530, 70, 610, 490) if svg else ""
    rule = f'<path d="M 505 90 V 540" stroke="{faint}" stroke-width="2"/>' if svg else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="STIXGeneral" fill="{ink}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{style.C["paper"]}"/>'
        f'<rect width="{WIDTH}" height="12" fill="{blue}"/>'
        f"{chapter}{spans}{mark}"
        f'<text x="136" y="541" font-size="30" font-weight="700">{escape(book)}</text>'
        f'<text x="136" y="567" font-size="20" fill="{gray}">{escape(subtitle)}</text>'
        f"{rule}{drawing}</svg>"
    )


def fits(title: str, size: float, width: float) -> bool:
    font = ImageFont.truetype(FONTS / "STIXGeneralBol.ttf", size)
    return all(font.getlength(word) <= width for word in title.split())


def drawn(svg: str) -> bytes:
    """The picture as a PNG of few colors."""
    data = resvg_py.svg_to_bytes(
        svg_string=svg, font_files=[str(f) for f in _FILES], skip_system_fonts=True
    )
    stream = io.BytesIO()
    image = Image.open(io.BytesIO(bytes(data))).convert("RGB")
    image.quantize(128, dither=Image.Dither.NONE).save(stream, "PNG")
    return stream.getvalue()


def finish(app, exception) -> None:
    if exception is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    if not app.config.html_baseurl:
        return
    kept = Path(app.srcdir) / "_build" / ".previews"
    kept.mkdir(parents=True, exist_ok=True)
    (site / FOLDER).mkdir(parents=True)
    root = app.config.root_doc
    named = {t["target"]: t["figure"] for t in app.env.get_doctree(root).findall(tile)}
    icon = (Path(app.srcdir) / app.config.html_favicon).read_text("utf-8")
    pages = {n: (site / f"{n}.html").read_text("utf-8") for n in sorted(app.env.found_docs)}
    for name, page in pages.items():
        number, title = _TITLE.search(page).groups()
        title = unescape(re.sub(r"<[^>]+>", "", title)).strip()
        svg = figure(page, named.get(name)) or figure(pages[root], None)
        text = picture(
            app.config.html_title,
            "An interactive textbook on loss functions",
            (number or "").rstrip("."),
            title,
            svg,
            icon,
        )
        file = kept / f"{hashlib.sha256(text.encode()).hexdigest()[:20]}.png"
        if not file.exists():
            file.write_bytes(drawn(text))
        shutil.copyfile(file, site / file_of(name))


def setup(app) -> dict:
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
