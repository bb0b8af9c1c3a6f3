"""Books of Sphinx and MyST-NB with live figures: built by every builder, beside other widgets."""

import json
import re
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

pytest.importorskip("myst_nb")

from .author import build, write

CONF = """
project, author, copyright, version = "A book", "Its author", "2026", "1"
extensions = ["myst_nb", "live_figures.sphinx"]
exclude_patterns = ["_build"]
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_show_tb = True
latex_elements = {"preamble": ""}
"""

HELPER = """
from live_figures import interact as shown

STEEP = 2
"""

TEXT = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---
# A text

```{code-cell}
:tags: [hide-input]
import matplotlib.pyplot as plt
import helper
```

```{code-cell}
@helper.shown(k=(1, 4), units={"k": "kg"})
def line(k=1):
    '''A line of slope k.

    Steeper with $k<9$, in *words* and `code`.
    '''
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot([0, 1], [0, helper.STEEP * k])
    return fig, {"k squared": k * k}
```
"""

FIGURE = """
import ipywidgets as w
import matplotlib.pyplot as plt
from live_figures import interact


@interact(k=w.IntSlider(min=1, max=3, description="own"))
def dots(k=1):
    "Dots."
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot(range(k), "o")
    return fig
"""

OTHERS = """
plain, linked = w.IntSlider(description="a plain one"), w.IntSlider(description="a linked one")
link = w.jslink((plain, "value"), (linked, "value"))
plain
"""


def notebook(*cells):
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [new_markdown_cell("# A notebook"), *map(new_code_cell, cells)]
    return nbformat.writes(new_notebook(cells=cells, metadata=metadata))


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book in a path with a space, with text and notebooks in a folder of their own, built as HTML."""
    folder = write(
        tmp_path_factory.mktemp("a book"),
        {
            "conf.py": CONF,
            "index.md": "# A book\n\n```{toctree}\npart/text\npart/widgets\npart/alone\npart/plain\n```\n",
            "part/helper.py": HELPER,
            "part/text.md": TEXT,
            "part/widgets.ipynb": notebook(FIGURE, OTHERS),
            "part/alone.ipynb": notebook(FIGURE.replace("dots", "alone")),
            "part/plain.ipynb": notebook("import sys\nprint('live_figures' + '' in sys.modules)"),
        },
    )
    (folder / "said").write_text(build(folder, "html", "-j", "2"))
    return folder


def page(book, name, builder="html"):
    return (book / "_build" / builder / f"part/{name}").read_text("utf-8")


def test_the_states_are_in_a_file_beside_the_script(book):
    html = page(book, "text.html")
    said = r'<live-figure data-states="(line-\w+\.js)" data-narrow="(line-narrow-\w+\.js)" id="line" data-count="4">'
    files = re.search(said, html).groups()
    for file in files:
        text = (book / "_build/html/_static/live" / file).read_text("utf-8")
        states = json.loads(re.fullmatch(rf'liveFigures\("{file}",(.*)\)\n', text, re.S)[1])
        assert states["n"] == [4]
    assert "lf-states" not in html and "lf-narrow-states" not in html
    assert html.count("live-figure.js") == 1 and html.count("live-figure.css") == 1
    assert r'<span class="math notranslate nohighlight">\(k&lt;9\)</span>' in html
    assert "configure(" not in html  # the cell that tells the kernel is not shown


def test_a_page_without_figures_has_nothing_of_them(book):
    assert "live-figure" not in page(book, "plain.html") and "configure(" not in page(
        book, "plain.html"
    )


def test_the_report_is_whole_though_the_pages_were_read_side_by_side(book):
    said = (book / "said").read_text()
    rows = re.findall(r"^(line|dots|alone) +(\d+) +(\d+\.\d) +(\d+\.\d) +(\d+\.\d)$", said, re.M)
    assert sorted(row[:2] for row in rows) == [("alone", "3"), ("dots", "3"), ("line", "4")]


def models(html):
    found = re.findall(r'widget-state\+json">(.*?)</script>', html, re.S)
    return [json.loads(one)["state"] for one in found]


def test_other_widgets_beside_a_live_figure_keep_their_state(book):
    html = page(book, "widgets.html")
    [state] = models(html)
    views = re.findall(r'widget-view\+json">(.*?)</script>', html)
    assert [json.loads(view)["model_id"] in state for view in views] == [True]
    labels = {m["state"].get("description") for m in state.values()} - {None, ""}
    assert labels == {"a plain one", "a linked one"}  # not that of the figure's own slider
    assert "LinkModel" in {m["model_name"] for m in state.values()}
    assert '<live-figure data-states="dots-' in html


def test_a_page_of_live_figures_alone_asks_no_other_host_for_widgets(book):
    html = page(book, "alone.html")
    assert models(html) == [] and "html-manager" not in html and "require.js" not in html
    assert "html-manager" in page(book, "widgets.html")


def test_nothing_that_is_kept_says_where_the_book_lies(book):
    kept = [*(book / "_build/.live_figures").iterdir()]
    kept += (book / "_build/.jupyter_cache/executed").rglob("*.ipynb")
    assert len(kept) == 3 + 4
    for path in kept:
        assert str(book) not in path.read_text("utf-8").replace("/tmp/ipykernel", ""), path


def test_an_unchanged_figure_is_kept_and_one_whose_helper_changed_is_not(book):
    text, widgets = book / "part/text.md", book / "part/widgets.ipynb"
    for path in (text, widgets):
        path.write_text(
            path.read_text("utf-8").replace(
                "import matplotlib",
                "one = 1\\nimport matplotlib" if path is widgets else "one = 1\nimport matplotlib",
                1,
            )
        )
    helper = book / "part/helper.py"
    helper.write_text(helper.read_text().replace("STEEP = 2", "STEEP = 5"))
    before = {p.name for p in (book / "_build/html/_static/live").iterdir()}
    said = build(book)
    assert re.search(r"^line +4 +\d", said, re.M) and re.search(r"^dots +3 +kept", said, re.M)
    assert not re.search(r"^alone", said, re.M)  # it was not read
    after = {p.name for p in (book / "_build/html/_static/live").iterdir()}
    assert len(after) == len(before) == 6 and len(after & before) == 4  # two drawings each


WORDS = {
    "latex": ("book.tex", "A line of slope k.", r"\(k<9\)"),
    "text": ("part/text.txt", "A line of slope k.", "k<9"),
    "man": ("book.1", "A line of slope k.", "k<9"),
    "texinfo": ("book.texi", "A line of slope k.", "@math{k<9}"),
}


@pytest.mark.parametrize("builder", WORDS)
def test_builders_that_show_no_svg_have_the_text_alternative_and_the_caption(book, builder):
    name, alt, math = WORDS[builder]
    build(book, builder)
    [path] = [p for p in (book / "_build" / builder).rglob("*") if p.match(f"*{name}")]
    text = path.read_text("utf-8")
    code = text.count("in *words* and")  # its source is shown, too
    assert text.count(alt) == 2 and math in text and code <= 2
    assert "IPython.core.display" not in text and "live-figure" not in text


def test_a_book_for_readers_of_epub_has_the_picture(book):
    build(book, "epub")
    [path] = (book / "_build/epub").glob("*.epub")
    with zipfile.ZipFile(path) as epub:
        text = next(epub.read(n).decode() for n in epub.namelist() if n.endswith("part/text.xhtml"))
        src = re.search(r'<img alt="A line of slope k." src="../(_images/line-\w+\.svg)"', text)[1]
        svg = next(epub.read(n).decode() for n in epub.namelist() if n.endswith(src))
    assert svg.startswith("<svg") and "var(" not in svg and "<live-figure" not in text


PAINTER = """
from pathlib import Path
from sphinx.transforms.post_transforms.images import ImageConverter


class Painter(ImageConverter):
    conversion_rules = [("image/svg+xml", "image/png")]

    def is_available(self):
        return True

    def convert(self, source, target):
        from PIL import Image

        assert Path(source).read_text("utf-8").startswith("<svg")
        Image.new("RGB", (2, 2)).save(target)
        return True


def setup(app):
    app.add_post_transform(Painter)
"""


def test_latex_has_the_picture_where_an_extension_turns_svg_into_what_it_takes(tmp_path):
    write(tmp_path, {"conf.py": CONF + PAINTER, "index.ipynb": notebook(FIGURE)})
    build(tmp_path, "latex")
    text = (tmp_path / "_build/latex/abook.tex").read_text("utf-8")
    [name] = re.findall(r"\\sphinxincludegraphics\{\{(dots-\w+)\}\.png\}", text)
    assert (tmp_path / f"_build/latex/{name}.png").exists()


@pytest.mark.parametrize("builder", ["dirhtml", "singlehtml"])
def test_other_builders_of_html_have_live_figures(book, builder):
    build(book, builder)
    assert '<live-figure data-states="line-' in "".join(
        p.read_text("utf-8") for p in (book / "_build" / builder).rglob("*.html")
    )


def test_two_figures_of_one_name_are_a_warning(tmp_path):
    write(tmp_path, {"conf.py": CONF, "index.ipynb": notebook(FIGURE, FIGURE)})
    with pytest.raises(AssertionError, match="two live figures are named 'dots' on this page"):
        build(tmp_path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("live_figures_jobs = 0", "live_figures_jobs holds 0; expected an integer from 1 on"),
        ("live_figures_track = 'mybook'", "live_figures_track holds 'mybook'; expected a sequence"),
    ],
)
def test_a_bad_setting_fails_the_build_and_is_named(line, message, tmp_path):
    write(tmp_path, {"conf.py": CONF + line, "index.md": "# A book\n"})
    with pytest.raises(AssertionError, match=re.escape(message)):
        build(tmp_path)


def test_settings_of_the_configuration_reach_the_kernel(tmp_path):
    settings = (
        "live_figures_cache = None\nlive_figures_max_states = 2\nlive_figures_dark = ['.night']\n"
    )
    write(tmp_path, {"conf.py": CONF + settings, "index.ipynb": notebook(FIGURE)})
    with pytest.raises(AssertionError, match="at most 2 are published"):
        build(tmp_path)
    write(tmp_path, {"conf.py": CONF + settings.replace("= 2", "= 3")})
    build(tmp_path)
    assert not (tmp_path / "_build/.live_figures").exists()
    assert "{.night live-figure{" in (tmp_path / "_build/html/index.html").read_text("utf-8")


def test_the_pages_of_a_known_theme_carry_its_selectors_alone(tmp_path):
    pytest.importorskip("sphinx_book_theme")
    conf = CONF + "html_theme = 'sphinx_book_theme'\n"
    write(tmp_path, {"conf.py": conf, "index.ipynb": notebook(FIGURE)})
    build(tmp_path)
    html = (tmp_path / "_build/html/index.html").read_text("utf-8")
    assert '@media not print{html[data-theme="dark"] live-figure{' in html
    assert "quarto" not in html and "vscode" not in html


def test_nbconvert_makes_a_page_that_works_by_itself(tmp_path):
    """Without Sphinx: the author's own first cell, and no other program."""
    nbconvert = pytest.importorskip("nbconvert")
    cell = "import live_figures\nlive_figures.configure(publish=True);"
    source = nbformat.reads(notebook(cell, FIGURE, FIGURE.replace("dots", "more"), OTHERS), 4)
    execute = nbconvert.preprocessors.ExecutePreprocessor(timeout=120)
    execute.preprocess(source, {"metadata": {"path": str(tmp_path)}})
    html, _ = nbconvert.HTMLExporter().from_notebook_node(source)
    assert html.count('customElements.define("live-figure"') == 1
    assert html.count('class="lf-states"') == 2
    assert "a plain one" in html
