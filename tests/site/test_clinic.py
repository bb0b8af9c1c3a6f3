"""The clinic in a browser."""

from itertools import pairwise

import pytest

from lossbook.teaching import clinic

from .accessibility import ready, wrong_colors, wrong_structure
from .pages import STICKS_OUT
from .waiting import frames

PAGE = "chapters/training.html"
#: for each path the addresses of its answers, one after the other, and its first and its last cause
PATHS = [
    (
        [f"clinic-{'-'.join(a.key for a in path[:n])}" for n in range(1, len(path) + 1)],
        [symptom.causes[0].key, symptom.causes[-1].key],
    )
    for path, symptom in clinic.paths()
]
#: where the clinic and the page stand: what is open, and the address
STATE = """() => [[...document.querySelectorAll(".loss-guide details[open] > div")]
  .filter((d) => !d.parentElement.closest("details:not([open]) *")).map((d) => d.id), location.hash]"""


def summary(page, ident):
    """What opens the disclosure with this address."""
    return page.locator(f"details:has(> #{ident}) > summary")


def is_open(page, *idents):
    """Wait until these and no others are open, and the address is the last one's."""
    page.wait_for_function(
        f"(want) => JSON.stringify(({STATE})()) === want",
        arg=page.evaluate("(want) => JSON.stringify(want)", [list(idents), f"#{idents[-1]}"]),
    )


def test_every_path_by_clicks(address, open_page):
    watched = open_page(address + PAGE)
    page = watched.page
    for steps, causes in PATHS:  # on one page: another answer closes the one before
        for n, ident in enumerate(steps, 1):
            summary(page, ident).click()
            is_open(page, *steps[:n])
        for cause in causes:
            summary(page, f"{steps[-1]}-{cause}").click()
            is_open(page, *steps, f"{steps[-1]}-{cause}")
            assert page.locator(f"#{steps[-1]}-{cause} .clinic-cause").is_visible()
        summary(page, f"{steps[-1]}-{causes[-1]}").click()
        for ident in reversed(steps):
            summary(page, ident).click()
        page.wait_for_function("() => location.hash === ''")
    assert not watched.complaints


def test_every_path_by_keyboard(address, open_page):
    watched = open_page(address + PAGE)
    page = watched.page
    focused = "() => document.activeElement.nextElementSibling?.id"
    page.locator(".loss-guide > details > summary").first.focus()
    for steps, causes in PATHS:
        addresses = [*steps, *(f"{steps[-1]}-{cause}" for cause in causes)]
        for n, ident in enumerate(addresses, 1):
            for _ in range(200):
                if page.evaluate(focused) == ident:
                    break
                page.keyboard.press("Tab")
            assert page.evaluate(focused) == ident
            page.keyboard.press("Enter" if n % 2 else "Space")
            is_open(page, *(addresses[:n] if n <= len(steps) else [*steps, ident]))
        # close what is open, from within outward, and go on from there
        for _, ident in [(0, addresses[-1]), *((0, i) for i in reversed(steps))]:
            summary(page, ident).focus()
            page.keyboard.press("Enter")
        page.wait_for_function("() => location.hash === ''")
    assert not watched.complaints


def test_an_address_opens_its_path(address, open_page):
    page = open_page("about:blank").page
    for steps, causes in PATHS:
        wanted = [*steps, f"{steps[-1]}-{causes[-1]}"]
        page.goto("about:blank")
        page.goto(f"{address}{PAGE}#{wanted[-1]}")
        is_open(page, *wanted)
        assert page.locator(f"#{wanted[-1]} .clinic-cause").is_visible()
        page.wait_for_function(  # below the bar, when the fonts have come
            """(id) => { const { top } = document.getElementById(id).parentElement.getBoundingClientRect();
            const bar = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop);
            return top > bar - 2 && top < innerHeight; }""",
            arg=wanted[-1],
            timeout=5000,
        )
    # and a link followed on the open page
    page.evaluate("location.hash = '#clinic-saw-passes'")
    page.wait_for_function(f"() => ({STATE})()[0].join() === 'clinic-saw,clinic-saw-passes'")


@pytest.mark.parametrize(
    "part", ["clinic-nothing", "clinic-nan-", "clinic", "%E0%A4%A", "clinic-nan-later-"]
)
def test_a_hash_that_names_no_path_does_nothing(part, address, open_page):
    watched = open_page(f"{address}{PAGE}#{part}")
    page = watched.page
    frames(page)
    opened, at = page.evaluate(STATE)
    assert not opened and at == f"#{part}"
    assert page.evaluate("scrollY") == 0
    summary(page, "clinic-spikes").click()  # and the clinic works
    is_open(page, "clinic-spikes")
    assert not watched.complaints


def test_without_scripts_everything_can_be_opened(address, open_page):
    page = open_page(address + PAGE, java_script_enabled=False).page
    for steps, causes in PATHS:
        for ident in [*steps, *(f"{steps[-1]}-{cause}" for cause in causes)]:
            summary(page, ident).click()
            assert page.locator(f"#{ident}").is_visible()
        assert page.locator(f"#{steps[-1]}-{causes[-1]} .clinic-cause").is_visible()
        summary(page, steps[0]).click()


def test_in_print_all_is_there(address, open_page):
    page = open_page(address + PAGE).page
    page.emulate_media(media="print")
    for steps, causes in PATHS:
        assert page.locator(f"#{steps[-1]}-{causes[0]} > .clinic-cause").is_visible(), steps


def test_every_read_more_leads_somewhere(address, open_page):
    page = open_page(address + PAGE).page
    links = page.eval_on_selector_all(
        ".clinic-cause .guide-more a", "(links) => [...new Set(links.map((a) => a.href))]"
    )
    assert len(links) > 20
    for link in links:
        base, _, part = link.partition("#")
        html = page.request.get(base).text()
        assert f'id="{part}"' in html, link


@pytest.mark.parametrize("width", [390, 1280])
def test_no_code_to_copy_is_cut(width, address, open_page):
    page = open_page(address + PAGE, width=width).page
    page.evaluate(
        """() => document.querySelectorAll(".loss-guide details").forEach((d) => {
          d.removeAttribute("name"); d.open = true; })"""
    )
    assert page.locator(".clinic-cause pre:visible").count() > 100
    assert not page.locator(".clinic-cause pre").evaluate_all(
        "(all) => all.filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)"
    )


def test_on_a_phone_a_step_stands_within_the_one_before(address, open_page):
    page = open_page(address + PAGE, width=390).page
    steps, causes = max(PATHS, key=lambda path: len(path[0]))
    for ident in [*steps, f"{steps[-1]}-{causes[0]}"]:
        summary(page, ident).click()
    lefts = [
        summary(page, ident).evaluate("(e) => e.parentElement.getBoundingClientRect().left")
        for ident in [*steps, f"{steps[-1]}-{causes[0]}"]
    ]
    assert len(lefts) == 3 and all(b - a > 8 for a, b in pairwise(lefts))
    for ident in steps:
        assert (
            page.locator(f"#{ident}").evaluate("(e) => getComputedStyle(e).borderLeftWidth")
            == "2px"
        )


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_with_everything_open(width, address, open_page):
    page = open_page(address + PAGE, width=width).page
    page.evaluate(
        """() => { document.querySelectorAll(".loss-guide details").forEach((d) => {
          d.removeAttribute("name"); d.open = true; }); }"""
    )
    assert page.evaluate(STICKS_OUT) <= 0
    ready(page)
    assert not wrong_structure(page)
    for theme in ("light", "dark"):
        page.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        assert not wrong_colors(page)
