"""An unchanged figure is not drawn again; anything that it reads makes it change."""

import matplotlib.pyplot as plt
import pytest

from lossbook.interact import cache
from lossbook.interact.controls import controls_for, widgets_for
from lossbook.interact.publish import publish

TEMPLATE = """
import matplotlib.pyplot as plt
DATA = {data}
def helper(k):
    return {factor} * k
def explorer(k=1):
    '''{doc}'''
    drawn.append(k)
    fig, ax = plt.subplots(figsize=(2, 1))
    ax.plot(DATA, [helper(k)] * len(DATA))
    return fig
"""


def make(data=(1, 2), factor=2, doc="A line.", top=3):
    """A function as a notebook defines it, and its controls."""
    drawn: list[int] = []
    namespace = {"__name__": "__main__", "drawn": drawn}
    exec(TEMPLATE.format(data=list(data), factor=factor, doc=doc), namespace)
    func = namespace["explorer"]
    return func, controls_for("explorer", widgets_for(func, {"k": (1, top)})), namespace


def key(**changes):
    func, controls, _ = make(**changes)
    return cache.key_of(func, controls)


def test_the_same_figure_has_the_same_key():
    assert key() == key() is not None


@pytest.mark.parametrize(
    "change", [{"data": (1, 3)}, {"factor": 3}, {"doc": "Another line."}, {"top": 4}]
)
def test_what_it_reads_changes_the_key(change):
    assert key(**change) != key()


def test_the_look_changes_the_key():
    before = key()
    with plt.rc_context({"lines.linewidth": 7}):
        assert key() != before


def test_a_kept_figure_is_not_drawn_again(tmp_path, monkeypatch):
    monkeypatch.setenv("LIVE_FIGURES_CACHE", str(tmp_path))
    func, controls, namespace = make()
    first = publish(func, controls)
    assert namespace["drawn"] and "data-seconds=" in first
    func, controls, namespace = make()
    second = publish(func, controls)
    assert namespace["drawn"] == [] and "data-seconds=" not in second
    assert second.split("data-count")[1] == first.split("data-count")[1]
