"""The entries of the API reference, and of the index, name every place of the book that names them, and no other."""

import inspect
import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from lossbook import losses

from ..paths import SITE
from .books import Book
from .pages import PAGES

API, GLOSSARY = "chapters/api.html", "chapters/glossary.html"


@pytest.fixture(scope="module")
def soups():
    """The articles, without what is drawn or set."""
    found = {}
    for page in PAGES:
        text = (SITE / page).read_text("utf-8")
        if "<article" in text and page not in ("404.html", "genindex.html", "search.html"):
            text = text[text.index("<article") : text.index("</article>")]
            text = re.sub(r"<(svg|pre|math)\b.*?</\1>", "", text, flags=re.S)
            found[page] = BeautifulSoup(text, "html.parser")
    return found


@pytest.fixture(scope="module")
def explained(soups):
    """Object of the package: the links of its line "Explained in", from the root of the site."""
    lines = {}
    for entry in soups[API].select("dl.py > dt[id^='lossbook.']"):
        line = entry.find_next_sibling("dd").find("p", class_="explained", recursive=False)
        links = line.select("a") if line else []
        lines[entry["id"]] = [(urljoin(API, a["href"]), a.get_text()) for a in links]
    return lines


def title(section):
    return section.find(re.compile("h[1-6]")).get_text().strip("#").lower()


def test_every_loss_is_explained_in_its_section_of_the_catalog(explained):
    for cls in losses.all_losses():
        links = explained[f"lossbook.losses.{cls.__name__}"]
        name = cls().facts.name
        catalog = [text for address, text in links if address.startswith("chapters/catalog_")]
        assert name.replace("'", "’") in catalog, name


def test_each_page_that_links_to_an_entry_is_named_there_and_no_other(soups, explained):
    named = {(o, urlsplit(a).path) for o, links in explained.items() for a, _ in links}
    linking = set()
    for page, soup in soups.items():
        for link in soup.select("a[href*='api.html#lossbook.']"):
            linking.add((urlsplit(link["href"]).fragment, page))
    assert len(linking) > 80
    assert named == {(o, page) for o, page in linking if o in explained and page != API}


def told(glossary):
    """Term: the places that its definition refers to, and their pages."""
    found = {}
    for definition in glossary.select("dl.glossary dd"):
        places = {urljoin(GLOSSARY, a["href"]) for a in definition.select("a[href*='.html#']")}
        name = definition.find_previous_sibling("dt")
        while name is not None and name.name == "dt":
            found[name["id"]] = places
            name = name.find_previous_sibling()
    return found


def test_the_index_has_every_loss_and_each_term_with_the_chapters_that_treat_it(soups):
    index = BeautifulSoup((SITE / "genindex.html").read_text("utf-8"), "html.parser")
    treated = told(soups[GLOSSARY])
    terms = set()  # with the chapters that use or treat them
    named = {}  # entry: the section of the catalog
    for item in index.select(".indextable td > ul > li"):
        head = item.find(string=re.compile(r"\S")).strip()
        term = item.a["href"].removeprefix("chapters/glossary.html#")
        for link in item.select("a"):
            path, _, anchor = link["href"].partition("#")
            below = link.get_text() if link.find_parent("li") is not item else ""
            if path in (API, GLOSSARY):
                continue
            elif path.startswith("chapters/catalog_"):
                named[head.lower()] = link["href"]
            else:
                section = soups[path].find(id=unescape(anchor))
                uses = section.select_one(f"a[href$='glossary.html#{term}']")
                assert uses or link["href"] in treated[term]
                assert below in soups[path].h1.get_text()
                terms.add((term, path))
    used = {
        (urlsplit(link["href"]).fragment, page)
        for page, soup in soups.items()
        for link in soup.select("a[href*='glossary.html#term-']")
    }
    used |= {(term, urlsplit(a).path) for term, places in treated.items() for a in places}
    assert len(used) > 200 and terms == used
    for cls in losses.all_losses():
        name = cls().facts.name.replace("'", "’")
        entry = name.lower().replace(" (", ", ").rstrip(")")
        path, _, anchor = named[entry].partition("#")
        assert title(soups[path].find(id=anchor)) == name.lower()


def test_the_sections_and_equations_are_those_of_the_page(soups, explained):
    sections = equations = 0
    for links in explained.values():
        for address, text in links:
            path, anchor = urlsplit(address).path, urlsplit(address).fragment
            if not anchor:
                assert soups[path].h1.get_text().strip("#\n ") == text
                continue
            target = soups[path].find(id=unescape(anchor))
            if anchor.startswith("equation-"):
                equations += 1
                assert target.select_one(".eqno").get_text().strip("#") == text
            else:
                sections += 1
                assert target.find(re.compile("h[2-6]")).get_text().strip("#") == text
    assert sections > 80 and equations > 10


def test_the_equations_are_the_definitions(explained):
    """Some that were looked up in the chapters by hand: before, after, and between two equations."""
    expected = {
        "losses.MeanSquaredError": "eq-mse",
        "losses.LogCosh": "eq-logcosh",
        "losses.Pinball": "eq-pinball",
        "losses.Hinge": "eq-hinge",
        "losses.CrossEntropy": "eq-cross-entropy-categorical",
        "losses.Focal": "eq-cross-entropy-focal",
        "optim.Adam": "eq-adam",
        "penalties.L1": "eq-significance-objective",
    }
    for name, label in expected.items():
        labels = [a.partition("#equation-")[2] for a, _ in explained[f"lossbook.{name}"]]
        assert label in labels, (name, labels)


def test_the_line_follows_the_book(tmp_path):
    book = Book(tmp_path)
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: intro\nchapters:\n- file: chapters/small\n- file: chapters/api\n"
    )
    (tmp_path / "chapters/api.md").write_text(
        "# Package\n\n```{eval-rst}\n.. py:class:: lossbook.losses.Huber\n\n   A loss.\n```\n"
    )

    def built(text):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
        notebook.cells = [nbformat.v4.new_markdown_cell(text)]
        nbformat.write(notebook, tmp_path / "chapters/small.ipynb")
        status, output = book.build()
        assert status == 0, output[-2000:]
        return (tmp_path / "_build/html/chapters/api.html").read_text("utf-8")

    text = "# A chapter\n\n## Far\n\nIn code it is {py:class}`lossbook.losses.Huber`:\n\n$$\nx\n$$ (eq-x)\n"
    page = built(text)
    line = re.search(r'<p class="explained">(.*?)</p>', page)[1]
    assert re.sub(r"<[^>]+>", "", line) == "Explained in A chapter, Far, at equation (1)."
    assert 'href="small.html#far"' in line and 'href="small.html#equation-eq-x"' in line
    assert "explained" not in re.search(r"<article.*</article>", built("# A chapter\n"), re.S)[0]


def test_each_parameter_of_a_loss_is_described_and_no_other(soups):
    api = soups[API]
    for cls in losses.all_losses():
        entry = api.find(id=f"lossbook.losses.{cls.__name__}").find_next_sibling("dd")
        fields = entry.find("dl", class_="field-list", recursive=False)
        named = set()
        for head in fields.select("dt") if fields else ():
            if head.get_text().startswith("Parameters"):
                names = head.find_next_sibling("dd").select("p > strong:first-child")
                named = {n.strip() for name in names for n in name.get_text().split(",")}
        assert named == set(inspect.signature(cls).parameters), cls.__name__
    assert len(api.select("a[href*='bibliography.html#']")) >= 20
