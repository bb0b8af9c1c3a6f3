"""The readers' notebooks in a real JupyterLab and a real Notebook: every page is opened, run and scrolled through."""

import re
import shutil
from collections import Counter

import nbformat
import pytest
from bs4 import BeautifulSoup
from readers.folder import write_all
from readers.notebooks import Book

from tools.browser.jupyter import serving

from ..paths import ROOT, SITE
from ..readers.front_ends import formulas
from .waiting import KERNEL_IDLE

BOOK = Book()
PAGES = {page.file: page for page in BOOK.pages}


def site_html(page):
    return BeautifulSoup((SITE / f"{page.document}.html").read_text("utf-8"), "html.parser")


CHAPTERS = [page for page in BOOK.pages if page.number]


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda p: p.name)
def test_numbers_and_citations_are_those_of_the_site(page):
    html = site_html(page)
    article = html.select_one("article")
    notebook = BOOK.notebook(page)
    text = "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    equations = [re.search(r"[\d.]+", e.get_text())[0] for e in article.select(".eqno")]
    assert re.findall(r"\\tag\{(.+?)\}", text) == equations
    exercises = [e.get_text().strip() for e in article.select(".exercise .caption-number")]
    assert re.findall(r"^### (Exercise [\d.]+)", text, re.M) == exercises and exercises
    cited = [
        a.get_text() for a in article.select("a.reference.internal[href*='bibliography.html#']")
    ]
    ours = re.findall(r"\[([^\[\]]+)\]\(#ref-", text)
    cited = [c.replace("\u00a0", " ") for c in cited]
    # the site sorts what stands in one pair of brackets
    assert Counter(c.replace("*", "") for c in ours) == Counter(cited) and cited


# ---------------------------------------------------------------------------------- in Jupyter


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readers")
    write_all(BOOK.all(), folder)
    return folder


@pytest.fixture(scope="module")
def jupyter(folder):
    """The address of a server of each kind, started when it is asked for; jupyterlab-myst is off."""
    running = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_CONFIG_PATH", str(ROOT / "tools/jupyter"))

        def start(app):
            if app not in running:
                server = serving(app, folder, "--expose-app-in-browser")
                running[app] = server, server.__enter__()
            return running[app][1]

        yield start
        for server, _ in running.values():
            server.__exit__(None, None, None)


OPEN = {"jupyterlab": "lab/tree/{}?reset", "notebook": "notebooks/{}"}
PANEL = ".jp-WindowedPanel-outer"
#: what stands on the screen that should not: errors of formulas and of code, and text that was to be set
WRONG = r"""() => {
  const found = [];
  for (const e of document.querySelectorAll("mjx-merror, [data-mjx-error]")) found.push("formula: " + e.textContent);
  for (const e of document.querySelectorAll("[data-mime-type$='.error'], [data-mime-type$='.stderr']"))
    if (e.textContent.trim()) found.push("output: " + e.textContent.slice(0, 200)); // not a progress bar that is over
  for (const e of document.querySelectorAll(".jp-Notebook img"))
    if (e.complete && !e.naturalWidth) found.push("image: " + e.src);
  const raw = /:::|```|\{[a-z:-]+\}(?=`|$)|\$|\\\(|\\[a-z]+\{|\)=$|<\/?(details|summary|a id)/;
  for (const cell of document.querySelectorAll(".jp-RenderedMarkdown, .jp-RenderedHTML")) {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const at = walk.currentNode.parentElement;
      if (!at.closest("code, pre, mjx-container, script, style") && raw.test(walk.currentNode.data))
        found.push("raw: " + walk.currentNode.data.slice(0, 200));
    }
  }
  return found;
}"""
#: by the position of its cell, how many formulas a Markdown cell on the screen has, set by MathJax
SET = """() => Object.fromEntries([...document.querySelectorAll(".jp-MarkdownCell[data-windowed-list-index]")]
  .filter((e) => e.querySelector(".jp-RenderedMarkdown"))
  .map((e) => [e.dataset.windowedListIndex, e.querySelectorAll(".jp-RenderedMarkdown mjx-container").length]))"""


def opened(page, address, app, name):
    page.goto(f"{address}/{OPEN[app].format(name)}")
    page.wait_for_function("() => window.jupyterapp")
    page.locator(".jp-Notebook .jp-RenderedMarkdown h1").first.wait_for()


def scrolled(page, look):
    """Call `look` at each screen of a notebook, from top to bottom."""
    at = 0
    while True:
        page.evaluate(f"(y) => {{ document.querySelector('{PANEL}').scrollTop = y; }}", at)
        page.evaluate(
            "async () => { const late = new Promise((_, no) =>"  # an evaluation has no timeout of its own
            " setTimeout(() => no(new Error('no frame, or no MathJax, in a minute')), 60_000));"
            " const set = async () => { for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);"
            " await window.MathJax?.startup?.promise; };"
            " await Promise.race([set(), late]); }"
        )
        look()
        tall, seen = page.evaluate(
            f"() => {{ const e = document.querySelector('{PANEL}'); return [e.scrollHeight, e.clientHeight]; }}"
        )
        at += seen - 80
        if at >= tall - 80:
            return


def expected_formulas(folder, name):
    cells = nbformat.read(folder / name, as_version=4).cells
    return {
        str(k): len(formulas(c.source)) for k, c in enumerate(cells) if c.cell_type == "markdown"
    }


def looked_through(page, folder, name):
    """Scroll through a notebook: nothing wrong on any screen, and MathJax has set every formula."""
    wrong, formulas_set = set(), {}

    def look():
        wrong.update(page.evaluate(WRONG))
        for cell, count in page.evaluate(SET).items():
            formulas_set[cell] = max(count, formulas_set.get(cell, 0))

    expected = expected_formulas(folder, name)
    for _ in range(4):  # MathJax sets a cell a moment after it has come to the screen
        scrolled(page, look)
        if formulas_set == expected:
            break
        wrong.clear()
    if wrong:  # of what was only on its way nothing is left when one comes by again
        wrong.clear()
        scrolled(page, look)
    assert not wrong
    assert formulas_set == expected


def moved(page):
    """Move the first slider, or choose by the first list or row of buttons; its figure is drawn anew."""
    page.evaluate(f"() => {{ document.querySelector('{PANEL}').scrollTop = 0; }}")
    figure = page.locator(".lf-live:has(svg)").first
    figure.wait_for()
    figure.scroll_into_view_if_needed()
    drawn = figure.locator("svg").first
    before = drawn.evaluate("(e) => e.outerHTML")
    control = page.locator(".jp-OutputArea:has(.lf-live svg)").first
    slider = control.locator(".noUi-base").first
    if slider.count():
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        for share in (0.15, 0.85):  # it stands at one of them at most
            page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
    elif control.locator(".widget-toggle-buttons").count():
        control.locator(".widget-toggle-buttons button:not(.mod-active)").first.click()
    else:
        choose = control.locator("select").first
        other = choose.evaluate("(e) => [...e.options].findIndex((o, k) => k !== e.selectedIndex)")
        choose.select_option(index=other)
    page.wait_for_function(
        "([e, before]) => document.querySelector('.lf-live svg').outerHTML !== before",
        arg=[None, before],
    )


def run_all(page):
    """Run all cells, and wait until each has run."""
    page.wait_for_function(KERNEL_IDLE)
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_function(
        "() => { const it = window.jupyterapp.shell.currentWidget;"
        " return it.sessionContext.session.kernel.status === 'idle' && it.content.widgets.every("
        "(cell) => cell.model.type !== 'code' || cell.model.executionCount !== null)"
        " || document.querySelector('[data-mime-type$=\".error\"]'); }"
    )


#: of each kind of page one: the first one, a chapter, one of the catalog, and that with every kind of control; what the
#: cells of all others do, nbval knows
WHOLE = ["index.ipynb", "mse.ipynb", "catalog_margins.ipynb", "live_figures.ipynb"]


@pytest.mark.parametrize("app", OPEN)
@pytest.mark.parametrize("name", WHOLE)
def test_a_notebook_run_whole(name, app, folder, jupyter, notebook_page):
    """Formulas, figures, exercises, a slider."""
    opened(notebook_page, jupyter(app), app, name)
    run_all(notebook_page)
    looked_through(notebook_page, folder, name)
    code = "\n".join(c.source for c in PAGES[name].cells if c.cell_type == "code")
    seen = set()
    scrolled(
        notebook_page,
        lambda: seen.update(
            notebook_page.evaluate(
                "() => [...document.querySelectorAll('.jp-OutputArea svg[aria-label]')]"
                ".map((e) => e.getAttribute('aria-label'))"
            )
        ),
    )
    assert len(seen) == len(
        re.findall(r"^@(?:interact\(|figure$)|^catalog\.live_figure", code, re.M)
    )
    moved(notebook_page)


#: one whose cells up to its first figure are run by hand, as a reader does
BY_HAND = "sequences.ipynb"


@pytest.mark.parametrize("name", [name for name in PAGES if name not in WHOLE])
def test_each_other_notebook_is_set(name, folder, jupyter, notebook_page):
    """In JupyterLab; Notebook sets text by the same code."""
    opened(notebook_page, jupyter("jupyterlab"), "jupyterlab", name)
    if name == BY_HAND:
        cells = nbformat.read(folder / name, as_version=4).cells
        first = next(k for k, c in enumerate(cells) if "@interact(" in c.source)
        notebook_page.wait_for_function(KERNEL_IDLE)
        notebook_page.locator(".jp-Notebook .jp-MarkdownCell").first.click()
        for _ in range(first + 1):
            notebook_page.keyboard.press("Shift+Enter")
        moved(notebook_page)
    looked_through(notebook_page, folder, name)


def test_links_lead_to_the_section_of_a_neighbor(folder, jupyter, notebook_page):
    address = jupyter("jupyterlab")
    opened(notebook_page, address, "jupyterlab", "mse.ipynb")
    link = notebook_page.locator(".jp-RenderedMarkdown a[href*='glossary.ipynb']").first
    term = link.get_attribute("href").partition("#")[2]
    for _ in range(2):  # JupyterLab scrolls to a section only where the notebook is open already
        link.scroll_into_view_if_needed()
        link.click()
        notebook_page.locator(f"[data-jupyter-id='{term}']").wait_for(state="attached")
        notebook_page.evaluate(
            "() => { window.jupyterapp.commands.execute('docmanager:open', {path: 'mse.ipynb'}); }"
        )
        link.wait_for()
    link.click()
    notebook_page.wait_for_function(
        "(id) => { const box = document.querySelector(`[data-jupyter-id='${id}']`).getBoundingClientRect();"
        " return box.top > 0 && box.top < innerHeight; }",
        arg=term,
    )


def test_an_exercise_is_checked(folder, jupyter, notebook_page, tmp_path):
    """The reader's answer in place of the dots, and the cell run."""
    address = jupyter("jupyterlab")
    shutil.copy(folder / "mse.ipynb", folder / "answered.ipynb")
    notebook = nbformat.read(folder / "answered.ipynb", as_version=4)
    keep = [c for c in notebook.cells if "mse.by-hand" in c.source and c.cell_type == "code"]
    assert len(keep) == 1
    setup = nbformat.v4.new_code_cell("from lossbook.teaching.exercises import check")
    keep[0].source = keep[0].source.replace("answer = ...", "answer = (1 + 0 + 4 + 1) / 4")
    notebook.cells = [nbformat.v4.new_markdown_cell("# Answered"), setup, *keep]
    nbformat.write(notebook, folder / "answered.ipynb")
    opened(notebook_page, address, "jupyterlab", "answered.ipynb")
    run_all(notebook_page)
    notebook_page.locator(".jp-OutputArea-output").get_by_text("✓ mse.by-hand").wait_for()


def test_the_clinic_opens_the_notebook_beside(folder, jupyter, notebook_page):
    """A link in the output of a cell opens the notebook that has the passage."""
    page, part = notebook_page, "why-is-a-gan-s-discriminator-loss-of-0-a-failure"
    notebook = nbformat.v4.new_notebook()
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    code = "from lossbook.teaching import clinic\nclinic.show()"
    notebook.cells = [nbformat.v4.new_code_cell(code)]
    nbformat.write(notebook, folder / "sick.ipynb")
    address = jupyter("jupyterlab")
    page.goto(f"{address}/{OPEN['jupyterlab'].format('sick.ipynb')}")
    page.locator(".jp-Notebook .cm-content").first.click()
    page.wait_for_function(KERNEL_IDLE)
    page.keyboard.press("Shift+Enter")
    for said in ("The loss tells nothing", "A GAN", "it has won"):
        page.locator("summary", has_text=said).first.click()
    page.locator("a:visible", has_text="Read more").first.click()
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.title.label === 'significance.ipynb'"
    )
    page.locator(f"[data-jupyter-id='{part}']").wait_for(state="attached")
    page.goto("about:blank")  # its kernel ends with the server
