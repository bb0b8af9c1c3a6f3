"""The book as one PDF, made from the built site: python -m tools.pdf [--pages mse hinge] [--out FILE]

The chapters are joined into one document, and Chromium prints it, twice: the page numbers of the contents are
read from the first print.
"""

from __future__ import annotations

import argparse
import io
import re
from html import escape
from pathlib import Path

import yaml
from pypdf import PdfReader

from lossbook.teaching import cover

from .chapters import ANSWERS, ROOT, SITE, Chapters
from .fonts import KINDS, name_of
from .printing import Entry, Printer, finished, full_name, page_numbers


class Joined(Chapters):
    """The joined document."""

    # -------------------------------------------------------------------------- the document

    def title_page(self) -> str:
        config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
        license = " ".join(config["html"]["extra_footer"].split())
        about = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
        name, _, subtitle = about["title"].partition(": ")
        authors = ", ".join(map(full_name, about["authors"]))
        site = (
            f'The book lives at <a href="{self.address}">{self.address}</a>.'
            if self.address
            else "The book lives on its website."
        )
        return f"""<section class="cover-page">
<p class="book-title">{escape(name)}</p>
<p class="book-subtitle">{escape(subtitle[:1].upper() + subtitle[1:])}</p>
{cover.field(794, 560, (0.5, 0.86))}
<p class="book-authors">{escape(authors)}</p>
</section>
<section class="title-page">
<p class="book-title">{escape(name)}</p>
<p class="book-subtitle">{escape(subtitle[:1].upper() + subtitle[1:])}</p>
<p class="book-authors">{escape(authors)}</p>
<p class="book-note">{site} There every figure has sliders and answers them at once; here each is drawn
in the state in which the website shows it first, and under it smaller in two others; its caption names them. Code that
draws figures is folded away there and left out here; hints and answers are at the back.</p>
<p class="book-note">Version {about["version"]}, {about["date-released"]}. {escape(license)}
<a href="#contents">Contents</a></p>
</section>"""

    def contents(self, numbers: dict[str, int]) -> str:
        """The contents; a page number that is not known yet takes the room of one."""

        def line(kind: str, ident: str, title: str) -> str:
            number = numbers.get(ident, 0) or "000"
            return (
                f'<li class="{kind}"><a href="#{ident}"><span>{title}</span><i></i>'
                f"<b>{number}</b></a></li>"
            )

        lines, part = [], ""
        for chapter in self.chapters:
            if chapter.part != part:
                part = chapter.part
                lines.append(f'<li class="toc-part">{escape(part)}</li>')
            lines.append(line("toc-chapter", chapter.name, escape(chapter.title)))
            lines += [line("toc-section", i, escape(title)) for i, title in chapter.sections]
        if self.back:
            lines.append(line("toc-chapter", ANSWERS, self.back_title))
        return f'<section class="contents" id="contents"><h1>Contents</h1><ol>{"".join(lines)}</ol></section>'

    def outline(self) -> list[Entry]:
        """The contents, the chapters with their sections, and what is at the back."""
        chapters = [(chapter.title, chapter.name, chapter.sections) for chapter in self.chapters]
        back = [(self.back_title, ANSWERS, [])] if self.back else []
        return [("Contents", "contents", []), *chapters, *back]

    def html(self, numbers: dict[str, int] | None = None) -> str:
        name = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["title"]
        bodies = [c.html for c in self.chapters]
        if self.back:
            titles = {c.name: escape(c.title) for c in self.chapters}
            answers = "".join(
                f"<section><h2>{titles[name]}</h2>{''.join(parts)}</section>"
                for name, parts in self.back.items()
            )
            bodies.append(
                f'<article class="bd-article chapter" id="{ANSWERS}"><h1>{self.back_title}</h1>'
                f"{answers}</article>"
            )
        # running heads: the book's is the same on all pages, and each chapter has pages of its own kind
        heads = [
            f'@page p-{c.name} {{ @top-right {{ content: "{_css(c.title)}"; }} }}'
            f"#{c.name} {{ page: p-{c.name}; }}"
            for c in self.chapters
        ]
        heads.append(f'@page {{ @top-left {{ content: "{_css(name)}"; }} }}')
        heads.append(
            f'@page p-{ANSWERS} {{ @top-right {{ content: "{self.back_title}"; }} }}'
            f"#{ANSWERS} {{ page: p-{ANSWERS}; }}"
        )
        body = self.kept.restore("".join([self.contents(numbers or {}), *bodies]))
        body = _with_alternatives(body)
        faces = "".join(
            f'@font-face {{ font-family: "{family}"; src: url("/{file}"); {kind} }}\n'
            for family, file, kind in FACES
        )
        return f"""<!DOCTYPE html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{escape(name)}</title>
<link rel="stylesheet" href="/_static/site.css">
<style>{faces}{(ROOT / "tools/pdf.css").read_text("utf-8")}{"".join(heads)}</style>
</head><body>{self.title_page()}{body}</body></html>"""


_LATIN = "U+0-FF,U+131,U+152-153,U+2BB-2BC,U+2C6,U+2DA,U+2DC,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215"
_GREEK = "U+370-3FF"
_SYMBOLS = "U+2070-2089,U+2190,U+2192,U+2202,U+220F,U+2211,U+221A,U+221E,U+222B,U+2248,U+2260,U+2264-2265,U+25A1"
#: the letters of the site, and behind them those of matplotlib for symbols and code: the same on every machine
FACES = [
    (
        "Book Sans" if stem == "sans" else "Book",
        f"source/{name_of(stem, weight, alphabet)}",
        f"font-style: {style}; font-weight: {shown}; unicode-range: {letters};",
    )
    for (stem, weight), (style, shown) in KINDS.items()
    for alphabet, letters in (("latin", _LATIN), ("greek", _GREEK), ("symbols", _SYMBOLS))
    if alphabet != "symbols" or stem == "sans"
] + [
    (family, f"fonts/{stem}{suffix}.ttf", f"font-style: {style}; font-weight: {weight};")
    for family, stem, suffixes in (
        ("Book Symbols", "STIXGeneral", ("", "Italic", "Bol", "BolIta")),
        ("Book Sans Symbols", "DejaVuSans", ("", "-Oblique", "-Bold", "-BoldOblique")),
        ("Book Mono", "DejaVuSansMono", ("", "-Oblique", "-Bold", "-BoldOblique")),
    )
    for suffix, style, weight in zip(
        suffixes, ("normal", "italic") * 2, (400, 400, 700, 700), strict=True
    )
]


def _css(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _with_alternatives(body: str) -> str:
    """The TeX of each formula as its text alternative."""
    return re.sub(
        r'<i data-tex="([^"]*)"></i>(<span class="katex-html") aria-hidden="true"',
        r'\2 role="img" aria-label="\1"',
        body,
    )


def make(site: Path, out: Path, only: list[str] | None = None) -> None:
    if not (site / "intro.html").exists():
        raise SystemExit(f"{site} holds no built site: run make html")
    joined = Joined(site, only)
    with Printer(site) as printer:
        numbers = page_numbers(printer.pdf(joined.html()))
        data = printer.pdf(joined.html(numbers))
    data = finished(data, joined.outline())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)
    pages = len(PdfReader(io.BytesIO(data)).pages)
    print(f"{out}: {pages} pages, {len(data) / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=SITE, help="the folder of the built site")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "lossbook.pdf")
    parser.add_argument("--pages", nargs="+", metavar="NAME", help="only these, as mse hinge")
    options = parser.parse_args()
    make(options.site, options.out, options.pages)


if __name__ == "__main__":
    main()
