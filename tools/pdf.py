"""The book as one PDF, made from the built site: python -m tools.pdf [--pages mse hinge] [--out FILE]

The articles of the built pages are joined into one document in the order of the table of contents, every
link between pages becomes a link inside it, and Chromium prints it, twice: the page numbers of the contents are
read from the first print. What asks for a click on the website is open here or has its place at the back:
derivations are unfolded, figures stand in the state in which the page shows them first, with that state in words,
and hints and answers follow the last chapter. The code that draws figures, folded away on the site, stays there.
"""

from __future__ import annotations

import argparse
import io
import posixpath
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader

from .printing import Entry, Printer, finished, full_name, page_numbers

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
ANSWERS = "answers"


@dataclass
class Chapter:
    """A page of the site as a part of the document; `name` prefixes its ids."""

    page: str
    part: str
    html: str
    title: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)  # (id, title)

    @property
    def name(self) -> str:
        return posixpath.basename(self.page).removesuffix(".html")


def in_order(only: list[str] | None = None) -> list[tuple[str, str]]:
    """(page, caption of its part) in the order of the table of contents; all, or those that are named."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    pages = [(f"{contents['root']}.html", "")]
    for part in contents["parts"]:
        pages += [(f"{c['file']}.html", part["caption"]) for c in part["chapters"]]
    if only is None:
        return pages
    names = {posixpath.basename(page).removesuffix(".html") for page, _ in pages}
    if unknown := set(only) - names:
        raise SystemExit(
            f"--pages holds {sorted(unknown)}; expected some of {', '.join(sorted(names))}"
        )
    return [p for p in pages if posixpath.basename(p[0]).removesuffix(".html") in only]


class Kept:
    """Drawings, formulas and code, set aside: a parser of HTML would take its time over them."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def put(self, text: str, prefix: str) -> str:
        text = re.sub(r'<span class="katex-mathml">(.*?)</math></span>', self._spoken, text)
        text = re.sub(
            r"<svg\b.*?</svg>", lambda m: self._set_aside(_prefixed(m[0], prefix)), text, flags=re.S
        )
        text = re.sub(r"<pre\b.*?</pre>", lambda m: self._set_aside(m[0]), text, flags=re.S)
        out, at = [], 0
        for match in re.finditer(r'<span class="katex-html"', text):
            if match.start() >= at:
                end = _end_of_span(text, match.start())
                out += [text[at : match.start()], self._set_aside(text[match.start() : end])]
                at = end
        return "".join(out) + text[at:]

    def _spoken(self, match: re.Match) -> str:
        # a formula is a figure whose text alternative is its TeX; the letters that are seen stay text
        tex = re.search(r"<annotation[^>]*>(.*?)</annotation>", match[1], re.S)
        return f'<i data-tex="{tex[1].strip()}"></i>' if tex else ""

    def _set_aside(self, piece: str) -> str:
        self.pieces.append(piece)
        return f'<i data-kept="{len(self.pieces) - 1}"></i>'

    def text(self, tag: Tag) -> str:
        """What stands in the code and output of an element."""
        kept = [self.pieces[int(i["data-kept"])] for i in tag.select("i[data-kept]")]
        return " ".join(re.sub(r"<[^>]+>", "", piece) for piece in kept)

    def restore(self, text: str) -> str:
        while 'data-kept="' in text:
            text = re.sub(r'<i data-kept="(\d+)"></i>', lambda m: self.pieces[int(m[1])], text)
        return text


def _end_of_span(text: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"<(/?)span\b").finditer(text, start):
        depth += -1 if match[1] else 1
        if depth == 0:
            return text.index(">", match.start()) + 1
    raise ValueError(f"a span that does not end: {text[start : start + 200]!r}")


def _prefixed(svg: str, prefix: str) -> str:
    """A drawing whose ids are its page's own, and whose points nobody can drag."""
    svg = svg.replace('role="group"', 'role="img"', 1)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}--\1"', svg)
    return re.sub(r'(url\(|href=")#', rf"\1#{prefix}--", svg)


class Joined:
    """The joined document."""

    def __init__(self, site: Path, only: list[str] | None = None):
        self.site, self.kept = site, Kept()
        texts = {page: (site / page).read_text("utf-8") for page, _ in in_order(only)}
        first = next(iter(texts.values()))
        canonical = re.search(r'rel="canonical" href="([^"]+)"', first)
        #: the address of the published site, where the build knew it
        self.address = urljoin(canonical[1], "./") if canonical else ""
        if self.address and "/chapters/" in self.address:
            self.address = urljoin(self.address, "../")
        self.anchors = {p: set(re.findall(r'\bid="([^"]+)"', t)) for p, t in texts.items()}
        self.back: dict[str, list[str]] = {}  # hints and answers by chapter
        self.has_answers = False
        self.chapters = [Chapter(p, part, texts[p]) for p, part in in_order(only)]
        self.styles = sorted(
            {s for t in texts.values() for s in re.findall(r"<style>(live-figure\{.*?)</style>", t)}
        )
        for chapter in self.chapters:
            self.read(chapter)

    # -------------------------------------------------------------------------- one page

    def read(self, chapter: Chapter) -> None:
        text = chapter.html
        text = text[text.index("<article") : text.index("</article>") + len("</article>")]
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
        soup = BeautifulSoup(self.kept.put(text, chapter.name), "html.parser")
        article = soup.article
        for tag in article.select(
            ".crumbs, .headerlink, .toctree-wrapper, .sd-summary-state-marker, .lf-status, .lf-reset, "
            ".lf-speed, .lf-unseen, .loss-table-bar, script, noscript, button.lb-copy, [hidden]"
        ):
            tag.decompose()
        self.exercises(article, chapter)
        self.cells(article)
        self.figures(article, chapter)
        for control in article.select("form, input, select, button, textarea, progress"):
            control.decompose()
        self.unfold(soup, article)
        self.addresses(article, chapter)
        chapter.title = _words(article.h1)
        headings = [s.find("h2", recursive=False) for s in article.select("section > section[id]")]
        chapter.sections = [(h.parent["id"], _words(h)) for h in headings if h is not None]
        chapter.html = (
            f'<article class="bd-article chapter" id="{chapter.name}">'
            f"{article.decode_contents()}</article>"
        )

    def exercises(self, article: Tag, chapter: Chapter) -> None:
        """Hints and answers go to the back, what is answered in the notebook or on the page stays there."""
        for exercise in article.select(".exercise.admonition"):
            solution = exercise.select_one("a.answer-solution")  # where a page holds all solutions
            if solution and not self.target(solution["href"], chapter.page).startswith("#"):
                solution = None
            moved = []
            for sibling in list(exercise.find_next_siblings()):
                classes = sibling.get("class", [])
                if "exercise" in classes or re.fullmatch("h[1-6]|section", sibling.name):
                    break
                if solution and sibling.find("details", class_="hide"):
                    sibling.decompose()
                elif sibling.name == "details" or sibling.find("details"):
                    moved.append(sibling.extract())
                elif "not answered yet" in self.kept.text(sibling):
                    sibling.decompose()
            moved += [details.extract() for details in exercise.select("details")]
            title = exercise.select_one(".admonition-title")
            heading = _inner(title)
            if solution:  # they float to the right: the last one comes first
                title.append(_link(solution["href"], "solution"))
            if moved:
                self.to_the_back(exercise, heading, moved, chapter)
                words = "hint" if solution else "hint or answer"
                title.append(_link(f"#answer-{exercise['id']}", words))
            for form in exercise.select(".answer"):
                form.decompose()

    def to_the_back(self, exercise: Tag, title: str, moved: list[Tag], chapter: Chapter) -> None:
        ident = exercise["id"]
        parts = []
        for tag in moved:
            for details in [tag] if tag.name == "details" else tag.select("details"):
                summary = details.summary.extract()
                if "hide" in details.get("class", []):
                    self.has_answers = True
                else:
                    parts.append(f'<p class="back-label">{escape(_words(summary))}</p>')
                parts.append(f'<div class="back-body">{details.decode_contents()}</div>')
        back = BeautifulSoup(
            f'<section class="back" id="answer-{ident}"><h3><a href="#{ident}">{title}</a></h3>'
            f"{''.join(parts)}</section>",
            "html.parser",
        )
        self.anchors[chapter.page].add(f"answer-{ident}")
        self.addresses(back, chapter)
        self.unfold(back, back)
        self.back.setdefault(chapter.name, []).append(str(back))

    @property
    def back_title(self) -> str:
        return "Hints and answers" if self.has_answers else "Hints"

    def cells(self, article: Tag) -> None:
        """What is folded away as code stays on the site; its output, where that is shown there, is here too."""
        for details in article.select("details.hide"):
            details.decompose()
        for cell in article.select("div.cell"):
            if not cell.find(True):
                cell.decompose()

    def figures(self, article: Tag, chapter: Chapter) -> None:
        """The state of a figure in words, in place of its controls."""
        for figure in article.select("live-figure"):
            controls, note = figure.select_one(".lf-controls"), figure.select_one(".lf-note")
            if controls is None:
                continue
            states = [_state(c) for c in controls.select(".lf-control")]
            words = f"Drawn for {', '.join(states)}."
            if self.address:
                words += f' <a href="{self.address}{chapter.page}#{figure["id"]}">Move it.</a>'
            words = f'<p class="state">{words}</p>'
            controls.replace_with(BeautifulSoup(words, "html.parser"))
            if note:
                note.decompose()

    def unfold(self, soup: BeautifulSoup, root: Tag) -> None:
        for label in root.select(".sd-tab-set > label"):
            label.name, label.attrs = "p", {"class": "tab-label"}
        for details in root.select("details"):
            details.name = "div"
            details.attrs = {"class": [*details.get("class", []), "unfolded"]} | (
                {"id": details["id"]} if details.get("id") else {}
            )
        for summary in root.select("summary"):
            summary.name = "p"
            summary["class"] = [*summary.get("class", []), "unfolded-title"]

    def addresses(self, root: Tag, chapter: Chapter) -> None:
        """Ids that no other page has, and links inside the document."""
        for tag in root.select("#exercise-content"):  # sphinx-exercise gives it to every exercise
            del tag["id"]
        for tag in root.select("[id]"):
            tag["id"] = f"{chapter.name}--{tag['id']}"
        for name in ("for", "aria-labelledby", "aria-controls", "aria-describedby", "tabindex"):
            for tag in root.select(f"[{name}]"):
                del tag[name]
        for link in root.select("a[href]"):
            target = self.target(link["href"], chapter.page)
            if target:
                link["href"] = target
                if link.get("title"):
                    del link["title"]
            else:
                link.name = "span"  # with its class
                del link["href"]
        for image in root.select("img[src]"):
            image["src"] = posixpath.normpath(
                posixpath.join(posixpath.dirname(chapter.page), image["src"])
            )

    def target(self, href: str, page: str) -> str:
        """Where a link of the site leads in the document; nothing, where it leads nowhere."""
        parts = urlsplit(urljoin(page, href))
        if parts.scheme or parts.netloc:
            return href if parts.scheme in ("http", "https", "mailto") else ""
        path = unquote(parts.path) or page
        anchor = unquote(parts.fragment).partition("?")[0]
        if path in self.anchors:
            name = posixpath.basename(path).removesuffix(".html")
            return f"#{name}--{anchor}" if anchor in self.anchors[path] else f"#{name}"
        return self.address + parts._replace(scheme="", netloc="").geturl() if self.address else ""

    # -------------------------------------------------------------------------- the document

    def title_page(self) -> str:
        config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
        license = " ".join(config["html"]["extra_footer"].split())
        about = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
        name, _, subtitle = about["title"].partition(": ")
        authors = ", ".join(map(full_name, about["authors"]))
        picture = next((k for k in self.kept.pieces if k.startswith("<svg") and len(k) > 2000), "")
        picture = re.sub(r'\bid="|#(?=[\w-]+--)', lambda m: m[0] + "cover-", picture)
        site = (
            f'The book lives at <a href="{self.address}">{self.address}</a>.'
            if self.address
            else "The book lives on its website."
        )
        return f"""<section class="title-page">
<p class="book-title">{escape(name)}</p>
<p class="book-subtitle">{escape(subtitle[:1].upper() + subtitle[1:])}</p>
<p class="book-authors">{escape(authors)}</p>
<live-figure class="cover">{picture}</live-figure>
<p class="book-note">{site} There every figure has sliders and answers them at once; here each is drawn
in the state in which the website shows it first, which its caption names. Code that draws figures is folded
away there and left out here; hints and answers are at the back.</p>
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
        # a running head for each chapter: each has pages of its own kind
        heads = [
            f'@page p-{c.name} {{ @top-right {{ content: "{_css(c.title)}"; }} }}'
            f"#{c.name} {{ page: p-{c.name}; }}"
            for c in self.chapters
        ]
        heads.append(
            f'@page p-{ANSWERS} {{ @top-right {{ content: "{self.back_title}"; }} }}'
            f"#{ANSWERS} {{ page: p-{ANSWERS}; }}"
        )
        body = self.kept.restore("".join([self.contents(numbers or {}), *bodies]))
        body = _with_alternatives(body)
        faces = "".join(
            f'@font-face {{ font-family: "{family}"; src: url("/fonts/{file}"); {kind} }}\n'
            for family, file, kind in FACES
        )
        name = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["title"]
        return f"""<!DOCTYPE html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>{escape(name)}</title>
<link rel="stylesheet" href="/_static/site.css">
<style>{faces}{"".join(self.styles)}{(ROOT / "tools/pdf.css").read_text("utf-8")}{"".join(heads)}</style>
</head><body>{self.title_page()}{body}</body></html>"""


FACES = [
    (family, f"{stem}{suffix}.ttf", f"font-style: {style}; font-weight: {weight};")
    for family, stem, suffixes in (
        ("Book", "STIXGeneral", ("", "Italic", "Bol", "BolIta")),
        ("Book Sans", "DejaVuSans", ("", "-Oblique", "-Bold", "-BoldOblique")),
        ("Book Mono", "DejaVuSansMono", ("", "-Oblique", "-Bold", "-BoldOblique")),
    )
    for suffix, style, weight in zip(
        suffixes, ("normal", "italic") * 2, (400, 400, 700, 700), strict=True
    )
]


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _link(href: str, words: str) -> Tag:
    return BeautifulSoup(f'<a class="to-answer" href="{href}">{words}</a>', "html.parser").a


def _inner(tag: Tag) -> str:
    return tag.decode_contents().strip()


def _css(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _state(control: Tag) -> str:
    """A control and its value, in words."""
    label = control.select_one("legend, label")
    if "lf-checkbox" in control["class"]:
        on = control.input.has_attr("checked")
        return f"<em>{_inner_without_controls(label)}</em> {'on' if on else 'off'}"
    if "lf-select" in control["class"]:
        value = control.select_one("option[selected]").get_text()
    elif "lf-radio" in control["class"]:
        value = control.select_one("input[checked]").parent.get_text().strip()
    else:
        value = control.select_one(".lf-value").get_text()
    return f"<em>{_inner_without_controls(label)}</em> = {escape(value)}"


def _inner_without_controls(label: Tag) -> str:
    return re.sub(r"<(input|select)\b[^>]*>", "", _inner(label)).strip()


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
