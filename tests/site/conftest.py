import pytest
from playwright.sync_api import sync_playwright

from tools.browser import chromium
from tools.browser.server import REST, serving

from ..paths import SITE


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
    """A page that remembers its requests, what came, and everything it complained about."""

    def __init__(self, page, kind):
        self.page, self.kind = page, kind
        self.requests, self.responses, self.complaints = [], [], []
        self.pending = {}  # requests that have not ended, and whether the page has been left since
        page.on("request", self._request)
        page.on("requestfinished", lambda r: self.pending.pop(r, None))
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda e: self.complaints.append(f"error: {e}"))
        page.on("console", self._console)
        page.on("response", self._response)

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _request(self, request):
        self.requests.append(request.url)
        if request.is_navigation_request():
            self.pending = dict.fromkeys(self.pending, True)
        self.pending[request] = False

    def _failed(self, request):
        left = self.pending.pop(request, False)
        if not (left and request.failure == "net::ERR_ABORTED"):  # given up with the page
            self.complaints.append(f"failed: {request.url}: {request.failure}")

    def forget(self):
        for remembered in (self.requests, self.responses, self.complaints):
            remembered.clear()

    def _response(self, response):
        self.responses.append(response)
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


class Pages:
    """Pages that tests take one after the other, each in a context of its own, empty of what the last one left.

    The process of a new context is most of what it costs to open a chapter: 1.3 of 1.9 seconds.
    """

    def __init__(self, browser, address):
        self.browser, self.idle = browser, {}
        # of the same origin as what is opened next, so that what is stored can be cleared there
        self.rests = {"http": address + REST.name, "file": REST.as_uri()}

    def take(self, url, theme="light", width=1280, **options):
        scheme = url.partition(":")[0]
        kind = (scheme, theme, repr(sorted(options.items())))
        kept = self.idle.setdefault(kind, [])
        watched = kept.pop() if kept else self.new(kind, theme, options)
        watched.forget()
        watched.page.set_viewport_size({"width": width, "height": 900})
        if scheme != "about":
            watched.page.goto(url)
        return watched

    def new(self, kind, theme, options):
        context = self.browser.new_context(color_scheme=theme, **options)
        context.add_init_script(
            f"try {{ localStorage.setItem('mode', '{theme}'); "
            f"localStorage.setItem('theme', '{theme}') }} catch {{}}"
        )
        page = context.new_page()
        # a file kept from the last page would come without a request, past counts and routes
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        return Watched(page, kind)

    def give_back(self, watched):
        page = watched.page
        for other in page.context.pages:
            if other is not page:
                other.close()
        page.unroute_all(behavior="ignoreErrors")
        page.emulate_media(media="null")
        page.mouse.move(0, 0)
        page.goto(self.rests.get(watched.kind[0], self.rests["http"]))
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.idle[watched.kind].append(watched)


@pytest.fixture(scope="session")
def pages(browser, address):
    return Pages(browser, address)


@pytest.fixture
def open_page(pages):
    """Open an address: open_page(url, theme="dark", width=390, ...) gives a page that the test has for itself."""
    taken = []

    def open_it(url, **options):
        taken.append(pages.take(url, **options))
        return taken[-1]

    yield open_it
    for watched in taken:
        pages.give_back(watched)


@pytest.fixture(scope="module")
def chapter(request, pages, address):
    """A page of the site that the tests of its figures share: none of them leaves its own figure."""
    watched = pages.take(address + request.param)
    yield watched
    pages.give_back(watched)


@pytest.fixture(scope="module")
def phone(request, pages, address):
    """A page of the site as wide as a phone, for tests that only look, or wide again when they are done."""
    watched = pages.take(address + request.param, width=390)
    # the letters that it has from the second page on
    watched.page.evaluate("localStorage.setItem('lossbook.letters', '1')")
    watched.page.reload()
    watched.page.evaluate("document.fonts.ready")
    yield watched.page
    pages.give_back(watched)


@pytest.fixture
def notebook_page(browser):
    """A page for JupyterLab or Notebook, which may take its time; its kernels end with it."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(180_000)
    yield page
    page.evaluate("() => window.jupyterapp?.serviceManager.sessions.shutdownAll()")
    page.close()
