"""How to cite the book: an entry for BibTeX at the end of its first page, to which each page links at its foot.

It says what `CITATION.cff` says, and the address of the site where the build knows one; a book without that file has
neither.
"""

from __future__ import annotations

from html import escape

import yaml

from .book import ROOT

FILE = ROOT / "CITATION.cff"
ANCHOR = "how-to-cite"
_SECTION = """<section id="{anchor}">
<h2>How to cite<a class="headerlink" href="#{anchor}" title="Link to this heading">#</a></h2>
<p>{title}. {authors}, version {version}, {date}.</p>
<div class="highlight-bibtex notranslate"><div class="highlight"><pre><span></span>{entry}
</pre></div>
</div>
</section>
"""


def bibtex(about: dict, address: str = "") -> str:
    """The entry of the book.

    >>> about = {"title": "A book", "authors": [{"name": "We"}], "version": "1.0"}
    >>> print(bibtex(about | {"date-released": "2026-01-02"}))
    @misc{lossbook,
      title  = {A book},
      author = {{We}},
      year   = {2026},
      note   = {Version 1.0}
    }
    """
    said = {
        "title": about["title"],
        "author": " and ".join(f"{{{a['name']}}}" for a in about["authors"]),
        "year": str(about["date-released"])[:4],
        "note": f"Version {about['version']}",
        "url": address,
    }
    lines = ",\n".join(f"  {name:6} = {{{value}}}" for name, value in said.items() if value)
    return f"@misc{{lossbook,\n{lines}\n}}"


def on_the_first_page(app, pagename, templatename, context, doctree) -> None:
    if not FILE.exists():
        return
    context["how_to_cite"] = ANCHOR
    if pagename != app.config.root_doc or doctree is None:
        return
    about = yaml.safe_load(FILE.read_text("utf-8"))
    address = app.config.html_baseurl
    date = about["date-released"]
    section = _SECTION.format(
        anchor=ANCHOR,
        title=escape(about["title"]),
        authors=escape(", ".join(a["name"] for a in about["authors"])),
        version=escape(str(about["version"])),
        date=f"{date.day} {date:%B %Y}",
        entry=escape(bibtex(about, address)),
    )
    before, end, after = context["body"].rpartition("</section>")
    context["body"] = before + section + end + after


def setup(app) -> None:
    app.connect("html-page-context", on_the_first_page)
