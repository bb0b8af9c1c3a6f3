"""Every page of the built site: nothing foreign, no complaint, fits the window, follows the theme."""

import gzip
import re
from xml.etree import ElementTree

import pytest

from ..paths import SITE
from .pages import PAGES, STICKS_OUT
from .waiting import all_states


def test_there_are_pages():
    assert {"intro.html", "chapters/mse.html", "search.html", "genindex.html"} <= set(PAGES)


def quiet(watched, base):
    """No request elsewhere and no complaint, also when all figures have come."""
    all_states(watched.page)
    assert not [u for u in watched.requests if not u.startswith((base, "data:", "blob:"))]
    assert not watched.complaints


@pytest.mark.parametrize("page", [p for p in PAGES if p != "404.html"])  # which a host alone shows
def test_from_a_folder_no_foreign_request_and_no_complaint(page, open_page):
    base = SITE.as_uri() + "/"
    quiet(open_page(base + page), base)


@pytest.mark.parametrize("page", PAGES)
def test_the_first_view_is_under_250_kilobytes_and_nothing_is_foreign(page, address, open_page):
    watched = open_page("about:blank", width=412)
    watched.page.goto(address + page, wait_until="networkidle")
    weights = {}
    for response in watched.responses:
        url, data = response.url, response.body()
        packed = url.endswith(("woff2", "png"))
        weights[url] = len(data) if packed else len(gzip.compress(data, 6))
    assert 10_000 < sum(weights.values()) < 250_000, weights
    quiet(watched, address)


@pytest.mark.parametrize("page", PAGES)
def test_no_address_of_another_host_is_loaded(page):
    html = (SITE / page).read_text("utf-8")
    loaded = re.findall(r'<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)="([^"]+)"', html)
    assert not [u for u in loaded if re.match(r"(?:https?:)?//", u)]


@pytest.mark.parametrize("page", ["intro.html", "chapters/mse.html", "chapters/notation.html"])
def test_nothing_sticks_out(page, address, open_page):
    page_ = open_page(address + page).page
    for width in (390, 768, 1280, 1600):
        page_.set_viewport_size({"width": width, "height": 900})
        assert page_.evaluate(STICKS_OUT) <= 0, width


def test_figures_follow_the_theme(address, open_page):
    seen = {}
    for theme in ("light", "dark"):
        page = open_page(address + "chapters/mse.html", theme=theme).page
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        seen[theme] = page.evaluate(
            "[...document.querySelectorAll('live-figure path[style*=stroke]')].map("
            "(p) => getComputedStyle(p).stroke)"
        )
        text = page.evaluate("getComputedStyle(document.querySelector('live-figure text')).fill")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        light_text, light_ground = (
            sum(map(int, re.findall(r"\d+", c)[:3])) > 380 for c in (text, ground)
        )
        assert light_text != light_ground
    assert len(seen["light"]) == len(seen["dark"]) > 50
    assert sum(a != b for a, b in zip(seen["light"], seen["dark"], strict=True)) > 50


def test_no_traceback_and_no_path_of_the_builder_is_published():
    for page in PAGES:
        html = (SITE / page).read_text("utf-8")
        assert "Traceback (most recent call last)" not in html
        assert str(SITE.parents[1]) not in html


def test_math_is_set_at_build_time():
    html = (SITE / "chapters/mse.html").read_text("utf-8")
    assert html.count('class="katex"') > 100
    assert "katex-error" not in html and "MathJax" not in html


CHILDREN = {
    "msub": 2,
    "msup": 2,
    "msubsup": 3,
    "munder": 2,
    "mover": 2,
    "munderover": 3,
    "mfrac": 2,
    "mroot": 2,
}


def test_every_part_of_a_formula_has_the_children_that_mathml_asks_for():
    seen = 0
    for page in PAGES:
        for formula in re.findall(r"<math\b.*?</math>", (SITE / page).read_text("utf-8"), re.S):
            for part in ElementTree.fromstring(formula).iter():
                name = part.tag.rpartition("}")[2]
                if name in CHILDREN:
                    seen += 1
                    assert len(part) == CHILDREN[name], (page, formula)
    assert seen > 1000


def test_the_shared_script_is_small():
    script = (SITE / "_static/live-figure.js").read_bytes()
    assert len(gzip.compress(script)) <= 8_000


def test_equations_are_numbered_and_linked():
    html = (SITE / "chapters/mse.html").read_text("utf-8")
    chapter = re.search(r'<h1><span class="section-number">(\d+)\. ', html)[1]
    numbers = re.findall(r'class="eqno">\(([\d.]+)\)', html)
    assert numbers == [f"{chapter}.{i + 1}" for i in range(len(numbers))] and len(numbers) >= 10
    assert html.count('href="#equation-') >= 10
