import pytest
from playwright.sync_api import sync_playwright

from ..explorers import ROOT
from . import chromium
from .server import serving

SITE = ROOT / "_build" / "html"
#: how much wider a page is than its window
STICKS_OUT = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="session")
def address():
    """The built site over http."""
    if not (SITE / "index.html").exists():
        pytest.fail("the site is not built: run make html")
    with serving(SITE) as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page that remembers its requests and everything it complained about."""

    def __init__(self, page):
        self.page, self.requests, self.complaints = page, [], []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("requestfailed", lambda r: self.complaints.append(f"failed: {r.url}"))
        page.on("pageerror", lambda e: self.complaints.append(f"error: {e}"))
        page.on("console", self._console)
        page.on("response", self._response)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _response(self, response):
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


def opened(browser, url, theme="light", width=1280, **options):
    """An address in a context of its own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, **options
    )
    watched = Watched(context.new_page())
    context.add_init_script(
        f"try {{ localStorage.setItem('mode', '{theme}'); "
        f"localStorage.setItem('theme', '{theme}') }} catch {{}}"
    )
    watched.page.goto(url)
    return watched


@pytest.fixture
def open_page(browser):
    """Open an address in a context of its own: open_page(url, theme="dark", width=390, ...)."""
    pages = []

    def open_it(url, **options):
        pages.append(opened(browser, url, **options))
        return pages[-1]

    yield open_it
    for watched in pages:
        watched.page.context.close()


@pytest.fixture(scope="module")
def chapter(request, browser, address):
    """A page of the site that the tests of its figures share: none of them leaves its own figure."""
    watched = opened(browser, address + request.param)
    yield watched
    watched.page.context.close()


@pytest.fixture(scope="module")
def phone(request, browser, address):
    """A page of the site as wide as a phone, for tests that only look, or wide again when they are done."""
    watched = opened(browser, address + request.param, width=390)
    watched.page.evaluate("document.fonts.ready")
    yield watched.page
    watched.page.context.close()
