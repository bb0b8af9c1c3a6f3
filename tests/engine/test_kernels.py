"""The generated kernels: what is shared, what is refused, and that they equal the formulas."""

import math

import numpy as np
import pytest

from benchmarks.cases import instances
from lossbook import losses
from lossbook._engine import kernels, sums
from lossbook._engine.buffers import BLOCK
from lossbook._engine.tracing import Untraceable
from lossbook.losses.margin import MarginLoss

SIGNED = (MarginLoss, losses.HingeEmbedding)  # with labels -1 and +1


def kernel(pointwise, gradient, weighted=False, **options):
    return kernels.compile_kernel(pointwise, gradient, weighted, **options)


def run(function, y, p, w=None, k=1.0):
    out = np.empty_like(p)
    return function(k, y, p, w, out), out


def test_common_parts_are_computed_once():
    source = sums.kernel_of(losses.LogCosh(), False, True).source
    assert source.count("subtract(p, y") == 1
    assert sums.kernel_of(losses.Huber(), True, True).source.count("clip") == 1


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    "pointwise, gradient",
    [
        (lambda y, p: np.exp(y * p), lambda y, p: y * np.exp(y * p)),
        (lambda y, p: (p - y) ** 2 / 3, lambda y, p: (p - y) / 1.5),
        (lambda y, p: np.square(p - y), lambda y, p: p - y),
        (lambda y, p: np.maximum(0, 1 - y * p), lambda y, p: np.where(y * p < 1, -y, 0.0)),
        (lambda y, p: np.abs(p - y) ** 3, lambda y, p: 3.0 * np.sign(p - y) * (p - y) ** 2),
        (lambda y, p: p, lambda y, p: p),
        (lambda y, p: np.sqrt(1 + p * p) * y, lambda y, p: y * (p / np.sqrt(1 + p * p))),
        (lambda y, p: (p > y) * (p - y), lambda y, p: (p > y) * 1.0),
        (lambda y, p: ((p > y) & (p < 1)) * p, lambda y, p: ((p > y) & (p < 1)) * 1.0),
        (
            lambda y, p: np.where(~((p > y) | np.isinf(p)), p, y),
            lambda y, p: ((p > 0) ^ (y > p)) * p,
        ),
        (lambda y, p: np.minimum(p, y) + np.maximum(-2.0, p), lambda y, p: -(p + 1.0)),
    ],
)
@pytest.mark.parametrize("n", [1, 900, 5000])
def test_a_kernel_equals_its_formulas(pointwise, gradient, weighted, n):
    rng = np.random.default_rng(n)
    y, p = rng.normal(size=(2, n))
    w = rng.random(n) if weighted else None
    total, out = run(kernel(pointwise, gradient, weighted), y, p, w, 0.5)
    factor = 1.0 if w is None else w
    assert total == pytest.approx(np.sum(factor * pointwise(y, p)), rel=1e-12)
    np.testing.assert_allclose(out, 0.5 * factor * gradient(y, p), rtol=1e-13)
    only_value = kernel(pointwise, None, weighted)
    assert only_value(0.5, y, p, w, None) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize(
    "formula",
    [
        lambda y, p: np.add.reduce(p) + p,
        lambda y, p: p if p > 0 else -p,
        lambda y, p: np.sort(p),
        lambda y, p: p[::-1],
        lambda y, p: np.array([float(v) for v in p]),
        lambda y, p: p + np.arange(3),
        lambda y, p: np.exp(p, where=y > 0),
        lambda y, p: 3.0,
        lambda y, p: math.exp(p) + y,
        lambda y, p: np.asarray(p) + y,
        lambda y, p: p.reshape(-1),
        lambda y, p: p.shape[0] * y,
        lambda y, p: p * len(y),
        lambda y, p: np.zeros(int(p)) + y,
        lambda y, p: np.where([True], p, y),
        lambda y, p: np.modf(p)[0],
    ],
)
def test_what_is_not_elementwise_is_refused(formula):
    with pytest.raises(Untraceable):
        kernel(formula, None)


@pytest.mark.parametrize(
    "loss", [losses.Huber(delta=0.5), losses.SmoothedHinge(), losses.ModifiedHuber()], ids=repr
)
def test_a_product_is_taken_apart_only_where_nothing_is_lost(loss):
    source = sums.kernel_of(loss, False, False).source
    assert ("- 0.5 * dot" in source) == (type(loss) is not losses.ModifiedHuber)
    for formula in (
        lambda y, p: np.clip(p, -1.0, 2.0) * (y - 0.5 * np.clip(p, -1.0, 2.0)),
        lambda y, p: np.clip(p, 1.0, 2.0) * (p - 0.5 * np.clip(p, 1.0, 2.0)),
        lambda y, p: np.clip(p, -1.0, 2.0) * (p - 0.9 * np.clip(p, -1.0, 2.0)),
        lambda y, p: p * (y - 0.5 * y),
    ):
        assert "* dot" not in kernel(formula, None).source


LOSSES = [*instances(extreme=True, elementwise=True)]
LOSSES += [0.5 * LOSSES[0] - 2 * LOSSES[2], losses.BinaryCrossEntropy() + 3 * losses.Brier()]


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("with_gradient", [False, True])
def test_every_elementwise_loss_is_computed_by_a_kernel(loss, weighted, with_gradient, monkeypatch):
    def fail(*_):
        raise AssertionError(f"{loss!r} falls back on its plain formulas")

    monkeypatch.setattr(sums, "_plain_sum", fail)
    y, p = np.array([0.0, 1.0]), np.array([0.5, 0.5])
    if isinstance(loss, (*SIGNED, losses.MeanAbsolutePercentageError)):
        y = 2.0 * y - 1.0
    arguments = (y, p, [1.0, 2.0]) if weighted else (y, p)
    (loss.value_and_gradient if with_gradient else loss)(*arguments)


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_shows_in_the_sum(loss, bad):
    """Whatever the other argument; unless the check of the arguments has refused it before."""
    others = [0.0, 1.0, -1.0, 0.5, 3.7, -2.0, 1e-300, -1e300, np.nan, np.inf, -np.inf]
    for weighted in (False, True):
        run_sum = sums.kernel_of(loss, weighted, False)
        for name in {"y_true", "y_pred"} - set(loss._finite_by_check):
            for other in others:
                pair = (bad, other) if name == "y_true" else (other, bad)
                y, p = (np.array([0.5, value]) for value in pair)
                with np.errstate(all="ignore"):
                    assert not np.isfinite(
                        run_sum(1.0, y, p, np.ones(2) if weighted else None, None)
                    )


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_what_the_check_is_said_to_refuse_it_refuses(loss):
    sign = -1.0 if isinstance(loss, SIGNED) else 0.0
    for name in loss._finite_by_check:
        for bad in (np.nan, np.inf, -np.inf):
            pair = {"y_true": [sign, 1.0], "y_pred": [0.5, 0.5]}
            pair[name] = [pair[name][0], bad]
            with pytest.raises(ValueError, match=f"{name} holds"):
                loss._check(*pair.values())


@pytest.mark.parametrize(
    "pointwise, passes",
    [
        (lambda y, p: np.where(y == 3.7, 0.0, np.square(p - y)), 2),  # hides p, and NaN in y
        (lambda y, p: np.where(np.abs(y - 3.7) <= 0.0, 0.0, np.abs(p - y)), 1),
        (lambda y, p: np.arctan(p - y), 2),
        (lambda y, p: np.exp(-np.abs(p)) + np.abs(y), 1),
        (lambda y, p: np.maximum(p, 0.0) + y * y, 1),
        (lambda y, p: np.clip(p, -1.0, 1.0) * np.abs(p) + y, 0),
    ],
)
def test_only_what_is_proved_to_show_is_left_unchecked(pointwise, passes):
    assert kernel(pointwise, None).source.count("total += dot") == passes


def test_a_guard_is_dropped_only_where_what_it_guards_shows():
    def guarded(y, p):
        near = np.exp(p) - y * p
        return np.where(np.isfinite(near), near, 7.0)

    assert "where" not in kernel(guarded, None).source
    assert "where" in kernel(lambda y, p: np.exp(-np.abs(guarded(y, p))), None).source
    assert "fmax" not in kernel(lambda y, p: np.fmax(np.abs(p * y), 0.0), None).source
    assert "fmax" in kernel(lambda y, p: np.fmax(p * y, 0.0), None).source


def test_a_long_formula_is_computed_as_it_is():
    class Series(losses.Loss):
        elementwise = True

        def pointwise(self, y_true, y_pred):
            return sum((y_pred - y_true) ** k / k for k in range(2, 400, 2))

    y, p = np.zeros(3), np.array([0.1, -0.5, 0.9])
    assert sums.kernel_of(Series(), False, False) is None
    assert Series()(y, p) == pytest.approx(np.mean(-0.5 * np.log1p(-(p**2))), rel=1e-12)


def test_an_error_of_a_formula_is_not_swallowed():
    class Wrong(losses.Loss):
        elementwise = True

        def pointwise(self, y_true, y_pred):
            return np.abs(y_pred - y_tru)  # noqa: F821

    with pytest.raises(NameError, match="y_tru"):
        Wrong()([0.0], [1.0])


def test_dot_is_pairwise():
    rng = np.random.default_rng(0)
    for n in (1, 511, 512, 1024, 1025, 5000, BLOCK):
        a, b = rng.normal(size=(2, n))
        assert kernels.dot(a, b) == pytest.approx(float(a @ b), rel=1e-11, abs=1e-11)
    ones = np.full(BLOCK, 0.1)
    exact = 0.1 * 0.1 * BLOCK
    assert abs(kernels.dot(ones, ones) - exact) <= 40 * np.spacing(exact)  # 25 on aarch64


def test_equal_losses_share_their_kernels_and_a_replaced_one_does_not():
    y, p = np.zeros(3), np.array([1.0, 2.0, 30.0])
    one, two = losses.Huber(delta=2.5), losses.Huber(delta=2.5)
    assert sums.kernel_of(one, False, False) is sums.kernel_of(two, False, False)
    before = two(y, p)
    other = one.replace(delta=4.0)
    assert other(y, p) == losses.Huber(delta=4.0)(y, p) != before
    assert two(y, p) == before == losses.Huber(delta=2.5)(y, p)


def test_losses_of_others_do_not_share():
    power = 2.0

    class Power(losses.Loss):
        elementwise = True

        def pointwise(self, y_true, y_pred):
            return np.abs(y_pred - y_true) ** power

        def gradient(self, y_true, y_pred):
            return power * np.sign(y_pred - y_true) * np.abs(y_pred - y_true) ** (power - 1)

    assert Power()(0.0, 3.0) == 9.0
    power = 3.0
    assert Power()(0.0, 3.0) == 27.0


def test_kernels_go_with_their_loss_and_are_not_kept_in_it():
    loss = losses.Huber(delta=0.125)
    before = vars(loss).copy()
    loss([0.0], [1.0])
    assert vars(loss) == before
    number = id(loss)
    assert any(kind[0] == number for kind in sums._kernels)
    del loss
    assert not any(kind[0] == number for kind in sums._kernels)
