"""The role of a view: what it links to, and what it says of a figure, a control or a value that is not there."""

import pytest
from booksite import views
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import roles
from sphinx.testing.util import SphinxTestApp

FIGURE = """
from types import SimpleNamespace

from docutils.parsers.rst import Directive
from live_figures.sphinx import live_figure

PANEL = ('<div data-control="rate" data-texts="[&quot;0.3&quot;, &quot;0.54&quot;]"></div>'
         '<div data-control="w" data-texts="[&quot;\\u22121.5&quot;, &quot;a &amp; b&quot;]"></div>')


class Figure(Directive):
    required_arguments = 1

    def run(self):
        return [live_figure(name=self.arguments[0], figure=SimpleNamespace(panel=PANEL))]


def setup(app):
    app.add_directive("livefigure", Figure)
    app.add_node(live_figure, html=(lambda *a: None, lambda *a: None))
"""
HERE = """# Here

```{livefigure} walk
```

{view}`At *0.54* <walk?rate=.54>` it leaves, {view}`there <other?w=-1.5>` it stays,
{view}`both <walk?w=a %26 b&rate=0.3>`.
"""
THERE = """# There

```{livefigure} other
```
"""
WRONG = """# Wrong

```{livefigure} walk
```

{view}`one <wolk?rate=0.3>` {view}`two <walk?speed=0.3>` {view}`three <walk?rate=0.4>` {view}`four <twice?rate=0.3>`
{view}`five <walk?rate>`
"""


def build(folder, pages, builder="html"):
    """The pages and the warnings of a book whose figures are not drawn."""
    settings = 'extensions = ["myst_parser", "booksite.views"]\nroot_doc = "here"\n'
    settings += 'myst_enable_extensions = ["dollarmath"]\n'
    for name, text in {**pages, "conf.py": settings + FIGURE}.items():
        (folder / name).write_text(text, "utf-8")
    app = SphinxTestApp(srcdir=folder, buildername=builder)
    try:
        app.build()
        suffix = {"html": "html", "text": "txt"}[builder]
        written = {p.stem: p.read_text("utf-8") for p in app.outdir.glob(f"*.{suffix}")}
        return written, app.warning.getvalue()
    finally:
        app.cleanup()


BOOK = {"here.md": HERE + "\n```{toctree}\nthere\n```\n", "there.md": THERE}


def test_a_phrase_leads_to_its_figure_and_says_what_it_sets(tmp_path):
    pages, said = build(tmp_path, BOOK)
    assert not said
    for link in (
        '<a class="view" href="#walk" data-view="rate=0.54">At <em>0.54</em></a>',
        '<a class="view" href="there.html#other" data-view="w=-1.5">there</a>',
        '<a class="view" href="#walk" data-view="w=a+%26+b&amp;rate=0.3">both</a>',
    ):
        assert link in pages["here"]


def test_where_no_script_runs_it_is_text(tmp_path):
    pages, said = build(
        tmp_path, {k: v.replace("```{livefigure}", "```{rubric}") for k, v in BOOK.items()}, "text"
    )
    assert "At *0.54* it leaves, there it stays, both." in pages["here"]
    assert said.count("no page has this figure") == 3


def test_what_is_not_there_is_named_with_what_is(tmp_path):
    others = {
        f"{name}.md": f"---\norphan: true\n---\n# {name}\n\n```{{livefigure}} twice\n```\n"
        for name in "ab"
    }
    pages, said = build(tmp_path, {"here.md": WRONG, **others})
    for fault in (
        "a view of 'wolk': no page has this figure; this one has 'walk'",
        "a view of 'walk': it has no control 'speed', but 'rate', 'w'",
        "a view of 'walk': its control 'rate' has no '0.4', but '0.3', '0.54'",
        "a view of 'twice': several pages have a figure of this name: 'a', 'b'",
        "a view of 'walk': its control 'rate' has no '', but '0.3', '0.54'",
    ):
        assert fault in said
    assert "here.md:6" in said
    assert 'class="view"' not in pages["here"] and "one two three four\nfive" in pages["here"]


def test_a_formula_alone_is_named(tmp_path):
    page = HERE.partition("{view}")[0] + "{view}`$x$ <walk?rate=0.3>`\n"
    _, said = build(tmp_path, {"here.md": page})
    assert "a view of 'walk': its phrase is a formula alone" in said
    _, said = build(tmp_path, {"here.md": page.replace("$x$", "at $x$")})
    assert "a formula alone" not in said


@pytest.mark.parametrize("text", ["walk?rate=0.3", "words <walk>", "words <?rate=0.3>"])
def test_what_is_no_view_is_an_error(text):
    roles.register_local_role("view", views.View())
    doctree = publish_doctree(
        f":view:`{text}`", settings_overrides={"report_level": 5, "halt_level": 5}
    )
    assert not list(doctree.findall(views.view))
    (message,) = doctree.findall(nodes.system_message)
    assert repr(text) in message.astext() and "words <figure?control=value>" in message.astext()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("k=-1", {"k": "-1.0"}),
        ("k=−1.0", {"k": "-1.0"}),
        ("unit=1 t&k=2", {"unit": "1 t", "k": "2.00"}),
        ("share=5%", {"share": "5%"}),
        ("share=5%25", {"share": "5%"}),
    ],
)
def test_values_are_those_of_an_address(query, found):
    controls = {"k": ["−1.0", "2.00"], "unit": ["1 t", "100 kg"], "share": ["1%", "5%"]}
    assert views.chosen(query, controls) == (found, [])
