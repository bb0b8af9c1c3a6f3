"""The pages of the built site as the chapters of a book that is bound: a PDF or an EPUB.

The articles are taken in the order of the table of contents; every link between pages becomes a link inside the
book. What asks for a click on the website is open here or has its place at the back: derivations are unfolded, all
tabs are shown, a figure stands in the state in which the page shows it first and in two others, with these states
in words, and hints and answers follow the last chapter. The code that draws figures, folded away on the site,
stays there.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

from . import stills

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

    def __init__(self, mathml: bool) -> None:
        self.mathml = mathml
        self.pieces: list[str] = []
        self.drawings: dict[str, str] = {}  # drawings as they were, by the number of their piece

    def put(self, text: str, prefix: str) -> str:
        text = re.sub(r'<span class="katex-mathml">(.*?</math>)</span>', self._formula, text)
        text = re.sub(r"<svg\b.*?</svg>", lambda m: self._drawing(m[0], prefix), text, flags=re.S)
        text = re.sub(r"<pre\b.*?</pre>", lambda m: self.set_aside(m[0]), text, flags=re.S)
        out, at = [], 0
        for match in re.finditer(r'<span class="katex-html"', text):
            if match.start() >= at:
                end = _end_of_span(text, match.start())
                out.append(text[at : match.start()])
                if not self.mathml:
                    out.append(self.set_aside(text[match.start() : end]))
                at = end
        return "".join(out) + text[at:]

    def _drawing(self, svg: str, prefix: str) -> str:
        place = self.set_aside(prefixed(svg, prefix))
        self.drawings[str(len(self.pieces) - 1)] = svg
        return place

    def _formula(self, match: re.Match) -> str:
        return self.set_aside(match[1]) if self.mathml else self._spoken(match)

    def _spoken(self, match: re.Match) -> str:
        # a formula is a figure whose text alternative is its TeX; the letters that are seen stay text
        tex = re.search(r"<annotation[^>]*>(.*?)</annotation>", match[1], re.S)
        return f'<i data-tex="{tex[1].strip()}"></i>' if tex else ""

    def set_aside(self, piece: str) -> str:
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


def prefixed(svg: str, prefix: str) -> str:
    """A drawing whose ids are its page's own, and whose points nobody can drag."""
    svg = svg.replace('role="group"', 'role="img"', 1)
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}--\1"', svg)
    return re.sub(r'(url\(|href=")#', rf"\1#{prefix}--", svg)


class Chapters:
    """All chapters, and what goes to the back."""

    #: a formula as HTML that is drawn with fonts of its own, or as MathML
    mathml = False

    def __init__(self, site: Path, only: list[str] | None = None):
        self.site, self.kept = site, Kept(self.mathml)
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
        self.idents: set[str] = set()  # all that are taken
        self.chapters = [Chapter(p, part, texts[p]) for p, part in in_order(only)]
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
            ".crumbs, .headerlink, .toctree-wrapper, .sd-summary-state-marker, .lf-actions, .lf-speed, .lf-unseen, "
            ".doors, .ways, .symptoms, .loss-table-bar, .answer-progress, .guess-said, script, noscript, "
            "button.lb-copy, [hidden]"
        ):
            tag.decompose()
        for view in article.select("a.view"):  # what it sets is drawn here in a few states only
            view.unwrap()
        self.exercises(article, chapter)
        self.cells(article)
        self.figures(article, chapter)
        self.guesses(article)
        for control in article.select("form, input, select, button, textarea, progress"):
            control.decompose()
        self.unfold(soup, article)
        self.addresses(article, chapter)
        chapter.title = _words(article.h1)
        if number := article.select_one("h1 > .section-number"):
            number.string = f"Chapter {number.get_text().strip().rstrip('.')} "
        headings = [s.find("h2", recursive=False) for s in article.select("section > section[id]")]
        chapter.sections = [(h.parent["id"], _words(h)) for h in headings if h is not None]
        chapter.html = (
            f'<article class="bd-article chapter" id="{chapter.name}">'
            f"{article.decode_contents()}</article>"
        )

    def exercises(self, article: Tag, chapter: Chapter) -> None:
        """Hints and answers go to the back, what is answered in the notebook or on the page stays there."""
        for exercise in article.select(".exercise.admonition"):
            solution = self.solution(exercise)  # where a page of this book holds all solutions
            if solution and not self.target(solution, chapter.page).startswith("#"):
                solution = ""
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
                title.append(_link(solution, "solution"))
            if moved:
                self.to_the_back(exercise, heading, moved, chapter)
                words = "hint" if solution else "hint or answer"
                title.append(_link(f"#answer-{exercise['id']}", words))
            for form in exercise.select(".answer"):
                form.decompose()

    def solution(self, exercise: Tag) -> str:
        """Where the solution of an exercise stands on the page of all solutions, by the key that its cell checks."""
        for sibling in exercise.find_next_siblings():
            if "exercise" in sibling.get("class", []):
                break
            if key := re.search(r'check\((?:"|&quot;)([\w.-]+)', self.kept.text(sibling)):
                return f"solutions.html#solution-{key[1].replace('.', '-')}"
        return ""

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
        """Each figure with two more of its states, and its states in words, in place of its controls."""
        for figure in article.select("live-figure"):
            drawings = figure.select("i[data-kept]")
            drawings = [i for i in drawings if i["data-kept"] in self.kept.drawings]
            if note := figure.select_one(".lf-note"):
                note.decompose()
            if not drawings:
                continue
            raw = [self.kept.drawings[i["data-kept"]] for i in drawings]
            for extra in drawings[1:]:  # the one for narrow screens
                extra.decompose()
            drawings = drawings[0]
            name = f"{chapter.name}--{figure.get('id', 'still')}"
            if not figure.get("data-states"):
                drawings["data-kept"] = self.drawn(stills.light(raw[0]), name)
                continue
            self.states(article, figure, drawings, raw, chapter, name)

    def states(
        self, article: Tag, figure: Tag, place: Tag, raw: list[str], chapter: Chapter, name: str
    ) -> None:
        box = figure.select_one(".lf-controls")
        controls = [stills.Control.of(c) for c in box.select(".lf-control")]
        asked = article.select(f'.guess-answers[data-figure="{figure["id"]}"] [data-view]')
        states = stills.states_in(self.site, figure["data-states"])
        small = None
        if len(raw) > 1 and figure.get("data-narrow") and _is_flat(raw[1]):
            small = raw[1], stills.states_in(self.site, figure["data-narrow"])
        views = [answer["data-view"] for answer in asked]
        first, *others = stills.three(raw[0], states, controls, views, small)
        place["data-kept"] = self.drawn(first.svg, name)
        words = f"Drawn for {', '.join(first.said)}."
        if self.address:
            words += f' <a href="{self.address}{chapter.page}#{figure["id"]}">Move it.</a>'
        line = figure.select_one(".lf-readouts")
        names = (
            [_inner(span).partition("<b")[0].strip() for span in line.select("span")]
            if line
            else []
        )
        shown = "".join(
            f'<div class="still"><i data-kept="{self.drawn(_said(still), f"{name}-{i}")}"></i>'
            f'<p class="state">{", ".join(still.said)}{_readouts(names, still.readouts)}</p></div>'
            for i, still in enumerate(others, 2)
        )
        box.replace_with(BeautifulSoup(f'<p class="state">{words}</p>', "html.parser"))
        after = line or figure.select_one(".state")
        after.insert_after(BeautifulSoup(f'<div class="stills">{shown}</div>', "html.parser"))

    def drawn(self, svg: str, name: str) -> str:
        """The number of a drawing that is set aside."""
        self.kept.set_aside(prefixed(svg, name))
        return str(len(self.kept.pieces) - 1)

    def guesses(self, article: Tag) -> None:
        """The answers to choose from, as a list."""
        for answers in article.select(".guess-answers"):
            items = "".join(f"<li>{_inner(b)}</li>" for b in answers.select("button"))
            answers.replace_with(BeautifulSoup(f'<ul class="choices">{items}</ul>', "html.parser"))

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
            ident = f"{chapter.name}--{tag['id']}"
            if ident in self.idents:  # docutils numbers the references of each docstring anew
                del tag["id"]
            else:
                self.idents.add(ident)
                tag["id"] = ident
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


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _link(href: str, words: str) -> Tag:
    return BeautifulSoup(f'<a class="to-answer" href="{href}">{words}</a>', "html.parser").a


def _inner(tag: Tag) -> str:
    return tag.decode_contents().strip()


def _is_flat(svg: str) -> bool:
    """Whether a drawing is no higher than wide: two of them fit beside the first."""
    width, height = map(float, re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg).groups())
    return height <= width


def _said(still: stills.Still) -> str:
    """A drawing beside the first one, whose text alternative tells both."""
    words = escape(f"The same figure, {still.spoken}")
    return re.sub(r'aria-label="[^"]*"', lambda m: f'aria-label="{words}"', still.svg, count=1)


def _readouts(names: list[str], values: list[str]) -> str:
    if not values:
        return ""
    said = (f"{name} <b>{escape(value)}</b>" for name, value in zip(names, values, strict=True))
    return f"<br/>{', '.join(said)}"
