"""Live figures outside the book, on a page of their own: what no chapter happens to do."""

import json
import re
import shutil
from pathlib import Path

import ipywidgets as w
import matplotlib.pyplot as plt
import pytest

import lossbook.interact
from lossbook.interact.controls import controls_for, widgets_for
from lossbook.interact.draw import tree
from lossbook.interact.publish import publish
from lossbook.interact.states import draw_state

from .test_live_figures import CHOOSE, READ, by_order, loaded

STATIC = Path(lossbook.interact.__file__).parent / "static"


def moving(k=1, flag=False):
    """Glyphs, markers, a legend and a log axis that come and go."""
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.set(yticks=[])
    if k % 2 == 0:
        ax.set_xlabel(r"$\alpha\delta$")
    ax.text(0.1, 0.2, r"$\delta\gamma$")
    ax.plot([1, k + 1], [1, k], "os"[k % 2], label=f"k = {k}")
    if flag:
        ax.set_xscale("log")
        ax.legend()
    return fig, {"k": k}


def played(t=0):
    """A point that moves by itself."""
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot([t], [0], "o")
    ax.set(xlim=(-1, 6))
    return fig


EXPLORERS = {
    "moving": (moving, {"k": (0, 5), "flag": False}),
    "played": (played, {"t": w.Play(min=0, max=5, interval=30)}),
}


def controls_of(name):
    func, abbreviations = EXPLORERS[name]
    return controls_for(name, widgets_for(func, abbreviations))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Both explorers, the first one sixty times, with their states in files of their own."""
    folder = tmp_path_factory.mktemp("component")
    shutil.copytree(STATIC, folder, dirs_exist_ok=True)
    (folder / "live").mkdir()
    figures = []
    for name, (func, _) in EXPLORERS.items():
        html = publish(func, controls_of(name))
        script = re.search(r'<script type="application/json".*?>(.*?)</script>', html, re.S)
        states = json.loads(script[1])
        for copy in [name] + [f"{name}{i}" for i in range(60 if name == "moving" else 0)]:
            file = f"{copy}.js"
            (folder / "live" / file).write_text(
                f"liveFigures({json.dumps(file)}, {json.dumps(states)})", "utf-8"
            )
            figure = html.replace(script[0], "").replace(f'"{name}', f'"{copy}')
            figure = figure.replace("<live-figure ", f'<live-figure data-states="{file}" ', 1)
            figures.append(re.sub(rf"#{name}-", f"#{copy}-", figure))
    (folder / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Live figures</title>"
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="live-figure.css">'
        '<script defer src="live-figure.js"></script>' + "".join(figures),
        "utf-8",
    )
    return folder


@pytest.fixture
def url(folder):
    return (folder / "index.html").as_uri()


def test_every_state_is_what_python_draws(url, open_page):
    watched = open_page(url)
    figure = loaded(watched.page, "moving")
    controls = controls_of("moving")
    layout = draw_state(moving, {"k": 1})[1]
    for flag in (0, 1):
        for k in (5, 2, 3, 0, 1, 4):
            figure.evaluate(CHOOSE, [k, flag])
            shown = figure.evaluate(READ)
            values = {"k": controls[0].values[k], "flag": bool(flag)}
            drawn = []

            def flat(node, into=drawn):
                into.append([node.tag, node.attributes, node.text])
                for child in node.children:
                    flat(child)

            flat(tree(draw_state(moving, values, layout)[0], "moving"))
            for attribute in ("xmlns", "role", "aria-label"):
                assert shown[0][1].pop(attribute)
            assert by_order(shown) == by_order(drawn), values
    assert not watched.complaints


def test_a_definition_in_use_is_never_hidden(url, open_page):
    figure = loaded(open_page(url).page, "moving")
    for k in range(6):
        figure.evaluate(CHOOSE, [k, 0])
        hidden = figure.evaluate(
            """(figure) => [...figure.querySelectorAll("use")]
              .filter((u) => !u.closest("[display=none]"))
              .filter((u) => document.getElementById(u.getAttribute("href").slice(1)).closest("[display=none]"))
              .length"""
        )
        assert hidden == 0


def test_sixty_figures_answer_and_only_the_near_ones_load(url, open_page):
    watched = open_page(url)
    watched.page.wait_for_timeout(300)
    early = sum("/live/" in u for u in watched.requests)
    assert 0 < early < 30
    figure = loaded(watched.page, "moving59")
    before = figure.evaluate(READ)
    figure.evaluate(CHOOSE, [4, 1])
    assert figure.evaluate(READ) != before
    assert not watched.complaints


def test_moves_during_loading_count_once_the_states_are_there(folder, open_page):
    watched = open_page("about:blank")
    held = []
    watched.page.route("**/live/moving.js", lambda route: held.append(route))
    watched.page.goto((folder / "index.html").as_uri(), wait_until="domcontentloaded")
    figure = watched.page.locator("live-figure#moving")
    before = figure.evaluate(READ)
    for k in (0, 3, 5, 2, 4):
        figure.evaluate(CHOOSE, [k, 0])
    assert figure.evaluate(READ) == before
    held[0].fulfill(path=folder / "live" / "moving.js", content_type="text/javascript")
    loaded(watched.page, "moving")
    after = figure.evaluate(READ)
    figure.evaluate(CHOOSE, [0, 0])
    figure.evaluate(CHOOSE, [4, 0])
    assert figure.evaluate(READ) == after != before


def test_play_runs_until_it_is_stopped(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "played")
    button, value = figure.locator(".lf-play"), figure.locator(".lf-value")
    button.click()
    page.wait_for_function("document.querySelector('#played .lf-value').textContent === '3'")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    stopped = value.text_content()
    page.wait_for_timeout(200)
    assert value.text_content() == stopped and button.get_attribute("aria-pressed") == "false"


def test_with_reduced_motion_each_press_is_one_step(url, open_page):
    page = open_page(url, reduced_motion="reduce").page
    figure = loaded(page, "played")
    for step in ("1", "2"):
        figure.locator(".lf-play").click()
        page.wait_for_timeout(120)
        assert figure.locator(".lf-value").text_content() == step


def test_paper_has_the_default(url, open_page):
    page = open_page(url).page
    figure = loaded(page, "moving")
    default = figure.evaluate(READ)
    figure.evaluate(CHOOSE, [4, 1])
    moved = figure.evaluate(READ)
    page.emulate_media(media="print")
    assert figure.evaluate(READ) == default != moved
    page.emulate_media(media="screen")
    assert figure.evaluate(READ) == moved


def test_controls_without_states_are_switched_off(folder, open_page):
    watched = open_page("about:blank")
    watched.page.route("**/live/moving.js", lambda route: route.abort())
    watched.page.goto((folder / "index.html").as_uri())
    figure = watched.page.locator("live-figure#moving")
    figure.locator(".lf-failed").wait_for()
    assert figure.locator("input:enabled, button:enabled").count() == 0
