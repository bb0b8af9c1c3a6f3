"""The catalog: every loss has an entry, and what it says of other libraries is so, where they are installed."""

import dataclasses
import importlib
import inspect
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from live_figures.controls import controls_for, widgets_for

from lossbook import losses
from lossbook.teaching import catalog
from lossbook.teaching.catalog import passages
from lossbook.teaching.catalog.figures import (
    SLICES,
    _bend_limits,
    _bends,
    _broken,
    _jumps,
    curves,
    live_figure_of,
)

from ..paths import CATALOG, CHAPTERS

LOSSES = list(losses.all_losses())
ENTRIES = {cls.__name__: catalog.entry(cls) for cls in LOSSES}
PEERS = [(name, peer) for name, entry in ENTRIES.items() for peer in entry.peers]
MODULES = {"PyTorch": "torch.nn", "Keras": "keras.losses", "optax": "optax.losses"}


def test_every_loss_has_one_section_and_one_figure():
    pages = "\n".join(catalog.expanded(f"<!-- catalog: {page} -->") for page in catalog.PAGES)
    shown = re.findall(r"^catalog\.live_figure\(losses\.(\w+)\)$", pages, re.M)
    assert sorted(shown) == sorted(cls.__name__ for cls in LOSSES)
    assert set(SLICES) == set(LOSSES)


@pytest.mark.parametrize("cls", LOSSES, ids=lambda c: c.__name__)
def test_each_entry_names_the_chapter_and_the_section_that_explain_it(cls):
    name, label = passages.chapter(cls), passages.passage(cls)
    assert f"({label})=" in (CHAPTERS / f"{name}.ipynb").read_text("utf-8")
    pages = "".join(
        catalog.expanded(f"<!-- catalog: {page} -->", {name: 7}) for page in catalog.PAGES
    )
    section = pages.split(f"(catalog-{catalog.slug(cls)})=")[1].split("$$")[0]
    assert f"Explained in {{doc}}`chapter 7 <{name}>`, {{ref}}`{label}`." in section
    assert f"`lossbook.losses.{cls.__name__}`, after {{cite}}`" in section


def test_what_is_no_loss_of_the_package_has_no_entry():
    with pytest.raises(ValueError, match="Loss has no entry"):
        catalog.entry(losses.Loss)


def test_every_mark_is_on_one_page():
    marks = [
        re.findall(r"^<!-- catalog: (\w+) -->$", path.read_text("utf-8"), re.M) for path in CATALOG
    ]
    assert sorted(m for found in marks for m in found) == sorted([*catalog.PAGES, "links"])
    with pytest.raises(ValueError, match="'nobody'; expected one of"):
        catalog.expanded("<!-- catalog: nobody -->")


@pytest.mark.parametrize("cls", LOSSES, ids=lambda c: c.__name__)
def test_the_slope_drawn_is_that_of_the_value_drawn(cls):
    how = SLICES[cls]
    drawn = curves(cls)
    width = how.x[1] - how.x[0]
    change = np.diff(drawn.value) / width
    # the mean slope between two points lies between the slopes at them, but for a kink or a jump
    low = np.minimum(drawn.slope[:-1], drawn.slope[1:])
    high = np.maximum(drawn.slope[:-1], drawn.slope[1:])
    slack = 0.02 * (1 + np.abs(change))
    outside = (change < low - slack) | (change > high + slack)
    for place in how.breaks(how.start):
        outside &= np.abs(how.x[:-1] + width / 2 - place) > width
    assert outside.sum() <= (1 if cls is losses.ZeroOne else 0)


@pytest.mark.parametrize("cls", LOSSES, ids=lambda c: c.__name__)
def test_each_figure_can_be_published(cls):
    draw, controls = live_figure_of(cls)
    slider, *switch = controls_for(draw.__name__, widgets_for(draw, controls))
    assert 8 <= len(slider) <= 25 and [control.name for control in switch] in ([], ["bend"])
    assert bool(switch) == _bends(cls)
    alternative, *caption = draw.__doc__.split("\n\n")
    assert len(alternative) >= 60 and "$" not in alternative and len(caption) == 1


@pytest.mark.parametrize("cls", LOSSES, ids=lambda c: c.__name__)
def test_the_marker_is_on_its_curve_and_in_its_panel(cls):
    draw, controls = live_figure_of(cls)
    name, slider = next(iter(controls.items()))
    for value in slider.options:
        figure, readouts = draw(**{n: c.value for n, c in controls.items()} | {name: value})
        for ax in figure.axes:
            curve, marker = ax.lines[-2:]
            x, y = (float(v[0]) for v in marker.get_data())
            drawn = curve.get_ydata()[np.isclose(curve.get_xdata(), x)]
            assert len(drawn) == 1 and (
                np.isnan(drawn[0]) or drawn[0] == y
            )  # at a jump nothing is drawn
        left = figure.axes[0]
        low, high = left.get_ylim()
        assert SLICES[cls].control or low < left.lines[-1].get_ydata()[0] < high
        assert len(readouts) == 2 + _bends(cls)
        plt.close(figure)


@pytest.mark.parametrize(("name", "peer"), PEERS, ids=lambda v: getattr(v, "name", v))
def test_the_peer_exists_and_has_these_defaults(name, peer):
    module, _, attribute = f"{MODULES.get(peer.library, '')}.{peer.name}".strip(".").rpartition(".")
    found = getattr(pytest.importorskip(module), attribute)
    parameters = inspect.signature(found).parameters
    for argument, value in peer.defaults.items():
        assert parameters[argument].default == value, argument


RING = 0.03  #: of the width of a panel: its radius


def test_the_ring_of_a_marker_is_whole():
    for cls in (c for c in LOSSES if not SLICES[c].control):
        how, places = SLICES[cls], live_figure_of(cls)[1]["at"].options
        edge = RING * np.ptp(how.x)
        assert how.x[0] + edge <= min(places) and max(places) <= how.x[-1] - edge, cls
        values = curves(cls).value[[np.argmin(abs(how.x - place)) for place in places]]
        assert values.max() <= 0.94 * how.top, cls


@pytest.mark.parametrize("cls", LOSSES, ids=lambda c: c.__name__)
def test_a_jump_is_no_slanted_line(cls, monkeypatch):
    """Looked at forty times as near, a steep piece of a curve is steep all along."""
    how = SLICES[cls]
    for setting in {how.start, *how.values[:1], *how.values[-1:]}:
        for part in ("value", "slope", "bend"):
            curve = getattr(curves(cls, setting), part)
            if curve is None:
                continue
            broken = _jumps(curve) | _broken(how, setting)
            rise = np.abs(np.diff(curve))
            high = np.ptp(how.pull) if part != "value" else how.top
            for i in np.flatnonzero((rise > 0.06 * high) & ~broken[:-1] & ~broken[1:]):
                near = dataclasses.replace(how, x=np.linspace(how.x[i], how.x[i + 1], 41))
                monkeypatch.setitem(SLICES, cls, near)
                steps = np.abs(np.diff(getattr(curves(cls, setting), part)))
                monkeypatch.setitem(SLICES, cls, how)
                assert steps.max() < 0.6 * rise[i], (part, setting, how.x[i])


def test_the_poster_leads_to_each_entry():
    figure, led = catalog.overview(), []
    pages = {
        f"catalog_{name}.html": catalog.expanded(f"<!-- catalog: {name} -->")
        for name in catalog.PAGES
    }
    for ax in figure.axes:
        (name,) = (t for t in ax.texts if t.get_url())
        page, label = name.get_url().split("#")
        assert ax.patch.get_url() == name.get_url()
        led.append(label)
        assert f"({label})=" in pages[page]
    plt.close(figure)
    assert sorted(led) == sorted(f"catalog-{catalog.slug(cls)}" for cls in LOSSES)


def test_what_has_no_peer_is_not_to_be_found():
    """Names that would be a peer of an entry without one, in whatever is installed."""
    without = {name for name, entry in ENTRIES.items() if not entry.peers}
    words = {
        "Expectile": "expectile",
        "Distillation": "distil",
        "ZLoss": "z_?loss",
        "SmoothedHinge": "smooth.*hinge",
        "PseudoHuber": "pseudo",
        "Cauchy": "cauchy|lorentz",
        "Tukey": "tukey|bisquare|biweight",
        "Barron": "barron|generaliz.*robust|adaptive.*robust",
        "Contrastive": "contrast",
        "InfoNCE": "info_?nce|n_?pair",
        "CLIP": "^clip",
        "SigLIP": "siglip",
        "SupervisedContrastive": "sup_?con|supervised",
        "ArcFace": "arc_?face|angular",
        "PlackettLuce": "plackett|list_?mle",
        "PairwiseLogistic": "pairwise.*logistic|rank_?net",
        "LambdaRank": "lambda_?(rank|loss)",
        "BradleyTerry": "bradley|preference",
        "DPO": "dpo|direct_?pref",
        "IPO": "^ipo|identity_?pref",
        "KTO": "^kto|kahneman",
    }
    assert set(words) == without
    searched = 0
    for module in (*MODULES.values(), "sklearn.metrics"):
        try:
            names = [n for n in dir(importlib.import_module(module)) if n[0] != "_"]
        except ImportError:
            continue
        searched += 1
        for name, word in words.items():
            assert not [n for n in names if re.search(word, n, re.I)], (name, module)
    assert searched


Y = np.array([0.0, 0.5, -3.0, 2.0])
P = np.array([1.0, 0.0, 4.0, 2.5])
SIGNS = np.array([1.0, -1.0, 1.0, -1.0])
SCORES = np.array([[1.0, 2.0, 0.5], [0.1, 0.4, 2.0]])
INDEX = np.array([0, 2])


def test_scikit_learn_computes_the_same():
    metrics = importlib.import_module("sklearn.metrics")
    assert losses.MeanSquaredError()(Y, P) == pytest.approx(metrics.mean_squared_error(Y, P))
    assert losses.MeanAbsoluteError()(Y, P) == pytest.approx(metrics.mean_absolute_error(Y, P))
    half = losses.Pinball(quantile=0.5)(Y, P)
    assert half == pytest.approx(metrics.mean_pinball_loss(Y, P, alpha=0.5))
    assert half == pytest.approx(losses.MeanAbsoluteError()(Y, P) / 2)
    squared_log = losses.MeanSquaredLogarithmicError()(Y + 4, P)
    assert squared_log == pytest.approx(metrics.mean_squared_log_error(Y + 4, P))
    percentage = metrics.mean_absolute_percentage_error
    shares = losses.MeanAbsolutePercentageError()
    assert shares(Y + 4, P) == pytest.approx(percentage(Y + 4, P))
    assert percentage([0.0], [1.0]) == pytest.approx(4.5e15, rel=0.01)
    assert losses.Hinge()(SIGNS, P) == pytest.approx(metrics.hinge_loss(SIGNS, P))
    assert losses.ZeroOne()(SIGNS, P + 0.1) == metrics.zero_one_loss(SIGNS, np.sign(P + 0.1))
    labels, chances = np.array([0, 1, 1]), np.array([0.2, 0.7, 0.4])
    assert losses.BinaryCrossEntropy()(labels, chances) == pytest.approx(
        metrics.log_loss(labels, chances)
    )
    assert losses.Brier()(labels, chances) == pytest.approx(
        metrics.brier_score_loss(labels, chances)
    )
    scores = np.array([[1.0, 0.2, 0.3], [0.1, 0.4, 2.0], [0.5, 0.1, 0.0]])
    index = np.array([0, 1, 2])
    assert losses.MulticlassHinge()(index, scores) == pytest.approx(
        metrics.hinge_loss(index, scores, labels=[0, 1, 2])
    )
    for precision, most in [("float64", 36.04), ("float32", 15.94)]:  # the clip
        wrong = metrics.log_loss([1, 0], np.array([0, 1], dtype=precision))
        assert wrong == pytest.approx(most, abs=0.005)
    for precision, most in [("float64", 36.04), ("float32", 15.94)]:
        three = np.array([[0, 0.5, 0.5], [0.5, 0.5, 0], [0, 1, 0]], dtype=precision)
        assert metrics.log_loss([0, 2, 0], three, labels=[0, 1, 2]) == pytest.approx(
            most, abs=0.005
        )
    one_half = importlib.import_module("sklearn.linear_model").QuantileRegressor(alpha=0)
    assert one_half.fit(np.zeros((5, 1)), [1, 1, 2, 4, 12]).intercept_ == pytest.approx(2)


def test_pytorch_computes_what_the_entries_say():
    torch = pytest.importorskip("torch")
    nn = torch.nn

    def t(a):
        return torch.tensor(np.asarray(a, dtype=float))

    y, p = t(Y), t(P)
    assert losses.MeanSquaredError()(Y, P) == pytest.approx(nn.MSELoss()(p, y).item())
    huber = losses.Huber(delta=0.25)(Y, P)
    assert huber == pytest.approx(nn.HuberLoss(delta=0.25)(p, y).item())
    assert huber == pytest.approx(0.25 * nn.SmoothL1Loss(beta=0.25)(p, y).item())
    hard = np.array([0.0, 1.0, 1.0, 0.0])
    logits = losses.BinaryCrossEntropy(from_logits=True)(hard, P)
    assert logits == pytest.approx(nn.BCEWithLogitsLoss()(p, t(hard)).item())
    assert nn.BCELoss()(t([0.0]), t([1.0])).item() == 100
    assert losses.Logistic()(SIGNS, P) == pytest.approx(nn.SoftMarginLoss()(p, t(SIGNS)).item())
    assert nn.SoftMarginLoss()(t([-710.0]), t([1.0])).item() == np.inf
    scores = np.array([[1.0, 2.0, 0.5]])
    wrong = nn.MultiMarginLoss()(t(scores), torch.tensor([0])).item()
    assert losses.WestonWatkins()(np.array([0]), scores) == pytest.approx(3 * wrong)
    assert nn.HingeEmbeddingLoss()(t([7.0]), t([1.0])).item() == 7
    truth, forecast = np.array([[0.4, 0.4, 0.2]]), np.array([[0.5, 0.3, 0.2]])
    ours = losses.KLDivergence()(truth, forecast)
    theirs = nn.KLDivLoss(reduction="batchmean")(t(forecast).log(), t(truth)).item()
    assert ours == pytest.approx(theirs)
    assert nn.KLDivLoss()(t(forecast).log(), t(truth)).item() == pytest.approx(ours / 3)
    for seed in range(5):  # probabilities where logarithms are due
        wrong, right = np.random.default_rng(seed).dirichlet(np.ones(4), (2, 6))
        assert nn.KLDivLoss(reduction="batchmean")(t(wrong), t(right)).item() < 0
    ten, second = t(100 * np.eye(10)[:1]).softmax(dim=1), torch.tensor([0])
    assert nn.CrossEntropyLoss()(ten, second).item() == pytest.approx(1.46, abs=0.005)
    with pytest.raises(RuntimeError):
        nn.CrossEntropyLoss()(ten, t([0.0]))  # an index that is no integer
    counts, rates = np.array([0.0, 2.0, 5.0]), np.array([0.1, 0.5, 1.5])
    assert losses.PoissonNLL()(counts, rates) == pytest.approx(
        nn.PoissonNLLLoss()(t(rates), t(counts)).item()
    )
    for of in (torch.float32, torch.float64):
        one, zero, tiny = (torch.tensor([v], dtype=of) for v in (1.0, 0.0, 1e-8))
        assert nn.GaussianNLLLoss()(one, zero, tiny).item() == pytest.approx(499_993, abs=0.5)
        assert nn.BCELoss()(one, zero).item() == 100
    assert losses.GaussianNLL()([0.0], [[1.0, 1e-8]]) == pytest.approx(5e7, rel=1e-6)
    weight = torch.tensor([1.0, 3.0], dtype=torch.float64)
    two, index = t([[0.0, 0.0], [0.5, 2.5]]), torch.tensor([0, 1])
    each = nn.CrossEntropyLoss(reduction="none")(two, index)
    nothing = nn.CrossEntropyLoss()(two, torch.tensor([-100, -100])).item()
    assert np.isnan(nothing) and nn.CrossEntropyLoss().ignore_index == -100
    by_index = nn.CrossEntropyLoss(weight=weight)(two, index).item()
    by_chance = nn.CrossEntropyLoss(weight=weight)(two, t(np.eye(2))).item()
    total = (each * weight[index]).sum().item()
    assert by_index == pytest.approx(total / 4) and by_chance == pytest.approx(total / 2)


@pytest.mark.parametrize(
    ("precision", "edge"), [("float32", 88.7), ("float64", 709.8)], ids=["float32", "float64"]
)
def test_where_the_soft_margin_of_pytorch_ends(precision, edge):
    torch = pytest.importorskip("torch")

    def loss_and_slope(margin):
        z = torch.tensor([margin], dtype=getattr(torch, precision), requires_grad=True)
        loss = torch.nn.SoftMarginLoss()(z, torch.ones_like(z))
        loss.backward()
        return loss.item(), z.grad.item()

    loss, slope = loss_and_slope(-edge + 0.1)
    assert loss == pytest.approx(edge - 0.1) and slope == pytest.approx(-1)
    loss, slope = loss_and_slope(-edge - 0.1)
    assert loss == np.inf and np.isnan(slope)


def test_sums_means_and_weights_of_pytorch():
    torch = pytest.importorskip("torch")
    x = torch.arange(12.0, dtype=torch.float64).reshape(6, 2)
    y = torch.linspace(-1, 2, 6, dtype=torch.float64)

    def slope(rows, reduction):
        w = torch.tensor([0.3, -0.1], dtype=torch.float64, requires_grad=True)
        torch.nn.MSELoss(reduction=reduction)(x[rows] @ w, y[rows]).backward()
        return w.grad

    every, first, last = slice(None), slice(0, 3), slice(3, 6)
    assert torch.allclose(slope(every, "sum"), 6 * slope(every, "mean"))
    accumulated = slope(first, "mean") + slope(last, "mean")
    assert torch.allclose(accumulated / 2, slope(every, "mean"))
    # several labels: the mean over all of them; pos_weight multiplies the odds that are learned
    rng = np.random.default_rng(1)
    y, z = rng.integers(0, 2, (5, 3)).astype(float), rng.normal(size=(5, 3))
    theirs = torch.nn.BCEWithLogitsLoss()(torch.tensor(z), torch.tensor(y)).item()
    assert losses.BinaryCrossEntropy(from_logits=True)(y, z) == pytest.approx(theirs)
    labels = torch.tensor([1.0] + 4 * [0.0], dtype=torch.float64)
    learned = torch.full((), np.log(3 / 4), dtype=torch.float64, requires_grad=True)
    weight = torch.tensor(3.0, dtype=torch.float64)
    loss = torch.nn.BCEWithLogitsLoss(pos_weight=weight)(learned.expand(5), labels)
    loss.backward()  # the odds are 1 to 4; three times that is where it rests
    assert abs(learned.grad.item()) < 1e-12
    each = torch.nn.BCEWithLogitsLoss(reduction="none")(learned.detach().expand(5), labels)
    assert loss.item() == pytest.approx(((1 + 2 * labels) * each).sum().item() / 5)


def test_keras_computes_what_the_entries_say():
    keras = pytest.importorskip("keras")

    def run(name, y, p, weights=None, **options):
        loss = getattr(keras.losses, name)(dtype="float64", **options)
        return float(loss(np.asarray(y), np.asarray(p), sample_weight=weights))

    same = {
        "rel": 1e-6,
        "abs": 1e-6,
    }  # float32 with some backends, and a small constant in logarithms
    for loss in (losses.MeanSquaredError(), losses.MeanAbsoluteError(), losses.Huber()):
        assert run(type(loss).__name__, Y, P) == pytest.approx(loss(Y, P), **same)
    squared_log = losses.MeanSquaredLogarithmicError()(Y + 4, P)
    assert run("MeanSquaredLogarithmicError", Y + 4, P) == pytest.approx(squared_log, **same)
    shares = losses.MeanAbsolutePercentageError()(Y + 4, P)
    percent = run("MeanAbsolutePercentageError", Y + 4, P)
    assert percent == pytest.approx(100 * shares, **same)
    assert run("MeanAbsolutePercentageError", [0.0], [1.0]) == pytest.approx(1e9, rel=1e-5)
    one_and_four, weights = ([[0.0], [0.0]], [[1.0], [2.0]]), np.array([1.0, 3.0])
    assert run("MeanSquaredError", *one_and_four, weights) == pytest.approx(6.5)
    by_weight = {"reduction": "mean_with_sample_weight"}
    assert run("MeanSquaredError", *one_and_four, weights, **by_weight) == pytest.approx(3.25)
    assert losses.MeanSquaredError()(*one_and_four, weights[:, None]) == pytest.approx(3.25)
    small = np.array([1e-4], dtype="float32")
    assert float(keras.losses.LogCosh()(0 * small, small)) == 0
    rounded = np.log(2) - float(np.float32(np.log(2)))  # what some backends make of log 2
    off = rounded if keras.backend.backend() == "torch" else 0.0
    assert run("LogCosh", [0.0], [1e-9]) == pytest.approx(off, abs=1e-15)
    assert off in (0.0, pytest.approx(-1.9e-9, rel=0.01)) and losses.LogCosh()([0.0], [1e-9]) > 0
    single = keras.losses.BinaryCrossentropy(dtype="float32")
    worst = [float(single(np.float32([y]), np.float32([1 - y]))) for y in (1, 0)]
    assert worst == pytest.approx([16.118, 15.942], abs=5e-4)
    assert run("BinaryCrossentropy", [1.0], [0.0]) == pytest.approx(16.118, abs=5e-4)
    labels, logits = (SIGNS.reshape(2, 2) + 1) / 2, P.reshape(2, 2)  # several labels at once
    assert run("BinaryCrossentropy", labels, logits, from_logits=True) == pytest.approx(
        losses.BinaryCrossEntropy(from_logits=True)(labels, logits), **same
    )
    for alpha in (0.25, 0.9):
        focal = losses.Focal()([1.0], [0.3])
        assert run("BinaryFocalCrossentropy", [1.0], [0.3], alpha=alpha) == pytest.approx(focal)
        focal = losses.Focal(alpha=alpha)([1.0], [0.3])
        theirs = run(
            "BinaryFocalCrossentropy", [1.0], [0.3], alpha=alpha, apply_class_balancing=True
        )
        assert theirs == pytest.approx(focal, **same)
    for alpha in (0.25, [1.0, 2.0, 0.5]):
        focal = losses.Focal(alpha=alpha, from_logits=True)(INDEX, SCORES)
        one_hot = np.eye(3)[INDEX]
        theirs = run("CategoricalFocalCrossentropy", one_hot, SCORES, alpha=alpha, from_logits=True)
        assert theirs == pytest.approx(focal, **same)
    for loss in (losses.Hinge(), losses.SquaredHinge()):
        for labels in (SIGNS, (SIGNS + 1) / 2):
            assert run(type(loss).__name__, labels, P) == pytest.approx(loss(SIGNS, P), **same)
    assert run("CategoricalHinge", np.eye(3)[INDEX], SCORES) == pytest.approx(
        losses.MulticlassHinge()(INDEX, SCORES), **same
    )
    rng = np.random.default_rng(0)
    for scores in [*rng.normal(size=(50, 3)), np.array([-3.0, -5.0, -6.0])]:
        best = max(*scores[1:], 0.0)  # the 0 of the true class is among the rivals
        theirs = run("CategoricalHinge", [[1.0, 0.0, 0.0]], [scores])
        assert theirs == pytest.approx(max(0.0, 1 + best - scores[0]), **same)
        ours = losses.MulticlassHinge()([0], [scores])
        assert (abs(theirs - ours) < 1e-5) == (best > 0 or theirs < 1e-5)
    assert theirs == pytest.approx(4) and ours == 0
    ours = losses.CrossEntropy(from_logits=True)(INDEX, SCORES)
    one_hot = run("CategoricalCrossentropy", np.eye(3)[INDEX], SCORES, from_logits=True)
    assert one_hot == pytest.approx(ours, **same)
    for name, truth in [
        ("CategoricalCrossentropy", [[1.0, 0.0, 0.0]]),
        ("SparseCategoricalCrossentropy", [0]),
    ]:
        clipped = run(name, truth, [[0.0, 0.5, 0.5]])
        assert clipped == pytest.approx(16.118, abs=5e-4)
    rates = np.array([0.1, 0.5, 1.5])
    ours = losses.PoissonNLL(log_input=False)([0.0, 2.0, 5.0], rates)
    assert run("Poisson", [0.0, 2.0, 5.0], rates) == pytest.approx(ours, **same)
    assert losses.KLDivergence()([[0.5, 0.5]], [[1.0, 0.0]]) == np.inf
    assert run("KLDivergence", [[0.5, 0.5]], [[1.0, 0.0]]) == pytest.approx(7.3659, abs=1e-3)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_the_logarithmic_error_of_keras_is_deaf_below_zero(precision):
    keras = pytest.importorskip("keras")
    theirs = keras.losses.MeanSquaredLogarithmicError(dtype=precision)

    def run(y, p):
        return float(theirs(np.array([y], dtype=precision), np.array([p], dtype=precision)))

    ours = losses.MeanSquaredLogarithmicError()
    assert run(0.0, -0.5) < 1e-12 and ours([0.0], [-0.5]) == pytest.approx(0.480, abs=5e-4)
    # below 1e-7 it is a constant, so that its gradient is 0
    assert run(3.0, -0.5) == run(3.0, -0.9) == run(3.0, 0.0) != run(3.0, 1e-3)
    assert ours.gradient([3.0], [-0.5])[0] < -5


def test_the_huber_loss_of_keras_far_out():
    """Through whichever backend it has; a slope by PyTorch or JAX."""
    keras = pytest.importorskip("keras")
    backend = keras.backend.backend()
    for precision, half in [("float32", 1.7e38), ("float64", 8.98e307)]:
        for residual, finite in [(0.99 * half, True), (1.02 * half, False)]:
            if backend == "torch":
                torch = pytest.importorskip("torch")
                p = torch.tensor([residual], dtype=getattr(torch, precision), requires_grad=True)
                keras.losses.huber(torch.zeros_like(p), p).sum().backward()
                slope = p.grad.item()
            elif backend == "jax":
                jax = pytest.importorskip("jax")
                with jax.enable_x64(precision == "float64"):
                    p = jax.numpy.array([residual], dtype=precision)
                    loss = lambda p: keras.losses.huber(0 * p, p).sum()  # noqa: E731
                    slope = float(jax.grad(loss)(p)[0])
            else:
                pytest.skip(f"no slope by {backend}")
            assert slope == 1 if finite else np.isnan(slope), (precision, residual)


@pytest.mark.parametrize(("precision", "half"), [("float32", 2.0**-25), ("float64", 2.0**-54)])
def test_the_steps_of_the_huber_gradient_of_optax(precision, half):
    optax = pytest.importorskip("optax").losses
    jax = pytest.importorskip("jax")
    with jax.enable_x64(precision == "float64"):
        slope = jax.grad(lambda p: optax.huber_loss(p, jax.numpy.zeros_like(p)))
        residuals = half * np.array([0.3, 0.9, 1.1, 3.3, 5.1, 1001.0])
        slopes = np.array([float(slope(jax.numpy.array(r, dtype=precision))) for r in residuals])
    assert (slopes[:2] == 0).all() and (slopes[2:] > 0).all()
    assert np.allclose(slopes / half, np.round(slopes / half)) and slopes[2] == 2 * half
    step = {"float32": 6e-8, "float64": 1e-16}[precision]
    assert 2 * half == pytest.approx(step, rel=0.12)


def test_optax_computes_what_the_entries_say():
    optax = pytest.importorskip("optax").losses
    jax = pytest.importorskip("jax")
    with jax.enable_x64(True):
        assert (
            float(optax.squared_error(np.array(3.0)))
            == 9
            == 2 * float(optax.l2_loss(np.array(3.0)))
        )
        returns = optax.l2_loss.__doc__.partition("Returns:")[2]
        assert "elementwise squared differences" in " ".join(returns.split())
        huber = jax.grad(lambda p: optax.huber_loss(p, np.array(0.0)))
        assert huber(1e-15) > 0 == huber(5e-17)
        assert optax.log_cosh(np.array(1e-9)) == optax.log_cosh(np.float32(1e-4)) == 0
        hard = np.array([0.0, 1.0, 1.0, 0.0])
        for ours, theirs in [
            (losses.LogCosh().pointwise(Y, P), optax.log_cosh(P, Y)),
            (losses.Hinge().pointwise(SIGNS, P), optax.hinge_loss(P, SIGNS)),
            (losses.Perceptron().pointwise(SIGNS, P), optax.perceptron_loss(P, SIGNS)),
            (
                losses.BinaryCrossEntropy(from_logits=True).pointwise(hard, P),
                optax.sigmoid_binary_cross_entropy(P, hard),
            ),
            (
                losses.Focal(from_logits=True).pointwise(hard, P),
                optax.sigmoid_focal_loss(P, hard),
            ),
            (
                losses.CrossEntropy(from_logits=True).pointwise(INDEX, SCORES),
                optax.softmax_cross_entropy_with_integer_labels(SCORES, INDEX),
            ),
            (
                losses.MulticlassHinge().pointwise(INDEX, SCORES),
                jax.vmap(optax.multiclass_hinge_loss)(SCORES, INDEX),
            ),
            (
                losses.ListNet().pointwise([[2.0, 0.0, 1.0], [0.0, 0.0, 3.0]], SCORES),
                optax.ranking_softmax_loss(
                    SCORES, np.array([[2.0, 0.0, 1.0], [0.0, 0.0, 3.0]]), reduce_fn=None
                ),
            ),
            (
                losses.KLDivergence().pointwise([[0.4, 0.4, 0.2]], [[0.5, 0.3, 0.2]]),
                optax.kl_divergence(np.log([[0.5, 0.3, 0.2]]), np.array([[0.4, 0.4, 0.2]])),
            ),
        ]:
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)
        where = np.array([[True, True, False], [True, True, True]])
        grades = np.array([[2.0, 1.0, 5.0], [0.0, 0.0, 3.0]])
        theirs = optax.ranking_softmax_loss(SCORES, grades, where=where)
        assert losses.ListNet()(grades, SCORES, mask=where) == pytest.approx(float(theirs))
        assert optax.ranking_softmax_loss(SCORES, 0 * grades) == 0  # an error here
        zero_or_one = optax.hinge_loss(np.array([2.0, 2.0]), np.array([0.0, 1.0]))
        assert zero_or_one.tolist() == [1, 0]  # in silence


def test_what_the_entries_say_of_ctc_in_other_libraries():
    rng = np.random.default_rng(3)
    z, y = rng.normal(size=(3, 6, 4)), np.array([[1, 2, 0], [3, 3, 1], [2, 0, 0]])
    lengths, short = np.array([2, 3, 1]), np.zeros((1, 2, 4))
    ours, none = losses.CTC(), losses.CTC(zero_infinity=True)
    each = ours.pointwise(y, z, target_lengths=lengths)
    keras = pytest.importorskip("keras")  # with a backend: so one of the two below as well
    whole = keras.losses.CTC(dtype="float64")(y, z)
    assert float(whole) == pytest.approx(each.mean(), rel=1e-5)
    if torch := pytest.importorskip("torch"):
        log_p = torch.tensor(z).log_softmax(2).transpose(0, 1)
        given = log_p, torch.tensor(y), torch.full((3,), 6), torch.tensor(lengths)
        assert torch.nn.CTCLoss()(*given).item() == pytest.approx(np.mean(each / lengths))
        for options, value in (({}, np.nan), ({"zero_infinity": True}, 0.0)):
            logits = torch.tensor(short).requires_grad_()
            targets = torch.tensor([[1, 1]]), torch.tensor([2]), torch.tensor([2])
            log_p = logits.log_softmax(2).transpose(0, 1)
            torch.nn.CTCLoss(**options)(log_p, *targets).backward()
            np.testing.assert_array_equal(logits.grad.numpy(), np.full((1, 2, 4), value))
        blank = torch.tensor([[1, 0]]), torch.tensor([6]), torch.tensor([2])
        taken = torch.nn.CTCLoss()(torch.tensor(z[:1]).log_softmax(2).transpose(0, 1), *blank)
        assert np.isfinite(taken.item())
        wrong = torch.nn.NLLLoss()(torch.tensor([[2.0, 5.0]]), torch.tensor([1])).item()
        assert wrong == -5
    assert none.value_and_gradient([[1, 1]], short)[0] == 0
    optax, jax = pytest.importorskip("optax").losses, pytest.importorskip("jax")
    with jax.enable_x64(True):
        padding = np.arange(3) >= lengths[:, None]
        theirs = optax.ctc_loss(z, np.zeros((3, 6)), y, padding * 1.0)
        np.testing.assert_allclose(theirs, each, rtol=1e-9)
        far = optax.ctc_loss(short, np.zeros((1, 2)), np.array([[1, 1]]), np.zeros((1, 2)))
        assert float(far[0]) == pytest.approx(1e5, rel=1e-3)


def test_what_the_captions_say_of_numbers():
    r = np.linspace(0, 10, 10_001)
    for scale in (0.5, 1.0, 2.0):
        pull = losses.Cauchy(scale=scale).gradient(np.zeros_like(r), r)
        assert r[pull.argmax()] == pytest.approx(scale, abs=1e-3)
    exponential = losses.Exponential()
    bad, good = exponential(np.array([1.0]), [-10.0]), exponential(np.array([1.0]), [1.0])
    assert int(bad / good) == 59_874


@pytest.mark.parametrize("cls", [c for c in LOSSES if _bends(c)])
def test_the_second_derivative_can_be_seen(cls):
    """Its panel has limits of its own: those of the gradient once hid it altogether."""
    how = SLICES[cls]
    low, high = _bend_limits(cls)
    for setting in how.values or (how.start,):
        bend = curves(cls, setting).bend
        assert np.mean((low < bend) & (bend < high)) > 0.6, setting
