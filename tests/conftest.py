"""Which tests one worker takes, where a test draws its numbers, and what it leaves behind: nothing."""

import re

import matplotlib
import numpy as np
import pytest

#: a module for which something long is made once: a book, a browser, the pages as trees
WHOLE = re.compile(r"tests/(?:claims/\w+|site/test_(?:api_backlinks|component|firefox|pdf))\.py")
#: a page of figures, for which a notebook is run and the page is opened once
PAGE = re.compile(r"(test_(?:live_figures|reading)\.py)::\w+\[([\w/]+\.html)")


def shared(nodeid: str) -> str:
    """The name of the group of a test: those of one module, those of one page, or the test alone."""
    if page := PAGE.search(nodeid):
        return " ".join(page.groups())
    module = WHOLE.match(nodeid)
    return module[0] if module else nodeid


@pytest.hookimpl(optionalhook=True)  # where xdist is not installed
def pytest_xdist_make_scheduler(config, log):
    """`--dist loadgroup` by the names of the tests: xdist 3.8 does not reach those of pytest 9.2 with its marks."""
    if config.getoption("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Grouped(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return shared(nodeid)

    return Grouped(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """A test that draws a page's figures sets matplotlib as the page does; the next one finds what it found."""
    with matplotlib.rc_context():
        return (yield)


@pytest.fixture
def rng():
    """A generator of the test's own: what it draws hangs on no test before it, whichever worker runs it."""
    return np.random.default_rng(0)
