"""Every live figure of the book, over a spread of its states: it draws, and what it says can be read.

Its caption is held by a test of its own, which is found by name: in a file of tests/claims, a test whose name
or one of whose strings (its docstring will do) has the name of the figure, such as `test_caption_wheel`.
A new figure without such a test fails `test_each_caption_is_held`. Those of the catalog and of the page on live
figures are held here.
"""

import ast
import re
import warnings
from functools import cache
from itertools import product
from math import prod
from numbers import Real

import matplotlib.pyplot as plt
import numpy as np
import pytest
from live_figures.html import first_sentence
from matplotlib.figure import Figure
from matplotlib.text import Text

from lossbook import losses
from lossbook.teaching.catalog.figures import SLICES, curves, live_figure_of

from ..figures import all_figures, code_cells, figures_of, path_of
from ..paths import PAGES, ROOT
from .states import settings

MOST = 7  # states of a figure that are drawn, ends included
LIVE = ROOT / "chapters" / "live_figures.ipynb"

# ---------------------------------------------------------------------------------- all figures


def spread(controls, most=MOST):
    """Settings of a figure: the default, all controls at either end, each at its ends, and some evenly between."""
    sizes = [len(c) for c in controls]
    start, low, high = [c.default for c in controls], [0] * len(sizes), [n - 1 for n in sizes]
    ends = [[*start[:i], e, *start[i + 1 :]] for i in range(len(sizes)) for e in (0, sizes[i] - 1)]
    total = prod(sizes)
    even = [np.unravel_index(i * (total - 1) // (most - 1), sizes) for i in range(most)]
    wanted = product(*map(range, sizes)) if total <= most else [start, low, high, *ends, *even]
    places = dict.fromkeys(tuple(map(int, place)) for place in wanted)
    for place in [*places][: max(most, 3 + len(ends))]:
        yield {c.name: c.values[k] for c, k in zip(controls, place, strict=True)}


def unreadable(figure, readouts):
    """What a drawn state shows that no reader can use: no drawing, NaN and infinity in place of a word."""
    if not isinstance(figure, Figure) or not any(ax.has_data() for ax in figure.axes):
        yield "nothing is drawn"
        return
    for text in figure.findobj(Text):
        if re.search(r"\b(nan|inf)\b", text.get_text()):
            yield f"the text {text.get_text()!r}"
    for ax in figure.axes:
        if not np.all(np.isfinite([*ax.get_xlim(), *ax.get_ylim()])):
            yield "limits without an end"
    for name, value in readouts.items():
        if isinstance(value, Real) and not np.isfinite(value):
            yield f"{name}: {value}"
        elif isinstance(value, str) and (not value or re.search(r"\b(nan|inf)\b", value)):
            yield f"{name}: {value!r}"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_each_figure_draws_at_a_spread_of_its_states(path):
    found = figures_of(path)
    assert found and {*found} == {name for page, name in all_figures() if path_of(page) == path}
    for name, (function, controls) in found.items():
        keys = None
        for setting in spread(controls):
            with warnings.catch_warnings():
                warnings.simplefilter("error", RuntimeWarning)
                drawn = function(**setting)
            figure, readouts = drawn if isinstance(drawn, tuple) else (drawn, {})
            assert not [*unreadable(figure, readouts)], (name, setting)
            assert keys in (None, [*readouts]), (name, setting)
            keys = [*readouts]
            plt.close("all")


def test_what_cannot_be_read_is_noticed():
    def drawn(title, value=1.0, dots=((0, 1), (2, 3))):
        figure, ax = plt.subplots()
        if dots:
            ax.plot(*dots)
        ax.set_title(title)
        plt.close(figure)
        return [*unreadable(figure, {"slope": value})]

    assert not drawn("information", "infinite") and not drawn("nanometers", -2)
    assert drawn("loss inf") and drawn("", np.nan) and drawn("", np.float64("inf"))
    assert drawn("", "inf francs") and drawn("", "") and drawn("", dots=None)
    assert [*unreadable(None, {})] == ["nothing is drawn"]


def test_the_spread_has_the_ends_of_every_control():
    for controls in (c for path in PAGES for _, c in figures_of(path).values()):
        settings = [*spread(controls)]
        assert len({tuple(map(str, s.values())) for s in settings}) == len(settings)
        for control in controls:
            shown = [str(s[control.name]) for s in settings]
            ends = control.values[0], control.values[-1], control.values[control.default]
            assert {*map(str, ends)} <= {*shown}


# ---------------------------------------------------------------------------------- found by name


@cache
def claims_in_tests():
    """(file, name of the test, its strings) for every test in this folder."""
    found = []
    for path in sorted((ROOT / "tests" / "claims").glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                strings = [
                    n.value
                    for n in ast.walk(node)
                    if isinstance(n, ast.Constant) and isinstance(n.value, str)
                ]
                found.append((path.name, node.name, "\n".join(strings)))
    return found


def holding(figure):
    """The tests that name a figure."""
    word = re.compile(rf"\b{figure}\b")
    return [
        f"{file}::{name}"
        for file, name, strings in claims_in_tests()
        if figure in name or word.search(strings)
    ]


NAMES = [(page, name) for page, name in all_figures() if not name.startswith("catalog_")]


@pytest.mark.parametrize(("page", "name"), NAMES, ids=lambda v: v)
def test_each_caption_is_held(page, name):
    assert holding(name), f"no test of tests/claims names {name}; write test_caption_{name}"


@cache
def docstrings(path):
    """name of a function of a page: its docstring, without running anything."""
    functions = (node for cell in code_cells(path) for node in ast.parse(cell).body)
    return {n.name: ast.get_docstring(n) for n in functions if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize(("page", "name"), NAMES, ids=lambda v: v)
def test_each_caption_has_a_second_sentence(page, name):
    """The first is set in bold letters: what to see; what follows says why, or where to look next."""
    _, *caption = docstrings(path_of(page))[name].split("\n\n")
    said = " ".join(" ".join(caption).split())
    assert first_sentence(said) not in ("", said), said


def test_a_figure_without_a_test_would_be_noticed():
    nobody = "a_figure" + "_of_nobody"
    assert not holding(nobody)
    assert "test_captions.py::test_caption_wheel" in holding("wheel")
    assert "test_conclusion.py::test_caption_wrong_label" in holding("wrong_label")
    assert len(NAMES) > 60


# ---------------------------------------------------------------------------------- live figures


def test_caption_throw():
    """Two angles that add up to 90 degrees throw equally far, and the dot is the top of the path."""
    throw, _ = figures_of(LIVE)["throw"]
    reach = {}
    for setting in settings(LIVE, "throw"):
        figure, readouts = throw(**setting)
        path, dot = figure.axes[0].lines
        assert dot.get_ydata()[0] == pytest.approx(path.get_ydata().max(), rel=2e-3)
        assert dot.get_ydata()[0] == readouts["height in m"]
        reach[setting["angle"], setting["speed"]] = readouts["distance in m"]
        (x0, x1), (y0, y1) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
        assert x0 <= path.get_xdata().min().round(9) and path.get_xdata().max() <= x1
        assert y0 <= path.get_ydata().min().round(9) and path.get_ydata().max() <= y1
        plt.close(figure)
    pairs = [(a, v) for a, v in reach if (90 - a, v) in reach]
    assert len(pairs) == len(reach) == 117
    assert all(reach[a, v] == pytest.approx(reach[90 - a, v]) for a, v in pairs)


def test_caption_wheel():
    """The path of the rim's point meets the ground in cusps: there it stands still, and nowhere else."""
    wheel, _ = figures_of(LIVE)["wheel"]
    figure = wheel(47)
    path = figure.axes[0].lines[1]
    x, y = path.get_data()
    plt.close(figure)
    speed = np.hypot(np.diff(x), np.diff(y))
    slow = np.flatnonzero(speed < 0.01 * speed.max()) + 0.5
    ground = np.flatnonzero(y < 1e-9)
    assert len(ground) == 2 and all(np.abs(ground - s).min() < 2 for s in slow) and len(slow)
    for setting in settings(LIVE, "wheel"):
        figure = wheel(**setting)
        rim, track, dot = figure.axes[0].lines
        assert track.get_xdata()[-1] == pytest.approx(dot.get_xdata()[0])
        center = rim.get_xdata().mean(), 1.0
        off = np.hypot(
            dot.get_xdata()[0] - 4 * np.pi * setting["turn"] / 48, dot.get_ydata()[0] - 1
        )
        assert off == pytest.approx(1) and center[1] == 1
        plt.close(figure)


def test_caption_low_pass():
    """Far behind the cutoff the slope is minus the order, and the dot lies on the curve."""
    low_pass, _ = figures_of(LIVE)["low_pass"]
    for setting in settings(LIVE, "low_pass"):
        figure = low_pass(**setting)
        curve, dot = figure.axes[0].lines
        frequency, gain = map(np.log10, curve.get_data())
        slopes = np.diff(gain) / np.diff(frequency)
        far = frequency[:-1] >= np.log10(setting["cutoff"]) + 0.9
        assert far.any() and np.allclose(slopes[far], -setting["order"], rtol=0.02)
        before = frequency[1:] <= np.log10(setting["cutoff"]) - 1
        assert np.abs(slopes[before]).max(initial=0) < 0.02
        assert dot.get_xdata()[0] == setting["cutoff"] and dot.get_ydata()[0] ** 2 == pytest.approx(
            0.5
        )
        plt.close(figure)


def test_caption_ripples():
    """Calm rays, counted on a wide circle: each wavelength of distance brings one more on either side."""
    wavelength = 2 * np.pi / 2.5
    angle = np.linspace(-np.pi / 2, np.pi / 2, 20_001)  # one side
    counts = []
    for setting in settings(LIVE, "ripples"):
        d = setting["distance"]
        x, y = 1e4 * np.sin(angle), 1e4 * np.cos(angle)
        difference = np.hypot(x + d / 2, y) - np.hypot(x - d / 2, y)
        rays = np.sum(np.diff(np.sign(np.cos(np.pi * difference / wavelength))) != 0)
        assert rays == 2 * np.floor(d / wavelength + 0.5)
        counts.append(rays)
    assert counts[0] == 2 and counts[-1] == 10 and np.all(np.diff(counts) >= 0)


# ---------------------------------------------------------------------------------- the catalog


def drawn(cls):
    """(setting, x, curves) at each setting of the figure of a loss."""
    _, controls = live_figure_of(cls)
    slider, *_ = controls.values()  # then the switch to the second derivative
    for setting in slider.options:
        yield setting, SLICES[cls].x, curves(cls, setting if SLICES[cls].control else None)


def everywhere(holds):
    """A check that holds at each setting of the slider."""

    def check(cls):
        seen = [bool(holds(setting, x, c)) for setting, x, c in drawn(cls)]
        assert len(seen) >= 8 and all(seen), [s for s, _, _ in drawn(cls)]

    return check


def close(a, b, atol=1e-9):
    return np.allclose(a, b, rtol=1e-9, atol=atol)


def falls(values):
    return np.all(np.diff(values) < 0)


def best_at(x, value, where):
    return abs(x[np.argmin(value)] - where) <= (x[1] - x[0]) / 2 + 1e-12


def more_forgiving(cls):
    """From the square on, the pull of a large error falls with the dial."""
    pulls = {a: c.slope[-1] for a, _, c in drawn(cls)}
    assert list(pulls) == sorted(pulls) and np.all(np.diff([*pulls.values()]) > 0)
    assert pulls[2.0] == 6 and pulls[-4.0] < 0.02 * pulls[2.0]


def less_heard(cls):
    """At each logit above 0 the pull falls from one gamma to the next."""
    x = SLICES[cls].x
    pulls = np.array([np.abs(c.slope[x > 1e-9]) for _, _, c in drawn(cls)])
    assert np.all(np.diff(pulls, axis=0) < 0)


def a_lead_that_is_heard(total):
    """In a figure of scores the pull on the true class: for the best rival, or one for each within the margin."""

    def holds(rival, x, c):
        rivals = np.array([rival, 0.0])
        within = np.sum(x[:, None] - rivals < 1 - 1e-9, axis=1)
        edge = np.any(np.abs(x[:, None] - rivals - 1) < 1e-9, axis=1)
        wanted = -within if total else -np.minimum(within, 1)
        return close(c.slope[~edge], wanted[~edge])

    return everywhere(holds)


def counts(cls):
    for count, x, c in drawn(cls):
        assert np.all(np.diff(c.slope) >= 0)  # convex in the log-rate
        if count == 0:
            assert np.all(np.diff(c.value) > 0)  # falls all the way down
        elif x[0] < np.log(count) < x[-1]:
            assert best_at(x, c.value, np.log(count))


def variances(cls):
    for residual, x, c in drawn(cls):
        if residual == 0:
            assert np.all(np.diff(c.value) > 0)
        elif x[0] <= residual**2 <= x[-1]:
            assert best_at(x, c.value, residual**2)


def two_valleys(cls):
    """Between the ends, one valley or two; it grows by 2 to the left, by 1 to the right."""
    for steps, _, c in drawn(cls):
        assert abs(c.slope[0] + 2) < 0.15 and abs(c.slope[-1] - 1) < 0.15
        valleys = np.sum((c.slope[:-1] < 0) & (c.slope[1:] >= 0))
        assert valleys == 1 + (steps >= 9)


def an_eighth_of_the_square(cls):
    off = []
    for temperature, x, c in drawn(cls):
        assert best_at(x, c.value, 2.0)
        off.append(np.abs(c.value - (x - 2) ** 2 / 8).max())
        if temperature == 8:
            assert off[-1] < 0.06 * c.value.max()
    assert np.all(np.diff(off) < 0)


def falls_to(limit):
    """A pull of one size up to a place that the setting names, and silence from there."""

    def check(s, x, c):
        at = limit(s)
        before, after = x < at - 1e-9, x > at + 1e-9
        return close(c.slope[before], -1) and close(c.slope[after], 0) and close(c.value[after], 0)

    return everywhere(check)


def right_angle(of):
    """Where nothing is told apart the loss is a logarithm; falling angles cost less everywhere."""

    def check(s, x, c):
        same = np.isclose(x, np.pi / 2)
        return close(c.value[same], np.log(of(s))) and np.all(c.slope >= -1e-12)

    return everywhere(check)


def steeper_if_colder(cls):
    slopes = [c.slope[np.isclose(x, np.pi / 2)][0] for _, x, c in drawn(cls)]
    assert np.all(np.diff(slopes) < 0)  # settings are temperatures, from cold to warm


def ntxent(cls):
    right_angle(lambda t: 7)(cls)
    steeper_if_colder(cls)


def harder_in_larger_batches(cls):
    right_angle(lambda n: n)(cls)
    values = [c.value for _, _, c in drawn(cls)]
    assert np.all(np.diff(values, axis=0) > 0)


def moved_by_the_margin(cls):
    free = next(c for m, x, c in drawn(cls) if m == 0)
    for m, x, c in drawn(cls):
        inside = x + m <= np.pi
        assert close(c.value[inside], np.interp((x + m)[inside], x, free.value), 2e-3)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.logaddexp(0, x)


def orders(w, x, c):
    """The second of three is chosen from two, once the winner has been chosen from three."""
    first = np.log(np.exp(w) + np.exp(x) + 1) - w
    return close(c.value, first + np.log(np.exp(x) + 1) - x)


def by_rank(rival, x, c):
    """The weights are changes of NDCG, of an item above both rivals, between them, or below."""
    d = 1 / np.log2([2, 3, 4])
    high, low = max(rival, 0), min(rival, 0)
    on_high = np.where(x < low, d[0] - d[2], d[0] - d[1])
    on_low = np.where(x > high, d[0] - d[2], d[1] - d[2])
    apart = (np.abs(x - high) > 1e-9) & (np.abs(x - low) > 1e-9)
    value = on_high * softplus(high - x) + on_low * softplus(low - x)
    slope = -on_high * sigmoid(high - x) - on_low * sigmoid(low - x)
    jumps = all(
        abs(np.interp([p - 0.1, p + 0.1], x, c.slope) @ [1, -1]) > 0.01 for p in (high, low)
    )
    return close(c.value[apart], value[apart]) and close(c.slope[apart], slope[apart]) and jumps


R = losses
CLAIMS = {
    R.ListNet: everywhere(lambda r, x, c: close(c.slope, (r + 1) * sigmoid(x) - r)),
    R.PlackettLuce: everywhere(orders),
    R.PairwiseLogistic: everywhere(
        lambda v, x, c: (
            close(c.value, softplus(v - x) + softplus(-x))
            and close(c.slope, -sigmoid(v - x) - sigmoid(-x))
        )
    ),
    R.LambdaRank: everywhere(by_rank),
    R.BradleyTerry: everywhere(
        lambda s, x, c: close(c.value, softplus(-x)) and close(c.slope, -sigmoid(-x))
    ),
    R.DPO: everywhere(lambda b, x, c: close(c.slope, -b * sigmoid(-b * x))),
    R.IPO: everywhere(lambda b, x, c: close(c.slope, 2 * (x - 0.5 / b)) and 0.5 / b < x[-1]),
    R.KTO: everywhere(
        lambda z, x, c: (
            close(c.value, sigmoid(z - x)) and close(c.slope, -sigmoid(z - x) * sigmoid(x - z))
        )
    ),
    R.HingeEmbedding: falls_to(lambda margin: margin),
    R.Contrastive: everywhere(lambda m, x, c: close(c.slope, -np.maximum(0, m - x))),
    R.CosineEmbedding: everywhere(
        lambda m, x, c: close(
            *((abs(np.cos(x) - m) > 1e-9) * [c.slope, -np.sin(x) * (np.cos(x) > m)])
        )
    ),
    R.MarginRanking: falls_to(lambda margin: margin),
    R.Triplet: falls_to(lambda positive: positive + 1),
    R.NTXent: ntxent,
    R.InfoNCE: right_angle(lambda t: 4),
    R.CLIP: harder_in_larger_batches,
    R.SigLIP: everywhere(
        lambda b, x, c: close(c.value, np.logaddexp(0, -2 * np.cos(x) - b) + np.logaddexp(0, b))
    ),
    R.SupervisedContrastive: everywhere(
        lambda p, x, c: np.all(c.value > np.log(p)) and np.all(np.diff(c.value) < 0)
    ),
    R.Circle: everywhere(
        lambda m, x, c: (
            close(c.value, np.log1p(6 * np.exp(4 * ((1 - np.cos(x)) ** 2 - 2 * m**2))))
            and np.all(c.slope >= 0)
        )
    ),
    R.ArcFace: moved_by_the_margin,
    R.MeanSquaredError: everywhere(lambda s, x, c: close(c.slope, 2 * x)),
    R.MeanAbsoluteError: everywhere(lambda s, x, c: close(c.slope, np.sign(x.round(9)))),
    R.Huber: everywhere(lambda d, x, c: close(c.slope, np.clip(x, -d, d))),
    R.LogCosh: everywhere(
        lambda s, x, c: (
            close(c.value[abs(x) < 0.15], x[abs(x) < 0.15] ** 2 / 2, 1e-4)
            and close(c.value[abs(x) > 5], abs(x[abs(x) > 5]) - np.log(2), 1e-4)
        )
    ),
    R.Pinball: everywhere(
        lambda q, x, c: close(c.slope[x < -1e-9], -q) and close(c.slope[x > 1e-9], 1 - q)
    ),
    R.Expectile: everywhere(
        lambda t, x, c: (
            close(c.value, np.where(x < 0, t, 1 - t) * x**2)
            and ((t == 0.5) == close(c.value, c.value[::-1]))
        )
    ),
    R.EpsilonInsensitive: everywhere(
        lambda e, x, c: (
            close(c.slope[abs(x) < e - 1e-9], 0)
            and close(c.slope[abs(x) > e + 1e-9], np.sign(x[abs(x) > e + 1e-9]))
        )
    ),
    R.SquaredEpsilonInsensitive: everywhere(
        lambda e, x, c: close(c.value, np.maximum(0, abs(x) - e) ** 2)
    ),
    R.MeanSquaredLogarithmicError: everywhere(
        lambda s, x, c: all(
            np.interp(3 - d, x, c.value) > np.interp(3 + d, x, c.value) for d in (0.2, 1, 2, 3)
        )
    ),
    R.MeanAbsolutePercentageError: everywhere(
        lambda s, x, c: close(c.value, abs(x - 3) / 3) and close(np.interp([0, 6], x, c.value), 1)
    ),
    R.PseudoHuber: everywhere(
        lambda d, x, c: (
            np.all(np.diff(c.slope) > 0) and abs(c.slope).max() < d and c.slope[-1] > 0.89 * d
        )
    ),
    R.Cauchy: everywhere(lambda s, x, c: abs(x[np.argmax(c.slope)] - s) <= x[1] - x[0]),
    R.Tukey: everywhere(lambda k, x, c: close(c.slope[abs(x) >= k], 0)),
    R.Barron: more_forgiving,
    R.BinaryCrossEntropy: everywhere(
        lambda a, x, c: (
            close(c.slope, 1 / (1 + np.exp(-x)) - (1 - a / 2)) and abs(c.slope).max() <= 1
        )
    ),
    R.CrossEntropy: everywhere(
        lambda k, x, c: close(-c.slope, 1 - np.exp(x) / (np.exp(x) + k - 1))
    ),
    R.KLDivergence: everywhere(
        lambda t, x, c: (
            best_at(x, c.value, t)
            and c.value.min() < 1e-3
            and losses.KLDivergence()([[t, 1 - t]], [[0.0, 1.0]]) == np.inf
        )
    ),
    R.Focal: less_heard,
    R.Brier: everywhere(
        lambda s, x, c: close(c.value, (1 - x) ** 2) and 0 <= c.value.min() <= c.value.max() <= 1
    ),
    R.MulticlassHinge: a_lead_that_is_heard(total=False),
    R.WestonWatkins: a_lead_that_is_heard(total=True),
    R.Hinge: everywhere(
        lambda s, x, c: close(c.slope[x > 1 + 1e-9], 0) and close(c.slope[x < 1 - 1e-9], -1)
    ),
    R.SquaredHinge: everywhere(lambda s, x, c: close(c.slope, -2 * np.maximum(0, 1 - x))),
    R.SmoothedHinge: everywhere(
        lambda s, x, c: (
            close(c.slope[x >= 1], 0)
            and close(c.slope[x <= 0], -1)
            and np.all(np.diff(c.slope[(x > 0) & (x < 1)]) > 0)
        )
    ),
    R.ModifiedHuber: everywhere(
        lambda s, x, c: (
            close(c.value[x >= -1], np.maximum(0, 1 - x[x >= -1]) ** 2)
            and close(c.slope[x <= -1], -4)
        )
    ),
    R.Logistic: everywhere(lambda s, x, c: np.all(c.slope < 0) and np.all(c.slope > -1)),
    R.Perceptron: everywhere(
        lambda s, x, c: close(c.slope[x > 1e-9], 0) and close(c.slope[x < -1e-9], -1)
    ),
    R.Exponential: everywhere(
        lambda s, x, c: close(-c.slope, c.value) and close(c.value, np.exp(-x))
    ),
    R.ZeroOne: everywhere(lambda s, x, c: close(c.slope, 0) and set(c.value) == {0.0, 1.0}),
    R.NLL: everywhere(lambda s, x, c: close(c.value, -x) and close(c.slope, -1)),
    R.Distillation: an_eighth_of_the_square,
    R.CTC: two_valleys,
    R.ZLoss: everywhere(lambda k, x, c: best_at(x, c.value, -np.log(k))),
    R.PoissonNLL: counts,
    R.GaussianNLL: variances,
}


def test_each_loss_of_the_catalog_has_a_claim():
    assert set(CLAIMS) == set(losses.all_losses())


@pytest.mark.parametrize("cls", losses.all_losses(), ids=lambda c: c.__name__)
def test_the_claim_of_the_catalog_holds_at_every_setting(cls):
    CLAIMS[cls](cls)


def test_another_claim_of_the_catalog_would_fail():
    """Claims are told apart: each fails for some other loss of the same kind of figure."""
    for claim, other in [
        (R.Huber, R.PseudoHuber),
        (R.Hinge, R.SmoothedHinge),
        (R.Tukey, R.Cauchy),
        (R.MulticlassHinge, R.WestonWatkins),
        (R.WestonWatkins, R.MulticlassHinge),
        (R.EpsilonInsensitive, R.SquaredEpsilonInsensitive),
        (R.Perceptron, R.Hinge),
        (R.Pinball, R.Expectile),
        (R.Triplet, R.MarginRanking),
        (R.InfoNCE, R.NTXent),
        (R.CLIP, R.InfoNCE),
        (R.Contrastive, R.HingeEmbedding),
        (R.DPO, R.IPO),
        (R.LambdaRank, R.PairwiseLogistic),
    ]:
        with pytest.raises(AssertionError):
            CLAIMS[claim](other)


def test_caption_all_losses():
    """A curve for each loss; among the losses of residuals, those that end flat pull with nothing far out."""
    figure = figures_of(ROOT / "chapters" / "catalog.md")["all_losses"][0]()
    assert len(figure.axes) == len(losses.all_losses())
    plt.close(figure)
    bowl, flat = losses.MeanSquaredError(), losses.Tukey()
    y, far = np.zeros(9), np.array([0.1] * 8 + [100.0])
    assert bowl.pointwise(y, far)[-1] > 0.99 * bowl.pointwise(y, far).sum()
    assert flat.gradient(y, far)[-1] == 0
