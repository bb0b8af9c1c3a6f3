"""The book as its extension sees it: its pages, what they are made of, where they come from."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from live_figures.cache import package_digest
from live_figures.sphinx import html_with_math
from readers.addresses import repository
from sphinx.transforms import SphinxTransform

ROOT = Path(__file__).resolve().parents[2]


def pages(app) -> list[str]:
    """The documents of the book, in the order of its table of contents."""
    return list(dict.fromkeys(app.config.external_site_map))


def section_of(node: nodes.Node) -> nodes.Element:
    """The section that a node of a page stands in, or the page where it stands in none."""
    while not isinstance(node, nodes.section | nodes.document):
        node = node.parent
    return node


def heading(section: nodes.section) -> str:
    return section[section.first_child_matching_class(nodes.title)].astext()


def digest() -> str:
    """What the pages are made of beside their text: the book's package, and that of the live figures."""
    return package_digest("lossbook", "live_figures")[:16]


def configure(app, config) -> None:
    # Jupyter Cache compares the code of the notebooks only; a change of the package must show too.
    config.nb_execution_cache_path = str(ROOT / "_build" / ".jupyter_cache" / digest())
    teaching = ROOT / "lossbook" / "teaching"
    scripts = (teaching / "static", teaching / "exercises" / "static")
    config.html_static_path += map(str, (ROOT / "vendor", *scripts))
    address = repository()
    if address:
        config.html_theme_options["repository_url"] = address
        config.html_theme_options["use_repository_button"] = True


def outdated(app, env, added, changed, removed) -> list[str]:
    """Read every notebook again once the package has changed."""
    current = digest()
    before, env.lossbook_hash = getattr(env, "lossbook_hash", current), current
    if before == current:
        return []
    return [
        name
        for name in env.found_docs
        if name in ("intro", "chapters/solutions")
        or "catalog" in name
        or env.doc2path(name).endswith(".ipynb")
    ]


class CardMath(SphinxTransform):
    """Set the math of loss cards, their table and the guide, which are HTML, with the renderer of the page."""

    default_priority = 701

    def apply(self, **kwargs) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if raw.astext().startswith('<div class="loss-'):
                box = nodes.container()
                box += html_with_math(raw.astext())
                raw.replace_self(box)


def setup(app) -> None:
    app.add_transform(CardMath)
    app.connect("config-inited", configure, priority=400)
    app.connect("env-get-outdated", outdated)
