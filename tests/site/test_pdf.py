"""The book as a PDF, made here of five of its pages: complete, linked inside, nothing of the website's machinery."""

import re
import subprocess
import sys
from html import unescape

import pytest
from pypdf import PdfReader

from tools import chapters, pdf

from ..paths import ROOT, SITE

NAMES = ["intro", "hinge", "catalog_classes", "notation", "bibliography"]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    out = tmp_path_factory.mktemp("pdf") / "book.pdf"
    # in a process of its own: here Playwright may have a browser open
    command = [sys.executable, "-m", "tools.pdf", "--out", str(out), "--pages", *NAMES]
    subprocess.run(command, cwd=ROOT, check=True)
    return PdfReader(out)


@pytest.fixture(scope="module")
def texts(book):
    return [re.sub(r"\s+", " ", page.extract_text()) for page in book.pages]


def titles():
    """The title of each page, as the site shows it."""
    found = {}
    for page, _ in chapters.in_order(NAMES):
        heading = re.search(r"<h1>(.*?)<a class=\"headerlink\"", (SITE / page).read_text("utf-8"))
        found[page] = " ".join(re.sub(r"<[^>]+>", "", heading[1]).split())
    return found


def links(book):
    """(page of the link, where it leads) of all links."""
    for number, page in enumerate(book.pages):
        for reference in page.get("/Annots", []):
            note = reference.get_object()
            if note["/Subtype"] != "/Link":
                continue
            target = note.get("/Dest") or note.get("/A", {}).get("/D")
            yield number, target, note.get("/A", {}).get("/URI")


def test_the_outline_is_the_table_of_contents(book, texts):
    listed = [item for item in book.outline if not isinstance(item, list)]
    expected = ["Contents", *titles().values(), "Hints and answers"]
    assert [item.title for item in listed] == expected
    pages = [book.get_destination_page_number(item) for item in listed]
    assert pages == sorted(set(pages)) and pages[-1] < len(book.pages)
    for item, page in zip(listed, pages, strict=True):
        title = item.title.rpartition(". ")[2]  # without its number
        assert title in texts[page][:300]
    html = (SITE / "chapters/hinge.html").read_text("utf-8")
    sections = len(re.findall(r"<h2>", html[html.index("<article") :]))
    below = book.outline[book.outline.index(listed[2]) + 1]
    assert len(below) == sections


def test_the_contents_name_the_page_on_which_a_chapter_starts(book, texts):
    for item in book.outline:
        if not isinstance(item, list) and item.title != "Contents":
            page = book.get_destination_page_number(item) + 1
            assert re.search(rf"{re.escape(item.title)} {page}\b", " ".join(texts[2:4]))
            assert str(page) in texts[page - 1].split()


def test_every_link_leads_somewhere(book):
    named = {name.lstrip("/") for name in book.named_destinations}
    inside, outside = set(), set()
    for _, target, address in links(book):
        (inside if address is None else outside).add(str(address or target).lstrip("/"))
    wanted = set(re.findall(r'<a [^>]*href="#([^"]+)"', pdf.Joined(SITE, NAMES).html()))
    assert inside == wanted <= named
    for chapter in ("bibliography--id", "hinge--answer-ex-", "hinge--equation-", "notation"):
        assert any(target.startswith(chapter) for target in inside)
    assert len(outside) > 50
    own = r"https?://(?!book\.invalid|127\.0\.0\.1|localhost)|mailto:"
    assert all(re.match(own, address) for address in outside)


def test_an_equation_is_where_its_link_leads(book, texts):
    target = book.named_destinations["/hinge--equation-eq-svm"]
    html = (SITE / "chapters/hinge.html").read_text("utf-8")
    number = re.search(r'id="equation-eq-svm">\s*<span class="eqno">(\(\d+\.\d+\))', html)[1]
    page = texts[book.get_destination_page_number(target)]
    assert number in page and "λ" in page


def test_each_figure_is_there_with_its_state_and_its_text(book, texts):
    joined = pdf.Joined(SITE, NAMES)
    html = joined.html()
    whole = " ".join(texts)
    names = re.findall(r'<live-figure[^>]* id="hinge--(\w+)"', html)
    assert len(names) >= 5
    live = re.findall(r'<live-figure[^>]* data-states[^>]* id="hinge--(\w+)"', html)
    assert html.count('class="still"') >= 2 * len(live) >= 8
    assert whole.count("Drawn for ") == html.count(">Drawn for ") >= len(live)
    for name in live:
        block = re.search(rf'id="hinge--{name}"(.*?)</live-figure>', html, re.S)[1]
        drawings = re.findall(r"<svg\b.*?</svg>", block, re.S)
        assert len(set(drawings)) == 3, name
        assert not any("var(--" in drawing or "<button" in drawing for drawing in drawings)
    alternatives, stack = set(), [book.trailer["/Root"]["/StructTreeRoot"]]
    while stack:
        node = stack.pop()
        alternatives.add(str(node.get("/Alt", "")))
        kids = node.get("/K", [])
        kids = [k.get_object() for k in (kids if isinstance(kids, list) else [kids])]
        stack += [kid for kid in kids if isinstance(kid, dict)]
    figure = re.search(
        r'<live-figure[^>]* id="street".*?<svg[^>]*aria-label="([^"]+)"',
        (SITE / "chapters/hinge.html").read_text("utf-8"),
        re.S,
    )[1]
    assert unescape(figure) in alternatives
    assert any(r"\lambda" in text for text in alternatives)  # formulas too, as TeX


def test_each_loss_of_the_catalog_has_a_page_and_no_more(book):
    at = [getattr(item, "title", "") for item in book.outline].index("Catalog: classes")
    chapter, losses, following = book.outline[at : at + 3]
    first = book.get_destination_page_number(chapter)
    assert len(losses) >= 5
    pages = [book.get_destination_page_number(item) for item in [*losses, following]]
    assert pages == list(range(first, first + len(losses) + 1))


def test_hints_and_answers_are_at_the_back_only(book, texts):
    back = next(i for i in book.outline if getattr(i, "title", "") == "Hints and answers")
    start = book.get_destination_page_number(back)
    html = (SITE / "chapters/hinge.html").read_text("utf-8")
    exercises = re.findall(r'class="caption-number">(Exercise \d+\.\d+)', html)
    before, after = " ".join(texts[:start]), " ".join(texts[start:])
    # over its question the number is set in capitals
    assert exercises and all(e.upper() in before and e in after for e in exercises)
    assert "not answered yet" not in before + after
    assert before.count("hint or answer") == len(exercises)


def test_nothing_of_the_websites_machinery(book, texts):
    whole = " ".join(texts)
    for words in (
        "Show the code",
        "Reset",
        "Link to this view",
        "Skip to main content",
        "Search",
        "about:blank",
    ):
        assert words not in whole, words
    html = pdf.Joined(SITE, NAMES).html()
    assert not re.search(r"<(input|select|button|textarea|form|details|script|nav)\b", html)
    idents = re.findall(r'\bid="([^"]+)"', html)
    assert len(set(idents)) == len(idents)


def test_every_page_holds_something_and_the_file_is_small(book, texts):
    assert 25 <= len(book.pages) <= 90
    assert all(len(text) > 20 for text in texts)
    assert book.metadata.title.startswith("Lossbook")
    assert book.stream.seek(0, 2) < 5_000_000


def test_a_page_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SystemExit, match="--pages holds"):
        chapters.in_order(["no_such_page"])
    with pytest.raises(SystemExit, match="run make html"):
        pdf.make(tmp_path, tmp_path / "book.pdf")


def test_letters_are_those_of_the_site_and_embedded(book):
    names = set()
    for page in book.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            assert font["/Subtype"] == "/Type0", font  # letters, not pictures of them
            below = font["/DescendantFonts"][0].get_object()
            assert (
                "/FontFile2" in below["/FontDescriptor"] or "/FontFile3" in below["/FontDescriptor"]
            )
            names.add(font["/BaseFont"].partition("+")[2])
    assert {"SourceSerif4-Regular", "SourceSerif4-SemiBold", "SourceSerif4-Italic"} <= names
    assert any(name.startswith("SourceSans3") for name in names)


def test_running_heads_name_the_book_and_the_chapter(book, texts):
    """The cover, the title and the contents have none of the second."""
    start = {getattr(i, "title", ""): i for i in book.outline}
    chapter = next(title for title in start if title.endswith("Hinge loss"))
    first = book.get_destination_page_number(start[chapter])
    for page in (first, first + 1, first + 5):
        assert "Lossbook" in texts[page] and chapter in texts[page]
    assert chapter not in texts[0] + texts[1]
