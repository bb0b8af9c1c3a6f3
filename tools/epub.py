"""The book as an EPUB, made from the built site: python -m tools.epub [--pages mse hinge] [--out FILE]

Formulas are MathML, figures are SVG in light colors with their text alternatives, and nothing runs. A section of a
chapter is a file of its own: readers open a small file faster than a large one.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import uuid
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import resvg_py
import yaml
from bs4 import BeautifulSoup

from lossbook.teaching import cover, style

from .chapters import ANSWERS, ROOT, SITE, Chapter, Chapters
from .fonts import ALPHABETS, KINDS, name_of, one_weight, outlined
from .printing import full_name

_XHTML = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en" xml:lang="en">
<head><meta charset="utf-8"/><title>{title}</title><link rel="stylesheet" href="book.css"/></head>
<body{kind}>{body}</body></html>
"""
_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
"""
_BLOCKS = ["p", "div", "ul", "ol", "dl", "table", "pre", "section"]
#: attributes of HTML that EPUB does not know, or that a page without scripts has no use for
_OUT = re.compile(
    r"^(data-|aria-(?!label$|hidden$)|on)|^(align|valign|tabindex|for|frame|rules|border)$"
)


@dataclass
class File:
    """One file of the book: a part of a chapter."""

    name: str
    title: str
    body: str
    kind: str = "chapter"
    ids: set[str] = field(default_factory=set)


class Bound(Chapters):
    """The chapters as files that link each other."""

    mathml = True

    def files(self) -> list[File]:
        found = [file for chapter in self.chapters for file in self.parts(chapter)]
        if self.back:
            titles = {c.name: escape(c.title) for c in self.chapters}
            answers = "".join(
                f"<section><h2>{titles[name]}</h2>{''.join(parts)}</section>"
                for name, parts in self.back.items()
            )
            body = f'<section id="{ANSWERS}"><h1>{self.back_title}</h1>{answers}</section>'
            found.append(
                File(ANSWERS, self.back_title, self.plain(BeautifulSoup(body, "html.parser")))
            )
        for file in found:
            file.ids = set(re.findall(r'\sid="([^"]+)"', file.body))
        places = {ident: file.name for file in found for ident in file.ids}
        for file in found:
            file.body = re.sub(
                r'href="#([^"]+)"',
                lambda m, file=file: _href(m[1], places, file.name),
                file.body,
            )
        return found

    def parts(self, chapter: Chapter) -> list[File]:
        """The chapter up to its first section, and each section."""
        soup = BeautifulSoup(chapter.html, "html.parser")
        article = soup.article
        outer = article.find("section", recursive=False)
        found = []
        if outer is not None and article.h1 is not None:
            for section in outer.find_all("section", recursive=False):
                heading = section.find("h2", recursive=False)
                if heading is not None and section.get("id"):
                    section.extract()
                    title = " ".join(heading.get_text().split())
                    body = BeautifulSoup(f"<div>{section}</div>", "html.parser")
                    found.append((section["id"], title, body))
        article.name, article.attrs = "section", {"id": chapter.name}
        files = [File(chapter.name, chapter.title, self.plain(soup))]
        for number, (_, title, body) in enumerate(found, 1):
            files.append(File(f"{chapter.name}-{number}", title, self.plain(body), "section"))
        return files

    def plain(self, soup: BeautifulSoup) -> str:
        """XHTML without what only the website knows."""
        for figure in soup.select("live-figure"):
            figure.name = "div"
            figure["class"] = "live-figure"
        for inner in soup.select("figure"):
            if inner.find_parent(class_="live-figure"):
                inner.name = "div"
                inner.attrs.pop("class", None)
        for caption in soup.select(".live-figure figcaption"):
            caption.name, caption["class"] = "div", "caption"
        for tag in soup.find_all(True):
            if tag.name == "i" and "data-kept" in tag.attrs:
                continue
            for name in [n for n in tag.attrs if _OUT.match(n)]:
                del tag[name]
            tag.attrs.pop("style", None)
            if tag.name in ("p", "span") and tag.find(_BLOCKS):
                tag.name = "div"
            if tag.name == "a" and "href" in tag.attrs:
                tag["href"] = quote(tag["href"], safe="%/:=&?~#+!$,;'@()*[]")
        text = self.kept.restore(soup.decode(formatter="minimal"))
        text = re.sub(r"<pre\b.*?</pre>", lambda m: _listing(m[0]), text, flags=re.S)
        text = re.sub(r"<svg\b.*?</svg>", lambda m: _drawing(m[0]), text, flags=re.S)
        return text


def _href(ident: str, places: dict[str, str], here: str) -> str:
    if ident not in places:
        raise ValueError(f"a link leads to {ident!r}, which no file of the book has")
    file = places[ident]
    return f'href="{"" if file == here else f"{file}.xhtml"}#{ident}"'


def _listing(pre: str) -> str:
    """A listing as text with spans: it comes from the page as it was."""
    pre = re.sub(r"<button\b.*?</button>", "", pre, flags=re.S)
    pre = re.sub(r'\s(?:tabindex|data-[\w-]+)="[^"]*"', "", pre)
    return re.sub(r"&(?!amp;|lt;|gt;|quot;|#)\w+;", lambda m: escape(unescape(m[0])), pre)


def _drawing(svg: str) -> str:
    """A drawing as readers of books know it: links in the old way, an alternative that is heard."""
    svg = re.sub(r'\s(?:data-[\w-]+|tabindex)="[^"]*"', "", svg)
    svg = re.sub(r'(<use\b[^>]*?)\shref="', r'\1 xlink:href="', svg)
    svg = re.sub(r'(<image\b[^>]*?)\shref="', r'\1 xlink:href="', svg)
    svg = re.sub(r"<path\b(?![^>]*\sd=)[^>]*/>", "", svg)  # a curve without points
    head = re.match(r"<svg\b[^>]*>", svg)[0]
    new = head
    if "xmlns=" not in head:
        new = new.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    if "xmlns:xlink" not in head and "xlink:" in svg:
        new = new.replace("<svg", '<svg xmlns:xlink="http://www.w3.org/1999/xlink"', 1)
    label = re.search(r'aria-label="([^"]*)"', head)
    title = f"<title>{label[1]}</title>" if label else ""
    return svg.replace(head, new + title, 1)


class Package:
    """The files of the EPUB and what its package says of them."""

    def __init__(self, bound: Bound):
        self.about = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
        self.config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
        self.bound, self.files = bound, bound.files()
        self.items: dict[str, bytes] = {}
        self.add("cover.png", self.cover())
        self.page(
            "cover", "Cover", '<img class="cover" src="cover.png" alt="Cover"/>', ' class="cover"'
        )
        self.page("title", self.about["title"], self.title())
        for file in self.files:
            self.page(file.name, file.title, file.body)
        self.page("nav", "Contents", self.navigation())
        self.add("book.css", self.style())
        self.pictures()

    def add(self, name: str, data: str | bytes) -> None:
        self.items[name] = data.encode() if isinstance(data, str) else data

    def page(self, name: str, title: str, body: str, kind: str = "") -> None:
        text = _XHTML.format(title=escape(title), body=body, kind=kind)
        try:
            ET.fromstring(text)
        except ET.ParseError as error:
            row, column = error.position
            near = text.splitlines()[row - 1][max(0, column - 80) : column + 40]
            raise ValueError(f"{name}.xhtml is no XML: {error}, near {near!r}") from None
        self.add(f"{name}.xhtml", text)

    def cover(self) -> bytes:
        """A picture: libraries show it small, and many know no SVG."""
        name, _, subtitle = self.about["title"].partition(": ")
        field = cover.field(1200, 800, (0.5, 0.86))
        curves = field.replace("<svg", '<svg x="0" y="640" width="1200" height="800"', 1)
        lines = (
            (name, ("serif-semibold", None), 170, 300, style.C["ink"]),
            (subtitle[:1].upper() + subtitle[1:], ("sans", 400), 48, 390, style.C["gray"]),
            (self.authors, ("sans", 400), 36, 1530, style.C["gray"]),
        )
        words = "".join(
            f'<path fill="{fill}" d="{outlined(text, kind, size, 108, y)}"/>'
            for text, kind, size, y, fill in lines
        )
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="1600">'
            f'<rect width="1200" height="1600" fill="{style.C["paper"]}"/>{curves}{words}</svg>'
        )
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True))

    @property
    def authors(self) -> str:
        return ", ".join(map(full_name, self.about["authors"]))

    def title(self) -> str:
        name, _, subtitle = self.about["title"].partition(": ")
        license = " ".join(self.config["html"]["extra_footer"].split())
        address = self.bound.address
        site = f'<a href="{address}">{address}</a>' if address else "its website"
        return f"""<section class="title" epub:type="titlepage"><h1>{escape(name)}</h1>
<p class="subtitle">{escape(subtitle[:1].upper() + subtitle[1:])}</p><p>{escape(self.authors)}</p>
<p class="note">The book lives on {site}. There every figure has sliders and answers them at once; here each is drawn in
the state in which the website shows it first, and in two others. Solutions, hints and answers are at the end.</p>
<p class="note">Version {self.about["version"]}, {self.about["date-released"]}. {license}</p></section>"""

    def navigation(self) -> str:
        """The contents: parts, chapters, sections."""
        lines, part = [], ""
        parts = {c.name: c.part for c in self.bound.chapters}
        chapters: list[tuple[File, list[File]]] = []
        for file in self.files:
            if file.kind == "section":
                chapters[-1][1].append(file)
            else:
                chapters.append((file, []))
        for file, sections in chapters:
            if parts.get(file.name, "") != part:
                lines += ["</ol></li>"] if part else []
                part = parts.get(file.name, "")
                lines += [f"<li><span>{escape(part)}</span><ol>"] if part else []
            inner = "".join(
                f'<li><a href="{s.name}.xhtml">{escape(s.title)}</a></li>' for s in sections
            )
            inner = f"<ol>{inner}</ol>" if inner else ""
            lines.append(f'<li><a href="{file.name}.xhtml">{escape(file.title)}</a>{inner}</li>')
        lines += ["</ol></li>"] if part else []
        return (
            f'<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>{"".join(lines)}</ol></nav>'
            '<nav epub:type="landmarks" hidden=""><h2>Landmarks</h2><ol>'
            '<li><a epub:type="cover" href="cover.xhtml">Cover</a></li>'
            '<li><a epub:type="toc" href="nav.xhtml">Contents</a></li>'
            f'<li><a epub:type="bodymatter" href="{self.files[0].name}.xhtml">Text</a></li></ol></nav>'
        )

    def style(self) -> str:
        """The style sheet, with the fonts cut to the letters of the book."""
        text = "".join(unescape(re.sub(r"<[^>]+>", "", f.body)) for f in self.files)
        letters = "".join(sorted(set(text) | set(map(chr, range(32, 127)))))
        faces = []
        for (stem, weight), (slant, shown) in KINDS.items():
            for alphabet in ALPHABETS:
                name = name_of(stem, weight, alphabet)
                if (font := one_weight(name, letters)) is None:
                    continue
                self.add(f"fonts/{name}", font)
                # a family for each alphabet: readers look for a letter along the list of families
                family = f"{'Sans' if stem == 'sans' else 'Serif'} {alphabet}"
                faces.append(
                    f'@font-face {{ font-family: "{family}"; font-style: {slant}; font-weight: {shown}; '
                    f'src: url("fonts/{name}"); }}\n'
                )
        return "".join(faces) + (ROOT / "tools" / "epub.css").read_text("utf-8")

    def pictures(self) -> None:
        """The pictures of the pages, which lie beside them."""
        for file in self.files:
            text = self.items[f"{file.name}.xhtml"].decode()
            for source in set(re.findall(r'<img\b[^>]*\ssrc="([^"]+)"', text)):
                path = self.bound.site / source
                name = f"{hashlib.sha256(source.encode()).hexdigest()[:8]}-{path.name}"
                self.add(f"images/{name}", path.read_bytes())
                text = text.replace(f'src="{source}"', f'src="images/{name}"')
            self.add(f"{file.name}.xhtml", text)

    def package(self, when: datetime) -> str:
        kinds = {
            "xhtml": "application/xhtml+xml",
            "css": "text/css",
            "svg": "image/svg+xml",
            "png": "image/png",
        }
        kinds |= {
            "woff2": "font/woff2",
            "jpg": "image/jpeg",
            "gif": "image/gif",
            "webp": "image/webp",
        }
        rows = []
        for name, data in self.items.items():
            properties = []
            if name == "cover.png":
                properties.append("cover-image")
            elif name == "nav.xhtml":
                properties.append("nav")
            elif name.endswith(".xhtml"):
                properties += [
                    tag for tag, mark in (("svg", b"<svg"), ("mathml", b"<math")) if mark in data
                ]
            said = f' properties="{" ".join(properties)}"' if properties else ""
            kind = kinds[name.rpartition(".")[2]]
            rows.append(f'<item id="{_ident(name)}" href="{name}" media-type="{kind}"{said}/>')
        order = ["cover", "title", "nav", *(f.name for f in self.files)]
        spine = "".join(f'<itemref idref="{_ident(f"{name}.xhtml")}"/>' for name in order)
        address = self.bound.address or self.about["title"]
        abstract = escape(" ".join(self.about["abstract"].split()))
        ident = uuid.uuid5(uuid.NAMESPACE_URL, f"{address} {self.about['version']}")
        creators = "".join(
            f"<dc:creator>{escape(full_name(a))}</dc:creator>" for a in self.about["authors"]
        )
        subjects = "".join(f"<dc:subject>{escape(k)}</dc:subject>" for k in self.about["keywords"])
        access = "".join(
            f'<meta property="schema:{name}">{value}</meta>'
            for name, value in (
                ("accessMode", "textual"),
                ("accessMode", "visual"),
                ("accessModeSufficient", "textual"),
                ("accessibilityFeature", "alternativeText"),
                ("accessibilityFeature", "MathML"),
                ("accessibilityFeature", "structuralNavigation"),
                ("accessibilityFeature", "tableOfContents"),
                ("accessibilityHazard", "none"),
                (
                    "accessibilitySummary",
                    "Figures have text alternatives, formulas are MathML; nothing moves.",
                ),
            )
        )
        return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:{ident}</dc:identifier>
<dc:title>{escape(self.about["title"])}</dc:title><dc:language>en</dc:language>{creators}{subjects}
<dc:date>{self.about["date-released"]}</dc:date><dc:description>{abstract}</dc:description>
<dc:rights>{escape(re.sub(r"<[^>]+>", "", " ".join(self.config["html"]["extra_footer"].split())))}</dc:rights>
<meta property="dcterms:modified">{when:%Y-%m-%dT%H:%M:%SZ}</meta>{access}</metadata>
<manifest>{"".join(rows)}</manifest><spine>{spine}</spine></package>
"""

    def write(self, out: Path) -> None:
        released = datetime.fromisoformat(str(self.about["date-released"])).replace(tzinfo=UTC)
        out.parent.mkdir(parents=True, exist_ok=True)
        stamp = released.timetuple()[:6]  # the same book is the same file
        with zipfile.ZipFile(out, "w") as archive:

            def put(name: str, data: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
                archive.writestr(zipfile.ZipInfo(name, stamp), data, method, 9)

            put("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)
            put("META-INF/container.xml", _CONTAINER.encode())
            put("EPUB/book.opf", self.package(released).encode())
            for name, data in self.items.items():
                put(f"EPUB/{name}", data)


def _ident(name: str) -> str:
    return "i-" + re.sub(r"\W", "-", name)


def make(site: Path, out: Path, only: list[str] | None = None) -> None:
    if not (site / "intro.html").exists():
        raise SystemExit(f"{site} holds no built site: run make html")
    package = Package(Bound(site, only))
    package.write(out)
    print(f"{out}: {len(package.files)} files of text, {out.stat().st_size / 1e6:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=SITE, help="the folder of the built site")
    parser.add_argument("--out", type=Path, default=ROOT / "_build" / "lossbook.epub")
    parser.add_argument("--pages", nargs="+", metavar="NAME", help="only these, as mse hinge")
    options = parser.parse_args()
    make(options.site, options.out, options.pages)


if __name__ == "__main__":
    main()
