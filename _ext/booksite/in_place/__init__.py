"""What a link of the text shows in its place: a citation the work, a term its definition, a view its figure.

A script and a style sheet, which `_static/book.js` brings when such a link is first met, and a script with what the
cards say, which comes with the first card: a page that is opened from a folder may load nothing else. No page is
heavier for it than by the few lines there.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

from pybtex.database import Entry, Person
from pybtex.richtext import Text
from sphinx.util import logging

from ..book import once_written
from ..edits import without_letters, words

logger = logging.getLogger(__name__)
FOLDER = Path(__file__).parent
FILES = ("in_place.js", "in_place.css")
#: so many authors are named, and of more the first ones
MANY, FIRST = 5, 3
_LABEL = r'href="[^"]*{}\.html#(id\d+)"[^>]*>(.*?)</a>'
_TERM = re.compile(r'((?:<dt id="term-[^"]*">.*?</dt>\s*)+)<dd>(.*?)</dd>', re.S)


def finish(app) -> None:
    folder = Path(app.outdir, "_static", "in_place")
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copyfile(FOLDER / name, folder / name)
    site = Path(app.outdir)
    found = {"works": works(app.env, site), "terms": terms(app.env, site)}
    text = f"inPlaceCards({json.dumps(found, ensure_ascii=False, separators=(',', ':'))});\n"
    (folder / "cards.js").write_text(text, "utf-8")
    logger.info(
        "cards of %d works and %d terms: %.0f kB", *map(len, found.values()), len(text) / 1000
    )


# ---------------------------------------------------------------------------------- works


def works(env, site: Path) -> dict[str, list[str]]:
    """By the anchor of a reference: how the text cites it, authors and year, title, where, an address and its name."""
    citations = env.get_domain("cite").citations
    page = PurePosixPath(citations[0].bibliography_key.docname).name if citations else ""
    label = re.compile(_LABEL.format(re.escape(page)), re.S)
    labels: dict[str, str] = {}
    for path in site.rglob("*.html"):
        for anchor, cited in label.findall(path.read_text("utf-8")):
            labels[anchor] = " ".join(words(cited).split())
    return {
        c.citation_id: [labels[c.citation_id], *work(c.entry)]
        for c in citations
        if c.citation_id in labels
    }


def work(entry: Entry) -> list[str]:
    """Who and when, the title, where, and an address with its name."""
    said = {name: plain(value) for name, value in entry.fields.items()}
    persons = entry.persons.get("author") or entry.persons.get("editor") or []
    who = " · ".join(filter(None, (listed(persons), said.get("year", ""))))
    return [who, said.get("title", ""), where(said), *address(entry.fields)]


def listed(persons: list[Person]) -> str:
    """The names of the authors, the first ones of many.

    >>> listed([Person("Huber, Peter J.")])
    'Peter J. Huber'
    """
    names = [
        plain(
            " ".join(
                (*p.first_names, *p.middle_names, *p.prelast_names, *p.last_names, *p.lineage_names)
            )
        )
        for p in persons
    ]
    others = "others" in names
    names = [name for name in names if name != "others"]
    if others or len(names) > MANY:
        return f"{', '.join(names[:FIRST])} and others"
    *before, last = names or [""]
    return f"{', '.join(before)} and {last}" if before else last


def where(said: dict[str, str]) -> str:
    """What a work appeared in."""
    numbers = said.get("volume", "") + (f"({said['number']})" if "number" in said else "")
    pages = said.get("pages", "")
    if place := said.get("journal") or said.get("booktitle"):
        return ", ".join(filter(None, (place, said.get("journal") and numbers, pages)))
    edition = f"{said['edition']} edition" if "edition" in said else ""
    names = ("publisher", "school", "institution", "organization", "howpublished")
    return ", ".join(filter(None, (*(said.get(name) for name in names), edition)))


def address(fields) -> list[str]:
    """Where a work can be read, and a name for it; nothing where no address is known.

    >>> address({"eprint": "1711.05101"})
    ['https://arxiv.org/abs/1711.05101', 'arXiv:1711.05101']
    """
    if doi := fields.get("doi"):
        return [f"https://doi.org/{doi}", f"doi:{doi}"]
    if eprint := fields.get("eprint"):
        return [f"https://arxiv.org/abs/{eprint}", f"arXiv:{eprint}"]
    if url := fields.get("url"):
        return [url, urlsplit(url).hostname.removeprefix("www.")]
    return ["", ""]


def plain(tex: str) -> str:
    return " ".join(str(Text.from_latex(tex)).replace("--", "–").replace("\u00a0", " ").split())


# ---------------------------------------------------------------------------------- terms


def terms(env, site: Path) -> dict[str, str]:
    """By its anchor, what a term means, as HTML; links start at the root of the site, formulas are MathML."""
    objects = env.get_domain("std").get_objects()
    pages = {docname for _, _, kind, docname, _, _ in objects if kind == "term"}
    found = {}
    for page in sorted(pages):
        text = (site / f"{page}.html").read_text("utf-8")
        for names, definition in _TERM.findall(without_letters(text)):
            for anchor in re.findall(r'<dt id="([^"]*)"', names):
                found[anchor] = rooted(definition, page)
    return found


def rooted(markup: str, page: str) -> str:
    """The markup with the links of a page starting at the root of the site, and without what cards do not need."""
    markup = re.sub(r' style="--lb-[^"]*"| class="[^"]*"', "", markup)
    markup = re.sub(r"<annotation.*?</annotation>", "", markup, flags=re.S)
    markup = re.sub(r"</?span\b[^>]*>|\n", lambda m: " " if m[0] == "\n" else "", markup)
    return re.sub(
        r'href="([^"]*)"', lambda m: f'href="{urljoin(f"{page}.html", m[1])}"', markup
    ).strip()


def no_tooltips(app, config) -> None:
    config.bibtex_tooltips = False  # a card says it, and each page would hold it


def setup(app) -> None:
    app.connect("config-inited", no_tooltips)
    once_written(app, finish, priority=950)
