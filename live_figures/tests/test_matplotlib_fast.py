"""The quick way of drawing gives what matplotlib gives, to the last character."""

import threading
from unittest import mock

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from live_figures.matplotlib_fast import quick_drawing
from live_figures.svg import lay_out, render
from matplotlib.axes._base import _AxesBase
from matplotlib.axis import Axis, XTick
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.markers import MarkerStyle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from live_figures import matplotlib_fast, matplotlib_memo

pytestmark = pytest.mark.skipif(
    not matplotlib_fast.KNOWN, reason="matplotlib draws in its own way here"
)


def plain():
    fig, ax = plt.subplots()
    ax.plot([0, 1, 2], [3, 1, 2], "o-")
    return fig


def labels_and_offsets():
    fig, (a, b) = plt.subplots(2, 1)
    a.plot([0, 1e-9], [1e9, 1e9 + 3])
    a.set(xlabel="time", ylabel="counts")
    b.plot([0, 1], [100, 20000])
    b.set(xlabel="two\nlines", ylabel="$y^2$")
    b.xaxis.set_label_position("top")
    b.yaxis.tick_right()
    b.yaxis.set_label_position("right")
    fig.align_ylabels()
    return fig


def logarithms_and_minor_ticks():
    fig, (a, b) = plt.subplots(1, 2, layout="constrained")
    a.loglog([1, 1e5], [1e-3, 1e2])
    a.grid(True, which="both", alpha=0.3)
    b.plot([0, 1])
    b.minorticks_on()
    b.tick_params(which="minor", length=7, color="red", direction="in")
    b.tick_params(axis="x", labelrotation=40, top=True, labeltop=True)
    return fig


def styled_before_and_after_the_first_tick():
    fig, ax = plt.subplots()
    ax.plot([0, 10], [0, 1])
    ax.xaxis.get_major_ticks()[0].label1.set_color("red")
    ax.tick_params(axis="x", labelsize=14, width=3)
    ax.yaxis.grid(True, linestyle=":")
    ax.xaxis.get_major_ticks(9)[8].label1.set_text("ninth")
    ax.set_xticks(range(11), [f"n{i}" for i in range(11)], rotation=20, ha="right")
    ax.yaxis.get_major_ticks()[2].gridline.set_color("green")
    ax.yaxis.get_major_ticks()[1].label1.set_fontsize(20)
    return fig


def shared_twin_and_hidden():
    fig, axes = plt.subplots(2, 2, sharex=True, sharey="row")
    axes[0, 0].plot([0, 5], [0, 50])
    axes[1, 1].twinx().plot([1, 2], [1e6, 2e6], "s")
    axes[1, 0].set_axis_off()
    axes[0, 1].xaxis.set_visible(False)
    axes[0, 1].set_yticks([])
    fig.suptitle("twins")
    return fig


def markers():
    fig, ax = plt.subplots()
    turned = MarkerStyle("^", transform=Affine2D().rotate_deg(30))
    for k, marker in enumerate([turned, turned.rotated(deg=45), MarkerStyle(turned), "$a$", 4]):
        ax.plot([k], [k], marker=marker, fillstyle="left" if k == 1 else None)
    ax.scatter([0, 1], [4, 4], marker=turned)
    ax.legend(ax.lines, list("abcde"))
    return fig


def other_axes():
    fig = plt.figure()
    fig.add_subplot(121, projection="polar").plot([0, 1, 2], [1, 2, 3])
    ax = fig.add_subplot(122, projection="3d")
    ax.plot([0, 1], [0, 1], [0, 1])
    return fig


def picture_with_colorbar():
    fig, ax = plt.subplots()
    fig.colorbar(ax.pcolormesh(np.arange(12.0).reshape(3, 4) * 1e7), label="depth")
    return fig


def fonts_that_change():
    fig, (a, b) = plt.subplots(1, 2)
    a.set_xlabel("$\\alpha$ here")
    with matplotlib.rc_context({"font.size": 17, "mathtext.fontset": "stix"}):
        b.set_xlabel("$\\alpha$ here")
    return fig


def texts():
    """The same words, each time laid out in another way."""
    fig, ax = plt.subplots(layout="constrained")
    ways = [
        {},
        {"rotation": 30},
        {"rotation": 30, "rotation_mode": "anchor"},
        {"ha": "right", "va": "top"},
        {"ha": "center", "va": "center_baseline"},
        {"multialignment": "right"},
        {"linespacing": 3},
        {"fontsize": 20},
        {"fontweight": "bold", "alpha": 0.4},
        {"parse_math": False},
        {"rotation": 45, "transform_rotates_text": True},
        {"wrap": True},
        {"bbox": {"boxstyle": "round"}},
    ]
    for k, way in enumerate(ways):
        ax.text(k / 20, k / 20, "two $x^2$\nlong and short lines", **way)
    return fig


def styles():
    """Marks and lines that differ in one thing, some of them at the edge of the figure or out of it."""
    fig, ax = plt.subplots()
    ax.set(xlim=(0, 1), ylim=(0, 1), position=(0, 0, 1, 1))
    for k, way in enumerate(
        [
            {},
            {"markersize": 9},
            {"markeredgewidth": 3},
            {"markeredgecolor": "red"},
            {"markerfacecolor": "none"},
            {"alpha": 0.5},
            {"marker": "s"},
            {"marker": "x"},
            {"marker": ""},
            {"url": "https://example.org"},
        ]
    ):
        for x, y in [(0.5, k / 10), (0, k / 10), (k / 10, 1), (-1, 0.5), (np.nan, 0.5)]:
            ax.plot([x], [y], **{"marker": "o", "color": "blue"} | way)
    for k, way in enumerate(
        [{}, {"ls": "--"}, {"ls": (3, (1, 2))}, {"lw": 0}, {"dash_capstyle": "round", "ls": "--"}]
    ):
        ax.plot([0, 1], [k / 10, 0.5], color="green", **way)
    ax.fill([0, 1, 0.5], [0, 0, 1], hatch="//", alpha=0.3)
    ax.fill([0, 1, 0.5], [0, 0, 0.8], hatch="o", alpha=0.3)
    return fig


FIGURES = [
    plain,
    texts,
    styles,
    labels_and_offsets,
    logarithms_and_minor_ticks,
    styled_before_and_after_the_first_tick,
    shared_twin_and_hidden,
    markers,
    other_axes,
    picture_with_colorbar,
    fonts_that_change,
]


def drawn(make):
    fig = make()
    svg = render(fig)
    plt.close(fig)
    return svg


@pytest.mark.parametrize("make", FIGURES, ids=lambda make: make.__name__)
@pytest.mark.parametrize("look", ["default", "classic"])
def test_the_same_to_the_last_character(make, look):
    matplotlib.use("agg")
    with matplotlib.style.context(look):
        expected = drawn(make)
        with quick_drawing():
            first, second = drawn(make), drawn(make)
    assert first == expected
    assert second == expected


def titled():
    """A title that gives way to ticks on top, beside an axis with an offset."""
    fig, (a, b) = plt.subplots(1, 2)
    a.plot([0, 1], [1e9, 1e9 + 3])
    a.xaxis.tick_top()
    a.set(title="over the ticks", xlabel="x", ylabel="y")
    b.imshow(np.arange(6.0).reshape(2, 3))
    b.set_title("square", loc="left")
    return fig


def laid_out(make):
    with matplotlib.rc_context({"figure.constrained_layout.use": True}):
        fig = make()
    lay_out(fig)
    places = [ax.get_position().extents.tolist() for ax in fig.axes]
    titles = [ax.title.get_position() + ax._left_title.get_position() for ax in fig.axes]
    plt.close(fig)
    return places, titles


@pytest.mark.filterwarnings("ignore:constrained_layout not applied:UserWarning")
@pytest.mark.parametrize("make", [*FIGURES, titled], ids=lambda make: make.__name__)
def test_everything_has_the_same_place(make):
    matplotlib.use("agg")
    expected = laid_out(make)
    with quick_drawing():
        assert laid_out(make) == laid_out(make) == expected


def test_a_layout_finds_the_ticks_of_an_axis_once_for_each_of_its_two_looks():
    found = []
    original = Axis._update_ticks
    with mock.patch.object(Axis, "_update_ticks", lambda a: (found.append(a), original(a))[1]):
        with quick_drawing():
            laid_out(titled)
        few = len(found)
        laid_out(titled)
    assert few == 2 * 4  # two axes have two each
    assert len(found) - few > 2 * few


def test_a_text_is_laid_out_once_for_many_drawings_and_anew_in_another_font():
    laid = []
    original = Text._get_layout

    def counted(self, renderer):
        laid.append(self.get_text())
        return original(self, renderer)

    def layouts(family):
        laid.clear()
        with quick_drawing(), matplotlib.rc_context({"font.sans-serif": family}):
            return drawn(fonts_that_change), len(laid)

    matplotlib_memo._LAYOUTS.clear()
    with mock.patch.object(Text, "_get_layout", counted):
        first, some = layouts(["DejaVu Sans"])
        assert some
        assert layouts(["DejaVu Sans"]) == (first, 0)
        assert layouts(["DejaVu Sans Mono"])[1] == some


def test_a_memory_that_is_full_is_emptied():
    with mock.patch.object(matplotlib_memo, "_MANY", 3):
        memory = {}
        assert [matplotlib_memo._kept(memory, (k,), lambda k=k: 2 * k) for k in range(9)] == [
            *range(0, 18, 2)
        ]
        assert len(memory) <= 3


def test_ticks_are_not_made_one_by_one():
    made = []
    original = XTick.__init__
    with mock.patch.object(
        XTick, "__init__", lambda *a, **k: (made.append(1), original(*a, **k))[1]
    ):
        with quick_drawing():
            drawn(plain)
        few = len(made)
        drawn(plain)
    assert few < (len(made) - few) / 2


def test_a_change_of_one_tick_is_its_own():
    with quick_drawing():
        fig, ax = plt.subplots()
        first, second = ax.xaxis.get_major_ticks(2)
        first.label1.set_fontsize(30)
        first.gridline.set_visible(True)
        assert second.label1.get_fontsize() != 30
        assert not second.gridline.get_visible()
        plt.close(fig)


def test_everything_is_put_back_also_after_an_error_and_from_several_threads():
    def ways():
        return [
            (owner, name, getattr(owner, name))
            for owner in (Axis, MarkerStyle, RendererSVG, Text, _AxesBase)
            for name in vars(owner)
        ]

    before = ways()
    with pytest.raises(ZeroDivisionError), quick_drawing():
        assert len([w for w, b in zip(ways(), before, strict=True) if w != b]) == 7
        raise ZeroDivisionError

    def many():
        for _ in range(50):
            with quick_drawing():
                pass

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ways() == before


def test_an_unknown_version_of_matplotlib_draws_in_its_own_way():
    before = Axis.draw
    with mock.patch.object(matplotlib_fast, "KNOWN", False), quick_drawing():
        assert Axis.draw is before


def test_a_second_drawing_makes_no_tick_but_one_in_other_settings_does():
    made = []
    original = XTick.__init__

    def drawings(size):
        made.clear()
        with quick_drawing(), matplotlib.rc_context({"xtick.major.size": size}):
            return drawn(plain), len(made)

    with mock.patch.object(
        XTick, "__init__", lambda *a, **k: (made.append(1), original(*a, **k))[1]
    ):
        first, count = drawings(9.25)
        assert count
        assert drawings(9.25) == (first, 0)
        other, count = drawings(2.75)
        assert count and other != first
        assert drawings(9.25) == (first, 0)
