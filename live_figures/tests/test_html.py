"""Publishing: what goes wrong fails the build and says where; what goes right is small and themed."""

import gzip
import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from live_figures.controls import LiveFigureError, controls_for, widgets_for
from live_figures.drawing import count_states, draw_all, draw_state, layout_of, readout_text
from live_figures.html import caption_of, first_sentence, inline, pieces, split_math

from live_figures import configure, render, theme


def published(func, **abbreviations):
    return render(func, **abbreviations).html(inline=False)


def states_of(html):
    return re.search(r'class="lf-states">(.*?)</script>', html, re.S).group(1)


def curve(k=1.0):
    """A curve.

    It bends with $k$.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(6, 3))
    x = np.linspace(-6, 6, 121)
    bent = np.minimum(np.abs(x), k)
    left.plot(x, bent * bent / 2 + k * (np.abs(x) - bent))
    right.plot(x, np.clip(x, -k, k))
    left.set(ylim=(0, 18))
    right.set(ylim=(-6, 6))
    return fig, {"k squared": k * k}


def plane(a=0.0, b=0.0):
    """A line with two parameters."""
    fig, ax = plt.subplots(figsize=(5, 3))
    x = np.linspace(-1, 1, 21)
    ax.plot(x, x**2, "o")
    ax.plot(x, a + b * x)
    ax.set(ylim=(-3, 3))
    return fig


def test_41_states_take_at_most_5_kilobytes():
    html = published(curve, k=(1.0, 5.0, 0.1))
    assert 'data-count="41"' in html
    assert len(gzip.compress(states_of(html).encode())) <= 5_000


def test_441_states_take_at_most_25_kilobytes():
    html = published(plane, a=(-1.0, 1.0, 0.1), b=(-1.0, 1.0, 0.1))
    assert 'data-count="441"' in html
    assert len(gzip.compress(states_of(html).encode())) <= 25_000


def test_text_alternative_caption_and_readout():
    drawn = render(curve, k=(1.0, 2.0, 0.5))
    html = drawn.html(inline=False)
    assert 'role="img" aria-label="A curve."' in html
    caption = '<b>It bends with <span class="lf-keep">{}.</span></b></p>'
    tex, formula = r'<span class="lf-tex">\(k\)</span>', '<span class="lf-formula"><i>k</i></span>'
    assert f"<figcaption><p>{caption.format(tex)}" in drawn.panel  # for who sets the formula
    assert f"<p>{caption.format(formula)}" in html
    assert (
        '<div class="lf-readouts"><span>k squared <b style="width:3.8ch">1</b></span></div>' in html
    )
    assert json.loads(states_of(html))["r"][0][0] == ["1", "2.25", "4"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("It rises. Then it falls.", "It rises."),
        ("At 3.5 it stops, e.g. at $x. y$. Then on.", "At 3.5 it stops, e.g. at $x. y$."),
        ("Is it so? *Yes*.", "Is it so?"),
        ("Each steps by 1/L. Only the unit differs.", "Each steps by 1/L."),
        ("The **bold. One** stays. $x$ goes.", "The **bold. One** stays."),
        ("One `a. b` and no end", "One `a. b` and no end"),
        ("See Fig. 3 of both. 7 are left.", "See Fig. 3 of both."),
        ("So it goes... on and on. End.", "So it goes... on and on."),
        ('"Why?" asks she. He knows.', '"Why?" asks she.'),
    ],
)
def test_the_first_sentence_of_a_caption_is_bold(text, first):
    assert first_sentence(text) == first
    html = caption_of([text, "More. Of it."])
    assert html.startswith(f"<figcaption><p><b>{inline(first)}</b>{inline(text[len(first) :])}</p>")
    assert html.endswith("<p>More. Of it.</p></figcaption>")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("It is $x$.", "{}."),
        ("See ($x$) there", "({})"),
        ("See ($x$ and on)", "({}"),
        ("Of f($x$), on", "({}),"),
        ("An $x$ alone", ""),
        ("It is $" + "x" * 31 + "$.", ""),
    ],
)
def test_a_short_formula_stays_with_the_signs_that_touch_it(text, kept):
    tex = r'<span class="lf-tex">\(x\)</span>'
    found = re.findall(r'<span class="lf-keep">(.*?</span>[^<]*)</span>', inline(text))
    assert found == ([kept.format(tex)] if kept else [])


def test_no_caption_is_no_element():
    assert caption_of([]) == ""


def test_drawing_leaves_no_figure_behind():
    before = plt.get_fignums()
    published(curve, k=(1.0, 2.0, 0.5))
    assert plt.get_fignums() == before


def raises_at_three(k=1):
    """It raises at three."""
    if k == 3:
        raise ZeroDivisionError("three")
    return plt.subplots()[0]


def raises_far_away(k=1):
    """It raises in a worker process."""
    if k == 30:
        raise ZeroDivisionError("thirty")
    return plt.subplots()[0]


def returns_nothing(k=1):
    """It forgets to return."""
    plt.subplots()


def no_docstring(k=1):
    return plt.subplots()[0]


def is_random(k=1):
    """It is different each time."""
    fig, ax = plt.subplots()
    ax.plot(np.random.default_rng().normal(size=5))
    return fig


def is_random_at_the_end(k=1):
    """It is the same each time, but for the last state."""
    fig, ax = plt.subplots()
    ax.plot(np.random.default_rng(None if k == 5 else 0).normal(size=5))
    return fig


def random_readout(k=1):
    """Its number is different each time."""
    return plt.subplots()[0], {"loss": np.random.default_rng().normal()}


def reads_none(k=1):
    """It has nothing to say."""
    return plt.subplots()[0], {"loss": None}


@pytest.mark.parametrize(
    ("func", "top", "message"),
    [
        (raises_at_three, 5, "'raises_at_three' raised at k=3: ZeroDivisionError: three"),
        (raises_far_away, 40, "'raises_far_away' raised at k=30: ZeroDivisionError: thirty"),
        (returns_nothing, 5, "'returns_nothing': the function returned NoneType; expected a"),
        (no_docstring, 5, "'no_docstring' has no docstring"),
        (is_random, 5, "'is_random' is not deterministic"),
        (is_random_at_the_end, 5, "two drawings at k=5 differ"),
        (random_readout, 5, "'random_readout' is not deterministic"),
        (reads_none, 5, "the readouts hold 'loss': None; expected a label and a number or a text"),
    ],
)
def test_what_fails_is_named(func, top, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        published(func, k=(1, top))


def test_too_many_states_name_the_count_and_the_cure():
    def shown(a=0, b=0):
        """Two long sliders."""

    controls = controls_for("shown", widgets_for(shown, {"a": (0, 99), "b": (0, 49)}))
    with pytest.raises(LiveFigureError) as error:
        count_states("shown", controls)
    text = str(error.value)
    assert "'shown' has 100 (a) x 50 (b) = 5000 states" in text
    assert (
        "at most 2500 are published" in text
        and "larger step for 'a'" in text
        and "about 50 steps" in text
    )


def test_more_states_are_allowed_where_the_settings_say_so():
    controls = controls_for("plane", widgets_for(plane, {"a": (0.0, 9.9), "b": (0.0, 4.9)}))
    configure(max_states=5000)
    assert count_states("plane", controls) == 5000
    configure(max_states=4999)
    with pytest.raises(LiveFigureError, match="at most 4999 are published"):
        count_states("plane", controls)


def test_inline_markup():
    assert inline("a $x<1$ & `b` *c* **d**") == (
        'a <span class="lf-tex">\\(x&lt;1\\)</span> &amp; <code>b</code> <em>c</em> '
        "<strong>d</strong>"
    )
    assert split_math(inline("a $x<1$ b")) == ["a ", "x<1", " b"]
    assert list(pieces("it's $x$")) == [("", "it’s "), ("math", "x")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (np.int64(12345), "12345"),
        (9999.7, "10,000"),
        (float("nan"), "undefined"),
        (0.123456, "0.123"),
        (1234.5, "1234"),
        (999.9, "1000"),
        (-2.5, "−2.5"),
        (268337.28, "268,337"),
        (2.916e11, "2.92×10¹¹"),
        (1e-9, "1.00×10⁻⁹"),
        (float("inf"), "∞"),
        (0.0, "0"),
        ("as is", "as is"),
        ("-0.75 of 8e-05, 3-4, x-1", "−0.75 of 8×10⁻⁵, 3-4, x-1"),
    ],
)
def test_readouts_read_well(value, text):
    assert readout_text(value) == text


def luminance(color):
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    ]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(a, b):
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    "color", ["#000000", "#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd"]
)
def test_colors_without_a_chosen_partner_get_a_legible_one(color):
    assert contrast(theme.dark(color), "#14181d") >= 4.5


def test_white_becomes_dark():
    assert luminance(theme.dark("#fefefe")) < 0.05


def test_pairs_must_be_hex():
    with pytest.raises(ValueError, match="light holds 'red'; expected a color as '#rrggbb'"):
        theme.pair("red", "#000000")


def test_a_backend_of_joblib_that_the_author_chose_draws_the_states(monkeypatch):
    import joblib
    from joblib._parallel_backends import SequentialBackend

    alone = draw_all(curve, curve_controls(), "curve")
    seen = []
    monkeypatch.setattr(
        SequentialBackend, "configure", lambda self, n_jobs=1, **k: seen.append(n_jobs) or 1
    )
    with joblib.parallel_config(backend="sequential"):
        assert draw_all(curve, curve_controls(), "curve") == alone
    assert seen


def test_a_dask_cluster_draws_the_states():
    import joblib
    from distributed import Client, LocalCluster

    alone = draw_all(curve, curve_controls(), "curve")
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        assert draw_all(curve, curve_controls(), "curve") == alone


def curve_controls():
    return controls_for("curve", widgets_for(curve, {"k": (1.0, 4.0, 0.1)}))


def wide_labels(k=1):
    """Tick labels that grow with k."""
    fig, ax = plt.subplots(figsize=(3, 2), layout="constrained")
    ax.plot([0, 1], [0, 10.0**k])
    ax.set_yticks([0, 10.0**k], ["0", "1" + "0" * k])
    return fig


def test_the_layout_leaves_room_for_the_labels_of_every_state():
    controls = controls_for("wide_labels", widgets_for(wide_labels, {"k": (1, 9)}))
    layout = layout_of(wide_labels, controls)
    alone = draw_state(wide_labels, {"k": 1})[1]
    assert layout.extents[0][0] > alone.extents[0][0] + 0.1
    for k in range(1, 10):
        fig = wide_labels(k)
        layout.apply(fig)
        fig.dpi = 72
        fig.canvas.draw()
        assert fig.axes[0].yaxis.get_tightbbox().x0 >= 0, k
        plt.close(fig)


def test_a_title_above_ticks_stays_where_matplotlib_puts_it():
    def crowded(k=1):
        """Ticks on top."""
        fig, ax = plt.subplots(layout="constrained")
        ax.xaxis.tick_top()
        ax.set_title("title")
        return fig

    layout = layout_of(crowded, controls_for("crowded", widgets_for(crowded, {"k": (1, 3)})))
    assert not layout.plain_titles
    assert draw_state(crowded, {"k": 2}, layout)[0] == draw_state(crowded, {"k": 2})[0]


def test_progress_on_a_pipe_is_a_line_now_and_then(capfd, monkeypatch):
    published(curve, k=(1.0, 5.0, 0.1))
    assert capfd.readouterr().err.count("\r") <= 2


def test_a_hundred_of_a_percent_follows_its_number_closely():
    html = published(curve, k=(1.0, 2.0, 0.5), units={"k": "%"})
    assert 'data-unit="%"' in html and ">1.0%<" in html


@pytest.mark.parametrize(
    ("labels", "units", "message"),
    [
        ("k", None, "labels holds 'k'; expected a dict from the name of a control to a text"),
        (None, {"k": 3}, "units holds {'k': 3}; expected a dict"),
        (None, {"j": "kg"}, "units names 'j', which is no control; the controls are k, flag"),
        (None, {"flag": "kg"}, "control 'flag' has the unit 'kg', but its values are not numbers"),
    ],
)
def test_bad_labels_and_units_are_named(labels, units, message):
    def shown(k=1, flag=False):
        """Nothing."""

    with pytest.raises(LiveFigureError, match=re.escape(message)):
        widgets_for(shown, {"k": (1, 3), "flag": False}, labels, units)


def test_a_live_widget_names_its_unit_beside_the_label():
    widget = widgets_for(curve, {"k": (1.0, 2.0, 0.5)}, {"k": r"$\kappa$"}, {"k": "kg"})["k"]
    assert widget.description == r"$\kappa$ (kg)"
    control = controls_for("curve", {"k": widget})[0]
    assert (control.label, control.unit, control.texts) == (
        r"$\kappa$",
        "kg",
        ("1.0", "1.5", "2.0"),
    )
