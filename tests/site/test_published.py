"""What hosts, search engines and link previews see of the built site."""

import re
from html import unescape
from types import SimpleNamespace
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import numpy as np
import pytest
from booksite import launch
from PIL import Image
from readers import addresses
from readers.contents import contents

from tools.browser.server import Quiet, serving

from ..paths import ROOT, SITE
from .books import FIGURE, Book
from .pages import LAID_OUT, PAGES, STICKS_OUT, TEXTS
from .waiting import at_rest, frames


@pytest.mark.parametrize("page", TEXTS)
def test_each_page_has_a_description_of_its_own(page):
    html = (SITE / page).read_text("utf-8")
    found = re.findall(r'<meta name="description" content="([^"]+)"', html)
    assert len(found) == 1
    text = unescape(found[0])
    assert 40 <= len(text) <= 160 and "$" not in text and "\\" not in text
    assert f'<meta property="og:description" content="{found[0]}"' in html


def test_no_two_chapters_have_one_description():
    found = [
        re.search(r'name="description" content="([^"]+)"', (SITE / p).read_text("utf-8"))[1]
        for p in TEXTS
    ]
    assert len(set(found)) == len(found)


def test_every_link_inside_the_book_leads_somewhere():
    html = {page: (SITE / page).read_text("utf-8") for page in PAGES}
    anchors = {page: set(re.findall(r'\bid="([^"]+)"', text)) for page, text in html.items()}
    anchors["index.html"] = set()
    checked, dead = 0, []
    for page, text in html.items():
        if page == "404.html":  # its links start at the root of a host
            continue
        for link in re.findall(r'<a\b[^>]*?\bhref="([^"]+)"', text):
            target = urlsplit(urljoin(page, unescape(link)))
            if target.scheme or target.netloc or not target.path:
                continue
            path, anchor = unquote(target.path), unquote(target.fragment).partition("?")[0]
            checked += 1
            if path in anchors:
                if anchor and anchor not in anchors[path]:
                    dead.append(f"{page}: {link}")
            elif not (SITE / path).is_file():
                dead.append(f"{page}: {link}")
    assert checked > 1000
    assert not dead


def host_of(site, base):
    """GitHub Pages in little: the site below a path, and its 404 page for all else."""

    class Host(Quiet):
        def translate_path(self, path):
            below = path.removeprefix(base)
            return "" if below == path else super().translate_path(f"/{below}")

        def send_error(self, code, *args):
            body = (site / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

    return Host


@pytest.fixture(scope="module")
def host():
    with serving(SITE, host_of(SITE, "/repo/")) as address:
        yield address + "repo/"


def test_below_a_path_as_on_github_pages(host, open_page):
    watched = open_page(host + "chapters/mse.html")
    figure = watched.page.locator("live-figure#wrong_record")
    figure.scroll_into_view_if_needed()
    watched.page.wait_for_function("() => document.getElementById('wrong_record').channels")
    watched.page.evaluate("document.fonts.ready")  # nothing is on its way
    watched.page.locator(".bd-sidebar-primary a", has_text="Glossary").first.click()
    watched.page.wait_for_url("**/repo/chapters/glossary.html")
    assert not watched.complaints
    assert all(u.startswith((host, "data:", "blob:")) for u in watched.requests)


def test_a_slow_network_shows_the_figure_first_and_moves_it_later(address, open_page):
    watched = open_page("about:blank")
    waiting = []
    watched.page.route("**/live/who_pays*", lambda route: waiting.append(route))
    watched.page.goto(address + "chapters/mse.html")
    figure = watched.page.locator("live-figure#who_pays")
    figure.scroll_into_view_if_needed()
    slider = figure.locator("input[type=range]")
    before = figure.locator("svg").first.inner_html()
    slider.focus()
    watched.page.keyboard.press("ArrowLeft")
    value = figure.locator(".lf-value").text_content()
    assert (
        figure.locator("svg").first.is_visible()
        and figure.locator("svg").first.inner_html() == before
    )
    assert not figure.locator(".lf-failed").count()
    waiting[0].continue_()
    watched.page.wait_for_function("() => document.getElementById('who_pays').channels")
    assert figure.locator("svg").first.inner_html() != before
    assert figure.locator(".lf-value").text_content() == value


def test_each_page_says_where_it_stands(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    crumbs = page.get_by_role("navigation", name="Breadcrumbs")
    assert crumbs.get_by_role("listitem").all_text_contents() == [
        "Lossbook",
        "Losses",
        "3",
    ]
    assert crumbs.locator("[aria-current=page]").count() == 1
    crumbs.get_by_role("link").click()
    assert page.url == address + "intro.html"
    for path in TEXTS:
        found = (SITE / path).read_text("utf-8").count('<nav class="crumbs"')
        assert found == path.startswith("chapters/"), path


def test_what_is_far_is_laid_out_when_it_comes_near(address, open_page):
    page = open_page(address + "chapters/mse.html").page
    page.evaluate(
        """() => {
          window.late = [...document.querySelectorAll(".bd-article section > p > :first-child")];
          window.laidOut = (e) => e.checkVisibility({ contentVisibilityAuto: true });
        }"""
    )
    page.wait_for_function("() => laidOut(late[0])")
    assert not page.evaluate("late.slice(late.length / 2).some(laidOut)")
    # what comes near is measured, and may push the last one away again
    page.wait_for_function("() => late.at(-1).scrollIntoView() || laidOut(late.at(-1))")


@pytest.mark.parametrize("page", ["mse", "live_figures", "catalog_margins", "custom_losses"])
def test_what_is_laid_out_late_is_not_cut_off(page, address, open_page):
    page_ = open_page(f"{address}chapters/{page}.html", width=390).page
    cut = page_.evaluate(
        """() => {
          const late = [...document.querySelectorAll(".bd-article *")].filter(
            (e) => getComputedStyle(e).contentVisibility === "auto");
          const inside = (e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "visible";
          return [late.length, late.filter((e) => inside(e) || [...e.querySelectorAll("svg")].some((s) => {
            const [a, b] = [s, e].map((x) => x.getBoundingClientRect());
            return a.width && (a.left < b.left - 1 || a.right > b.right + 1);
          })).map((e) => e.outerHTML.slice(0, 150))];
        }"""
    )
    assert cut[0] > 20 and not cut[1]


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_what_is_not_laid_out_takes_nearly_the_room_that_it_will(width, address, open_page):
    page = open_page("about:blank", width=width).page
    height = "document.documentElement.scrollHeight"
    off = {}
    for path in (p for p in TEXTS if p.startswith("chapters/")):
        page.goto(address + path)
        estimated = page.evaluate(height)
        page.add_style_tag(content=LAID_OUT)
        off[path] = estimated / page.evaluate(height) - 1
    assert len(off) > 20 and not {path: by for path, by in off.items() if abs(by) > 0.1}


@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_loaded_again_shows_what_it_showed(width, address, open_page):
    page = open_page(address + "chapters/mse.html", width=width).page
    for _ in range(20):
        page.mouse.wheel(0, 700)
        frames(page)
    at_rest(page)
    page.wait_for_function(
        """() => {
          const kept = JSON.parse(sessionStorage.getItem(`lossbook.place.${location.pathname}`) ?? "null");
          const blocks = document.querySelectorAll(".bd-article section > :not(section)");
          return kept && Math.abs(blocks[kept[0]].getBoundingClientRect().top - kept[1]) < 1;
        }"""
    )  # the page has noted where it rests
    middle = """() => {
      const top = (e) => e.getBoundingClientRect().top;
      const blocks = [...document.querySelectorAll(".bd-article section > *")];
      const e = blocks.find((e) => e.getBoundingClientRect().height && top(e) >= 300);
      return [e.textContent.slice(0, 200), Math.round(top(e))];
    }"""
    text, top = page.evaluate(middle)
    page.reload()
    at_rest(page)
    again, there = page.evaluate(middle)
    assert again == text and abs(there - top) <= 3


def test_a_listing_that_scrolls_can_be_reached_by_keyboard(address, open_page):
    watched = open_page(address + "chapters/mse.html", width=390)
    page = watched.page
    wide = page.locator(".bd-article pre").filter(has_text="LogCosh()").first
    wide.scroll_into_view_if_needed()
    at_rest(page)
    scrolls, reached = page.evaluate(
        """() => {
          const seen = [...document.querySelectorAll(".bd-article pre")].filter(
            (e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.getAttribute("tabindex"));
          return [seen.map((e) => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight),
                  seen.map((e) => e.tabIndex === 0)];
        }"""
    )
    assert scrolls == reached and True in scrolls
    theme = (SITE / "_static/scripts/pydata-sphinx-theme.js").read_text("utf-8")
    assert not re.search(r'addEventListener\("load",\w+\)\}\)\(\);', theme)


def test_a_very_long_word_stays_on_the_page(address, open_page):
    page = open_page(address + "chapters/mse.html", width=320).page
    page.locator("article p").first.evaluate("(p) => { p.textContent = 'loss'.repeat(60); }")
    assert page.evaluate(STICKS_OUT) <= 0


@pytest.mark.parametrize(
    ("named", "repository", "expected"),
    [
        ("https://example.org/book", "Someone/a-book", "https://example.org/book/"),
        ("", "Someone/a-book", "https://someone.github.io/a-book/"),
        ("", "Someone/someone.github.io", "https://someone.github.io/"),
        ("", "", ""),
    ],
)
def test_the_address_of_the_site(named, repository, expected, monkeypatch):
    monkeypatch.setenv("SITE_ADDRESS", named)
    monkeypatch.setattr(
        "readers.addresses.repository", lambda: repository and f"https://github.com/{repository}"
    )
    assert addresses.site_address() == expected


INTRO = """# Small

A book. Clone {{ the_repository }}.

::::{grid} 1
:::{grid-item-card} {doc}`chapters/small`
```{live-figure} chapters/small#small
:decorative:
```
Words.
:::
::::
"""


def built(folder, **environment):
    """A small book with a card and a figure, built where these variables are set."""
    book = Book(folder)
    book.write(FIGURE.format(trouble=""))
    (folder / "intro.md").write_text(INTRO)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SITE_ADDRESS", "GITHUB_REPOSITORY", "JUPYTERHUB_ADDRESS"):
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        status, output = book.build()
    assert status == 0, output[-2000:]
    return book


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """The book in a repository, with a hub beside it."""
    return built(
        tmp_path_factory.mktemp("known"),
        GITHUB_REPOSITORY="Someone/a-book",
        JUPYTERHUB_ADDRESS="https://hub.example.org",
        SITE_PDF="small.pdf",
    )


@pytest.fixture(scope="module")
def unknown(tmp_path_factory):
    """The book in a folder."""
    return built(tmp_path_factory.mktemp("unknown"), SITE_PDF="small.pdf")


@pytest.mark.parametrize("where", ["known", "unknown"])
def test_addresses_only_where_one_is_known(where, request):
    book, known = request.getfixturevalue(where), where == "known"
    site = book.folder / "_build/html"
    page = book.page()
    assert ('href="https://someone.github.io/a-book/small.pdf"' in page) == known
    assert ("small.pdf" in page) == known
    assert (site / ".nojekyll").exists()
    assert (site / "sitemap.xml").exists() == (site / "robots.txt").exists() == known
    assert ('rel="canonical"' in page) == ("og:url" in page) == known
    places = ["mybinder.org/v2/gh/Someone/a-book/main", "/github/Someone/a-book/blob/launch/"]
    places += ["https://hub.example.org/hub/user-redirect/git-pull?repo="]
    for place in places:
        assert (place in page) == known
    assert ("git-pull" in page) == known
    assert ("og:image" in page) == ("summary_large_image" in page) == known
    assert (site / "_static/preview/chapters-small.png").exists() == known
    assert page.count('<details class="dropdown') == known + 1 and "data-bs-" not in page
    first = nbformat.read(site / "_sources/chapters/small.ipynb", as_version=4).cells[0]
    assert ("git+https://github.com/Someone/a-book" in first.source) == known
    start = (site / "intro.html").read_text("utf-8")
    assert ('href="https://github.com/Someone/a-book">the repository</a>' in start) == known
    assert known or "Clone the repository." in start
    lost = (site / "404.html").read_text("utf-8")
    assert ('href="/a-book/intro.html"' in lost) == known
    if known:
        address = "https://someone.github.io/a-book/"
        assert f"<loc>{address}chapters/small.html</loc>" in (site / "sitemap.xml").read_text()
        assert f'content="{address}chapters/small.html"' in page


@pytest.mark.parametrize(("where", "base"), [("known", "/a-book/"), ("unknown", "/")])
@pytest.mark.parametrize("missing", ["nowhere.html", "chapters/deep/nowhere.html"])
def test_an_address_that_is_not_there_leads_back(where, base, missing, request, open_page):
    site = request.getfixturevalue(where).folder / "_build/html"
    with serving(site, host_of(site, base)) as address:
        root = address + base[1:]
        watched = open_page(root + missing)
        page = watched.page
        assert "not here" in page.locator("article h1").text_content()
        assert len(watched.complaints) == 2, watched.complaints  # the page itself, said twice
        assert all(root + missing in said or "404" in said for said in watched.complaints)
        assert all(url.startswith((root, "data:")) for url in watched.requests)
        assert page.evaluate("[...document.styleSheets].some((s) => s.cssRules.length > 100)")
        links = page.eval_on_selector_all("a[href]", "(all) => all.map((a) => a.href)")
        assert len(links) > 3
        for link in {link.partition("#")[0] for link in links if link.startswith(address)}:
            assert link == root + missing or page.request.get(link).ok, link
        page.locator("article a", has_text="first page").click()
        page.wait_for_url(root + "intro.html")


@pytest.mark.parametrize("missing", ["nowhere.html", "chapters/deep/nowhere.html"])
def test_below_a_path_that_the_build_did_not_know_it_leads_back_too(missing, unknown, open_page):
    site = unknown.folder / "_build/html"
    with serving(site, host_of(site, "/below/")) as address:
        page = open_page(f"{address}below/{missing}").page
        page.wait_for_function(
            "() => [...document.styleSheets].some((s) => s.cssRules.length > 100)"
        )
        links = page.eval_on_selector_all("a[href]", "(all) => all.map((a) => a.href)")
        for link in {link.partition("#")[0] for link in links if link.startswith(address)}:
            assert link == f"{address}below/{missing}" or page.request.get(link).ok, link
        page.wait_for_function(
            "() => globalThis.SearchEngine || document.querySelector('.search-foot')"
        )
        page.locator("article a", has_text="first page").click()
        page.wait_for_url(f"{address}below/intro.html")


@pytest.mark.parametrize(
    ("url", "on_binder", "leads_to"),
    [
        (
            "https://mybinder.org/v2/gh/Someone/a-book/main?urlpath=lab/tree/chapters/mse.ipynb",
            True,
            "https://mybinder.org/v2/gh/Someone/a-book/main?urlpath=lab/tree/notebooks/mse.ipynb",
        ),
        (
            "https://colab.research.google.com/github/Someone/a-book/blob/main/chapters/mse.ipynb",
            False,
            "https://colab.research.google.com/github/Someone/a-book/blob/launch/chapters/mse.ipynb",
        ),
        (
            "https://hub/git-pull?repo=R&urlpath=lab/tree/a-book/chapters/mse.ipynb&branch=main",
            False,
            "https://hub/git-pull?repo=R&urlpath=lab/tree/a-book/chapters/mse.ipynb&branch=launch",
        ),
    ],
)
def test_launch_buttons_lead_to_the_readers_notebooks(url, on_binder, leads_to):
    page = next(p for p in contents(ROOT) if p.name == "mse")
    assert launch.launched(url, page, on_binder) == leads_to
    # a page that is no notebook in the sources is one there, and the first page has its own
    catalog = next(p for p in contents(ROOT) if p.name == "catalog")
    ours = url.replace("chapters/mse.ipynb", "chapters/catalog.md")
    assert launch.launched(ours, catalog, on_binder) == leads_to.replace("mse", "catalog")
    intro, ours = contents(ROOT)[0], url.replace("chapters/mse.ipynb", "intro.md")
    expected = leads_to.replace("chapters/mse", "index").replace("mse", "index")
    assert launch.launched(ours, intro, on_binder) == expected


def test_what_is_downloaded_is_the_reader_s_notebook(address, open_page):
    """The button leads to a notebook in plain Markdown; a page that has none offers no source."""
    page = open_page(address + "chapters/catalog.html").page
    link = page.locator(".dropdown-menu a[href$='.ipynb']").get_attribute("href")
    assert link.endswith("_sources/chapters/catalog.ipynb")
    reply = page.request.get(urljoin(page.url, link))
    assert reply.ok and not re.search(r"\{(?:cite|ref|term|doc)\}`", reply.text())
    page.goto(address + "chapters/instructors.html")
    assert not page.locator("a[href*='_sources/']").count()


def test_a_hub_gets_a_button_only_where_it_is_named(monkeypatch):
    monkeypatch.setattr(launch, "repository", lambda: "https://github.com/Someone/a-book")
    monkeypatch.delenv("JUPYTERHUB_ADDRESS", raising=False)
    config = SimpleNamespace(html_theme_options={}, myst_substitutions={})
    launch.configure(None, config)
    assert config.html_theme_options["launch_buttons"].pop("jupyterhub_url") == ""
    assert all(config.html_theme_options["launch_buttons"].values())


def test_each_page_has_a_picture_for_previews(known):
    site = known.folder / "_build/html"
    pictures = {}
    for name in ("intro", "chapters/small"):
        html = (site / f"{name}.html").read_text("utf-8")
        address = re.search(r'<meta property="og:image" content="([^"]+)"', html)[1]
        assert '<meta name="twitter:card" content="summary_large_image" />' in html
        image = Image.open(site / address.removeprefix("https://someone.github.io/a-book/"))
        assert image.format == "PNG" and image.size == (1200, 630)
        for side in ("width", "height"):
            assert f'og:image:{side}" content="{getattr(image, side)}"' in html
        pictures[name] = np.asarray(image.convert("L"), dtype=float)
    title, figure = (pictures["chapters/small"][130:500, a:b] for a, b in ((60, 490), (530, 1150)))
    assert (title < 100).mean() > 0.005  # the title, and the line that the figure draws
    assert (figure < 200).mean() > 0.005
    assert np.abs(pictures["intro"] - pictures["chapters/small"]).mean() > 0.5
    assert "og:image" not in (site / "genindex.html").read_text("utf-8")
