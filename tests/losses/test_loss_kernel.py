"""The generated kernels: what is shared, what is refused, and that they equal the formulas."""

import math

import numpy as np
import pytest

from benchmarks.cases import instances
from lossbook import losses
from lossbook.losses import _kernel


def kernel(pointwise, gradient, weighted=False, **options):
    return _kernel.compile_kernel(pointwise, gradient, weighted, **options)


def run(function, y, p, w=None, k=1.0):
    out = np.empty_like(p)
    return function(y, p, w, k, out), out


def test_common_parts_are_computed_once():
    source = losses.LogCosh()._kernel(False, True).source
    assert source.count("subtract(p, y") == 1
    assert losses.Huber()._kernel(True, True).source.count("clip") == 1


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
    assert only_value(y, p, w, 0.5, None) == pytest.approx(total, rel=1e-12)


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
    with pytest.raises(_kernel.Untraceable):
        kernel(formula, None)


def test_split_is_for_one_form_only():
    with pytest.raises(_kernel.Untraceable):
        kernel(lambda y, p: p * (y - 0.5 * y), lambda y, p: p, split=True)


@pytest.mark.parametrize("loss", instances(extreme=True, elementwise=True), ids=repr)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("with_gradient", [False, True])
def test_every_elementwise_loss_of_the_package_has_a_kernel(loss, weighted, with_gradient):
    assert hasattr(loss._kernel(weighted, with_gradient), "source")


def test_an_error_of_a_formula_is_not_swallowed():
    class Wrong(losses.Loss):
        elementwise = True

        def pointwise(self, y_true, y_pred):
            return np.abs(y_pred - y_tru)  # noqa: F821

    with pytest.raises(NameError, match="y_tru"):
        Wrong()([0.0], [1.0])


def test_dot_is_pairwise():
    rng = np.random.default_rng(0)
    for n in (1, 511, 512, 1024, 1025, 5000, _kernel.BLOCK):
        a, b = rng.normal(size=(2, n))
        assert _kernel.dot(a, b) == pytest.approx(float(a @ b), rel=1e-11, abs=1e-11)
    ones = np.full(_kernel.BLOCK, 0.1)
    exact = 0.1 * 0.1 * _kernel.BLOCK
    assert abs(_kernel.dot(ones, ones) - exact) <= 40 * np.spacing(exact)  # 25 on aarch64


def test_equal_losses_share_their_kernels_and_a_replaced_one_does_not():
    y, p = np.zeros(3), np.array([1.0, 2.0, 30.0])
    one, two = losses.Huber(delta=2.5), losses.Huber(delta=2.5)
    assert one._kernel(False, False) is two._kernel(False, False)
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
