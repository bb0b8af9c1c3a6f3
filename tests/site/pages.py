"""The pages of the built site, and how wide and how much of them is laid out."""

from ..paths import SITE

PAGES = sorted(
    str(p.relative_to(SITE))
    for p in SITE.rglob("*.html")
    if "_static" not in p.parts and p.name not in ("index.html",)
)
#: those of the book's own text
TEXTS = [p for p in PAGES if (SITE / p).read_text("utf-8").count('rel="stylesheet"')]
#: how much wider a page is than its window
STICKS_OUT = "document.documentElement.scrollWidth - innerWidth"
#: all of a page, not what is near the window only
LAID_OUT = ".bd-article :not(details) { content-visibility: visible !important }"
