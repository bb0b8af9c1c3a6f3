"""The mean, weights, blocks, sums and multiples, identity: what the base class gives every loss."""

import copy
import dataclasses
import math
import pickle
import threading

import cloudpickle
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.cases import classes, instances, sample
from lossbook import losses
from lossbook._engine.buffers import BLOCK
from lossbook.custom import from_function

each_loss = pytest.mark.parametrize("loss", instances(), ids=repr)
ONE_OF_EACH = [cls() for cls in classes()]
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 40)
any_loss = st.sampled_from(ONE_OF_EACH)


def weights(rng, shape):
    w = rng.random(shape) + 0.1
    w.flat[rng.integers(0, w.size)] = 1.0
    return w


def divided(loss, y, p):
    """The per-sample gradients in a shape that weights of the samples multiply."""
    value, gradient = loss.pointwise(y, p), loss.gradient(y, p)
    return value, gradient, (slice(None),) + (None,) * (gradient.ndim - value.ndim)


def own_weights(loss, y):
    """What each sample counts in the divisor of the mean: class weights, or 1."""
    weights = getattr(loss, "class_weight", None)
    return np.ones(len(y)) if weights is None else np.array(weights)[y]


@each_loss
@pytest.mark.parametrize("n", [1, 2, 7, 1000, 1025, 40_000, BLOCK, 2 * BLOCK + 3])
def test_mean_and_gradient_follow_from_the_formulas(loss, n):
    rng = np.random.default_rng(n)
    y, p = sample(loss, rng, n)
    value, gradient, per_sample = divided(loss, y, p)
    w, own = weights(rng, n), own_weights(loss, y)
    total, share = math.fsum(own), w / math.fsum(w * own)
    mean, slope = loss.value_and_gradient(y, p)
    assert isinstance(mean, float)
    assert slope.shape == np.shape(p) and slope.dtype == np.float64
    assert mean == pytest.approx(math.fsum(value) / total, rel=2e-15, abs=1e-300)
    np.testing.assert_allclose(slope, gradient / total, rtol=1e-15, atol=1e-320)
    assert loss(y, p) == pytest.approx(mean, rel=1e-15, abs=1e-300)
    mean, slope = loss.value_and_gradient(y, p, w)
    assert mean == pytest.approx(math.fsum(share * value), rel=4e-15, abs=1e-300)
    np.testing.assert_allclose(slope, gradient * share[per_sample], rtol=4e-15, atol=1e-320)
    assert loss(y, p, sample_weight=w) == pytest.approx(mean, rel=2e-15, abs=1e-300)


@settings(deadline=None)
@given(any_loss, seeds, sizes)
def test_order_does_not_matter(loss, seed, n):
    rng = np.random.default_rng(seed)
    y, p = sample(loss, rng, n)
    w, order = weights(rng, n), rng.permutation(n)
    value, gradient = loss.value_and_gradient(y, p, w)
    again, permuted = loss.value_and_gradient(y[order], p[order], w[order])
    assert again == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(permuted, gradient[order], rtol=1e-14, atol=1e-320)


@settings(deadline=None)
@given(any_loss, seeds, sizes)
def test_weights_count_like_repetition(loss, seed, n):
    rng = np.random.default_rng(seed)
    y, p = sample(loss, rng, n)
    times = rng.integers(0, 4, n)
    times[rng.integers(0, n)] += 1
    repeated = loss(np.repeat(y, times, axis=0), np.repeat(p, times, axis=0))
    assert loss(y, p, times) == pytest.approx(repeated, rel=1e-13)


@settings(deadline=None)
@given(any_loss, seeds, sizes, sizes)
def test_concatenation_adds_up(loss, seed, n, m):
    rng = np.random.default_rng(seed)
    (y1, p1), (y2, p2) = sample(loss, rng, n), sample(loss, rng, m)
    both = loss(np.concatenate([y1, y2]), np.concatenate([p1, p2]))
    assert both == pytest.approx((n * loss(y1, p1) + m * loss(y2, p2)) / (n + m), rel=1e-13)


@settings(deadline=None)
@given(any_loss, seeds, sizes, st.floats(1e-250, 1e250))
def test_only_the_ratio_of_weights_matters(loss, seed, n, scale):
    rng = np.random.default_rng(seed)
    y, p = sample(loss, rng, n)
    w = weights(rng, n)
    value, gradient = loss.value_and_gradient(y, p, w)
    scaled, slope = loss.value_and_gradient(y, p, scale * w)
    assert scaled == pytest.approx(value, rel=1e-13)
    np.testing.assert_allclose(slope, gradient, rtol=1e-13, atol=1e-300)


@each_loss
def test_weight_zero_leaves_a_sample_out(loss):
    y, p = sample(loss, np.random.default_rng(4), 5)
    value, gradient = loss.value_and_gradient(y, p, [1, 0, 1, 1, 0])
    assert value == pytest.approx(loss(y[[0, 2, 3]], p[[0, 2, 3]]), rel=1e-14)
    assert not gradient[1].any() and not gradient[4].any()


@each_loss
def test_arguments_are_left_alone_and_results_are_new(loss):
    y, p = sample(loss, np.random.default_rng(5), 50)
    before = y.copy(), p.copy()
    _, first = loss.value_and_gradient(y, p)
    kept = first.copy()
    loss.value_and_gradient(y[::-1], p[::-1])
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(before[0], y)
    np.testing.assert_array_equal(before[1], p)
    assert not np.shares_memory(loss.pointwise(y, p), y)
    assert not np.shares_memory(loss.gradient(y, p), p)


@each_loss
def test_strided_and_listed_arguments_give_the_same(loss):
    y, p = sample(loss, np.random.default_rng(6), 60)
    value, gradient = loss.value_and_gradient(y[::3].copy(), p[::3].copy())
    strided = loss.value_and_gradient(y[::3], p[::3])
    listed = loss.value_and_gradient(y[::3].tolist(), p[::3].tolist())
    for other, slope in (strided, listed):
        assert other == pytest.approx(value, rel=1e-15)
        np.testing.assert_allclose(slope, gradient, rtol=1e-15)


@each_loss
def test_threads_do_not_share_buffers(loss):
    rng = np.random.default_rng(7)
    data = [sample(loss, rng, 5000 + i) for i in range(4)]
    expected = [loss.value_and_gradient(*pair) for pair in data]
    wrong = []

    def work(i):
        for _ in range(20):
            value, gradient = loss.value_and_gradient(*data[i])
            if value != expected[i][0] or not np.array_equal(gradient, expected[i][1]):
                wrong.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@each_loss
def test_identity(loss):
    same = eval(repr(loss), {**vars(losses), "inf": math.inf})
    assert same == loss and hash(same) == hash(loss)
    y, p = sample(loss, np.random.default_rng(8), 9)
    value = loss(y, p)
    for twin in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert twin == loss and twin(y, p) == value
    assert loss != "loss"
    assert all(f"{name}=" in repr(loss) for name in loss.hyperparameters)


def test_hyperparameters_tell_losses_apart():
    assert losses.Huber(delta=1) == losses.Huber(delta=1.0)
    assert losses.Huber(delta=1) != losses.Huber(delta=2)
    assert losses.MeanSquaredError() != losses.MeanAbsoluteError()
    with pytest.raises(TypeError):
        losses.Huber(2.0)


@each_loss
def test_a_loss_is_immutable_and_can_be_replaced(loss):
    before = repr(loss), hash(loss)
    for name, value in loss.hyperparameters.items():
        match = rf"is immutable, so {name} cannot be set: replace\({name}=.*\) makes another"
        with pytest.raises(AttributeError, match=match):
            setattr(loss, name, value)
        with pytest.raises(AttributeError, match="is immutable"):
            delattr(loss, name)
        assert loss.replace(**{name: value}) == loss
    for twin in (loss, copy.copy(loss), copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        with pytest.raises(AttributeError, match=r"is immutable, so anything cannot be set$"):
            twin.anything = 1
    assert (repr(loss), hash(loss)) == before
    with pytest.raises(TypeError, match="has no hyperparameter 'anything'; expected one of: "):
        loss.replace(anything=1)


def test_replace_checks_what_it_is_given():
    huber = losses.Huber(delta=1.0)
    assert huber([0.0], [3.0]) == 2.5 and huber.replace(delta=2)([0.0], [3.0]) == 4.0
    assert huber.replace(delta=2) == losses.Huber(delta=2.0) and huber.delta == 1.0
    with pytest.raises(ValueError, match=r"delta is -1\.0"):
        huber.replace(delta=-1)
    both = 2 * huber + losses.MeanSquaredError()
    assert both.replace(terms=[(2, huber)]) == 2 * huber
    with pytest.raises(AttributeError, match="is immutable"):
        both.terms = ()


def test_subclasses_with_their_own_init_are_frozen_when_it_ends():
    class Plain(losses.Loss):
        def __init__(self, *, delta=1.0):
            self.delta = delta

    class Scaled(Plain):
        def __init__(self, *, delta=1.0, unit=2.0):
            super().__init__(delta=delta * unit)
            self.unit = unit

    loss = Scaled(delta=3.0)
    assert (loss.delta, loss.unit) == (6.0, 2.0)
    with pytest.raises(AttributeError, match="is immutable"):
        loss.unit = 1.0

    @dataclasses.dataclass(eq=False)
    class Power(losses.Loss):
        power: float = 2.0
        elementwise = True

        def pointwise(self, y_true, y_pred):
            return np.abs(y_pred - y_true) ** self.power

        def gradient(self, y_true, y_pred):
            r = y_pred - y_true
            return self.power * np.sign(r) * np.abs(r) ** (self.power - 1)

    loss = Power(3.0)
    assert loss([0.0], [2.0]) == 8.0
    with pytest.raises(AttributeError, match="is immutable"):
        loss.power = 2.0


def test_the_mean_does_not_overflow_before_the_loss_does():
    y, p = np.zeros(10), np.full(10, 1e308)
    value, gradient = losses.MeanAbsoluteError().value_and_gradient(y, p)
    assert value == pytest.approx(1e308, rel=1e-15)
    np.testing.assert_array_equal(gradient, np.full(10, 0.1))
    value, gradient = losses.MeanAbsoluteError().value_and_gradient(y, p, np.full(10, 1e307))
    assert value == pytest.approx(1e308, rel=1e-15)
    np.testing.assert_allclose(gradient, 0.1, rtol=1e-15)
    huber = losses.Huber(delta=1e200)
    edge = np.array([1.6e154])  # g r is beyond float64, the loss is not
    assert huber(np.zeros(1), edge) == pytest.approx(0.5 * 1.6e154 * 1.6e154, rel=1e-15)


def test_a_loss_beyond_float64_is_infinite_without_a_warning(recwarn):
    value, gradient = losses.MeanSquaredError().value_and_gradient([0.0, 1.0], [1e200, 2.0])
    assert value == math.inf and gradient.tolist() == [1e200, 1.0]
    value, gradient = losses.MeanSquaredError().value_and_gradient([0.0, 1.0], [1e200, 2.0], [0, 1])
    assert value == 1.0 and gradient.tolist() == [0.0, 2.0]
    assert not recwarn.list


def test_tiny_and_huge_weights():
    mse = losses.MeanSquaredError()
    for scale in (5e-324, 1e-310, 1e300):
        value, gradient = mse.value_and_gradient([0, 0], [1, 3], np.array([scale, scale]))
        assert value == pytest.approx(5.0, rel=1e-15)
        np.testing.assert_allclose(gradient, [1.0, 3.0], rtol=1e-15)


def test_summation_keeps_its_digits():
    rng = np.random.default_rng(10)
    p = np.abs(rng.normal(size=300_001)) * 10 ** rng.uniform(-4, 4, 300_001)
    for loss in (losses.MeanAbsoluteError(), losses.MeanSquaredError(), losses.Huber(delta=5.0)):
        exact = math.fsum(loss.pointwise(np.zeros_like(p), p)) / p.size
        assert abs(loss(np.zeros_like(p), p) - exact) <= 8 * math.ulp(exact)
        w = rng.random(p.size)
        exact = math.fsum(w * loss.pointwise(np.zeros_like(p), p)) / math.fsum(w)
        assert abs(loss(np.zeros_like(p), p, w) - exact) <= 8 * math.ulp(exact)


def test_scalars_and_any_shape():
    huber = losses.Huber(delta=1.0)
    assert huber(2, 5) == 2.5
    assert isinstance(huber.pointwise(2, 5), float) and isinstance(huber.hessian(2, 5), float)
    value, gradient = huber.value_and_gradient(2.0, 5.0)
    assert (value, gradient) == (2.5, 1.0) and np.ndim(gradient) == 0
    y = np.arange(24.0).reshape(2, 3, 4)
    value, gradient = huber.value_and_gradient(y, y + 2, np.ones((2, 3, 4)))
    assert value == 1.5 and gradient.shape == (2, 3, 4)
    value, gradient = huber.value_and_gradient(y.T, y.T + 2)
    assert value == 1.5 and np.allclose(gradient, 1 / 24)


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.uint8, bool])
def test_other_numbers_are_computed_in_float64(dtype):
    y, p = np.array([0, 1, 1], dtype), np.array([1, 1, 0], dtype)
    value, gradient = losses.MeanSquaredError().value_and_gradient(y, p)
    assert value == 2 / 3 and gradient.dtype == np.float64
    assert gradient.tolist() == [2 / 3, 0.0, -2 / 3]


class Quartic(losses.Loss):
    def pointwise(self, y_true, y_pred):
        return (y_pred - y_true) ** 4

    def gradient(self, y_true, y_pred):
        return 4 * (y_pred - y_true) ** 3


class BlockedQuartic(Quartic):
    elementwise = True


class Centered(losses.Loss):
    """Not elementwise: the residuals are taken about their mean."""

    def pointwise(self, y_true, y_pred):
        r = y_pred - y_true
        return np.square(r - r.mean())

    def gradient(self, y_true, y_pred):
        r = y_pred - y_true
        return 2 * (r - r.mean())


class Branching(losses.Loss):
    """Elementwise, but of a kind that cannot be recorded."""

    elementwise = True

    def pointwise(self, y_true, y_pred):
        return np.array([abs(a - b) for a, b in zip(y_true, y_pred, strict=True)])

    def gradient(self, y_true, y_pred):
        return np.array([1.0 if b > a else -1.0 for a, b in zip(y_true, y_pred, strict=True)])


@pytest.mark.parametrize("cls", [Quartic, BlockedQuartic, Centered, Branching])
def test_pointwise_and_gradient_make_a_loss(cls):
    loss, n = cls(), BLOCK + 10
    rng = np.random.default_rng(0)
    y, p = rng.normal(size=(2, n))
    value, gradient = loss.value_and_gradient(y, p)
    assert value == pytest.approx(loss.pointwise(y, p).mean(), rel=1e-13)
    np.testing.assert_allclose(gradient, loss.gradient(y, p) / n, rtol=1e-13)
    w = rng.random(n)
    assert loss(y, p, w) == pytest.approx(np.average(loss.pointwise(y, p), weights=w), rel=1e-13)
    with pytest.raises(ValueError, match="y_pred holds nan at index 1"):
        loss([0.0, 1.0], [0.0, math.nan])
    with pytest.raises(NotImplementedError, match=f"{cls.__name__} does not define hessian"):
        loss.hessian(y, p)
    assert loss.facts.name == cls.__name__
    assert repr(loss) == f"{cls.__name__}()"


def test_sums_and_multiples():
    rng = np.random.default_rng(1)
    y, p = rng.normal(size=(2, 500))
    w = rng.random(500)
    a, b = losses.MeanSquaredError(), losses.MeanAbsoluteError()
    both = 0.25 * a + b * 3 - 0.5 * losses.Huber(delta=2.0)
    parts = [(0.25, a), (3.0, b), (-0.5, losses.Huber(delta=2.0))]
    assert both(y, p, w) == pytest.approx(sum(c * loss(y, p, w) for c, loss in parts), rel=1e-13)
    for name in ("pointwise", "gradient", "hessian"):
        expected = sum(c * getattr(loss, name)(y, p) for c, loss in parts)
        np.testing.assert_allclose(getattr(both, name)(y, p), expected, rtol=1e-13)
    gradient = both.value_and_gradient(y, p)[1]
    np.testing.assert_allclose(gradient, both.gradient(y, p) / 500, rtol=1e-13)
    assert repr(both) == (
        "0.25 * MeanSquaredError() + 3 * MeanAbsoluteError() + -0.5 * Huber(delta=2.0)"
    )
    assert 2 * a + b == 2 * a + b and hash(2 * a) == hash(2 * a) and 2 * a != 3 * a
    assert (a / 4)(y, p) == pytest.approx(a(y, p) / 4)
    assert (2 * (a + b))(y, p) == pytest.approx(2 * a(y, p) + 2 * b(y, p))
    assert (a + Quartic())(y, p) == pytest.approx(a(y, p) + Quartic()(y, p))
    facts = (2 * losses.Huber(delta=3.0)).facts
    assert facts.convex and facts.lipschitz == 6.0 and facts.gradient_lipschitz == 2.0
    assert (a + b).facts.strictly_convex and (a + b).facts.kinks == (0.0,)
    assert (a + b).facts.smooth is None and both.facts.convex is None


def test_arithmetic_means_what_it_says():
    rng = np.random.default_rng(2)
    y, p = rng.normal(size=(2, 30))
    a, b = losses.MeanSquaredError(), losses.MeanAbsoluteError()
    assert (-a).pointwise(y, p).tolist() == (-a.pointwise(y, p)).tolist()
    assert (-a).gradient(y, p).tolist() == (-2 * (p - y)).tolist()
    assert (-a)(y, p) == pytest.approx(-a(y, p), rel=1e-15)  # a processor sums in its own order
    assert sum([a, b]) == a + b == 0 + a + b and sum([a]) == a == a + 0 and 0.0 + a == a
    assert sum([a, b], a) == 2 * a + b == a + b + a
    assert (a / -2)(y, p) == pytest.approx(-0.5 * a(y, p), rel=1e-15)
    assert a - b - (a - b) == 0 * a + 0 * b
    assert 2 * a - 2 * a + b == 1 * b and 0 * a + b == 1 * b
    assert 3 * (a - b) - 3 * a == -3 * b
    assert repr(0 * a) == "0 * MeanSquaredError()" and eval(repr(0 * a), vars(losses)) == 0 * a


@each_loss
def test_zero_times_a_loss_is_zero(loss):
    y, p = sample(loss, np.random.default_rng(3), 5)
    value, gradient = (0 * loss).value_and_gradient(y, p)
    assert value == 0.0 and gradient.shape == p.shape and not gradient.any()
    assert (loss - loss)(y, p, np.arange(5)) == 0.0
    assert (0 * loss).pointwise(y, p).tolist() == [0.0] * 5
    with pytest.raises(ValueError, match="shape"):
        (0 * loss)(y[:3], p)


def test_a_term_of_factor_zero_takes_no_part():
    brier = losses.Brier()
    for loss in (0.0 * losses.BinaryCrossEntropy() + brier, brier - 0 * losses.MeanSquaredError()):
        value, gradient = loss.value_and_gradient([1.0], [0.0])
        assert (value, gradient.tolist(), loss.hessian([1.0], [0.0])) == (1.0, [-2.0], [2.0])
    mse = losses.MeanSquaredError()
    value, gradient = (mse - mse).value_and_gradient([0.0], [1e200])
    assert (value, gradient.tolist()) == (0.0, [0.0])
    assert (0 * mse).hessian([0.0], [1.0]).tolist() == [0.0]
    assert (0 * losses.BinaryCrossEntropy() + mse)([0.0], [3.0]) == 9.0  # not asked for [0, 1]


def test_a_difference_of_infinite_losses_is_an_error():
    loss = losses.BinaryCrossEntropy() - losses.Focal()
    for mean in (loss, loss.value_and_gradient):
        with pytest.raises(
            ValueError, match=r"is nan at index 1, where y_true holds 1\.0 and y_pr"
        ):
            mean([0.0, 1.0], [0.5, 0.0])
    assert math.isfinite(loss([0.0, 1.0], [0.5, 0.0], [1, 0]))
    both = losses.PoissonNLL() - losses.MeanSquaredError()
    with pytest.raises(ValueError, match="it is inf here, and -inf there"):
        both([0.0, 0.0], [800.0, -1e200])


def test_only_losses_that_are_the_same_are_added_up():
    class Secret(losses.Loss):
        """Its equality does not see what its signature does not name."""

        def __init__(self, *powers):
            self._powers = powers

        def pointwise(self, y_true, y_pred):
            return np.abs(y_pred - y_true) ** self._powers[0]

    both = Secret(2) + Secret(3)
    assert both([0.0], [2.0]) == 12.0 and len(both.terms) == 2
    assert len((Secret(2) + Secret(2)).terms) == 1
    assert len((Secret(2, np.ones(2)) + Secret(2, np.zeros(2))).terms) == 2


@pytest.mark.parametrize(
    "make, error, match",
    [
        (lambda a: losses.Combination([]), ValueError, "terms is empty; expected at least one"),
        (lambda a: losses.Combination([a]), TypeError, "terms holds .* at index 0; expected a p"),
        (lambda a: losses.Combination([(1, a), (1, 2)]), TypeError, "at index 1; expected a pair"),
        (lambda a: losses.Combination([("1", a)]), TypeError, "factor is '1'"),
        (lambda a: 1e200 * (1e200 * a), ValueError, "factor is inf"),
        (lambda a: 1e308 * a + 1e308 * a, ValueError, "factor is inf"),
        (lambda a: a / 0, ValueError, "divisor is 0; expected a number other than 0"),
    ],
)
def test_sums_that_are_none(make, error, match):
    with pytest.raises(error, match=match):
        make(losses.MeanSquaredError())


@pytest.mark.parametrize("make", [lambda a: a * a, lambda a: a + 1, lambda a: "2" * a])
def test_what_is_not_a_loss(make):
    with pytest.raises(TypeError):
        make(losses.MeanSquaredError())


@pytest.mark.parametrize("factor", [math.nan, math.inf])
def test_bad_factors(factor):
    with pytest.raises(ValueError, match="factor"):
        factor * losses.MeanSquaredError()


def test_a_dataclass_is_frozen_before_its_first_use():
    @dataclasses.dataclass(eq=False)
    class Scaled(losses.Loss):
        unit: float = 2.0

        def pointwise(self, y_true, y_pred):
            return self.unit * (y_pred - y_true) ** 2

        def gradient(self, y_true, y_pred):
            return 2 * self.unit * (y_pred - y_true)

    @dataclasses.dataclass(eq=False)
    class Settled(Scaled):
        def __post_init__(self):
            self.square = self.unit**2

    class Own(Scaled):
        def __init__(self):
            super().__init__(3.0)
            self.more = 1.0

    for loss in (Scaled(), Settled(), Own(), Scaled().replace(unit=4.0)):
        with pytest.raises(AttributeError, match="is immutable"):
            loss.unit = 1.0
        assert loss([0.0], [1.0]) == loss.unit
    assert (Settled().square, Own().more) == (4.0, 1.0)


def test_hyperparameters_that_are_arrays():
    class Weighted(losses.Loss):
        def __init__(self, *, unit):
            self.unit = unit

    a, b, c = (Weighted(unit=np.array([1.0, k])) for k in (2.0, 2.0, 3.0))
    assert a == b and hash(a) == hash(b) and a != c and a != Weighted(unit=1.0)


def test_zero_is_neutral():
    loss = losses.Huber(delta=2.0)
    assert loss - 0 == loss + 0 == 0 + loss == loss
    assert (0 - loss)([0.0], [1.0]) == -0.5
    for wrong in (lambda: loss - 1, lambda: 1 - loss):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError, match="terms is None"):
        losses.Combination(None)


def test_a_loss_of_a_notebook_goes_to_another_process():
    """cloudpickle takes a class of `__main__` by value, with all that it does not find in a module."""
    namespace = {"__name__": "__main__"}
    exec(
        "from lossbook.losses import CrossEntropy, Loss\n"
        "class Quartic(Loss):\n"
        "    elementwise = True\n"
        "    def __init__(self, *, scale=1.0):\n        self.scale = scale\n"
        "    def pointwise(self, y_true, y_pred):\n        return (y_pred - y_true) ** 4\n"
        "    def gradient(self, y_true, y_pred):\n        return 4 * (y_pred - y_true) ** 3\n"
        "class Twice(CrossEntropy):\n"
        "    def pointwise(self, y_true, y_pred):\n        return 2 * super()._pointwise(y_true, y_pred)\n",
        namespace,
    )
    quartic, twice = pickle.loads(
        cloudpickle.dumps((namespace["Quartic"](scale=2.0), namespace["Twice"](from_logits=True)))
    )
    assert quartic([0.0], [2.0]) == 16.0 and quartic.scale == 2.0
    assert twice([0], [[0.0, 0.0]]) == pytest.approx(2 * np.log(2))


def of_rows(y_true, y_pred):
    return np.square(y_pred - y_true).sum(axis=-1) if y_pred.ndim > 1 else abs(y_pred - y_true)


#: pairs of which one has a loss for each row, and the other one for each entry
OTHER_SHAPES = [
    (losses.CrossEntropy(), losses.MeanSquaredError()),
    (losses.KLDivergence(), losses.MeanAbsoluteError()),
    (losses.ListNet(), losses.MeanSquaredError()),
    (losses.CrossEntropy(class_weight=[1.0, 3.0, 0.5]), losses.Huber(delta=0.1)),
    (losses.CrossEntropy(ignore_index=-1), losses.BinaryCrossEntropy()),
    (from_function(of_rows), losses.Focal()),
    (from_function(of_rows), losses.CrossEntropy() + 0.5 * losses.Brier()),
]
other_shapes = pytest.mark.parametrize("first, second", OTHER_SHAPES, ids=repr)


def rows_of_classes(n):
    rng = np.random.default_rng(n)
    p = rng.random((n, 3)) + 0.1
    return np.eye(3)[rng.integers(0, 3, n)], p / p.sum(axis=1, keepdims=True)


@other_shapes
@pytest.mark.parametrize("n", [2, 3, 5])
def test_a_sum_of_other_shapes_is_the_sum_of_the_means_in_any_order(first, second, n):
    y, p = rows_of_classes(n)
    w, keep = np.arange(n) + 1.0, np.arange(n) != 1
    spoiled = np.where(keep[:, None], p, math.nan)
    for case in (
        (y, p),
        (y, p, w),
        (y, spoiled, None, keep),
        (y, spoiled, w * keep),
        (y, p, w, keep),
    ):
        a, b = (loss.value_and_gradient(*case) for loss in (first, second))
        for both in (first - 2 * second, -2 * second + first, 0.5 * (2 * first - 4 * second)):
            mean, slope = both.value_and_gradient(*case)
            assert both(*case) == mean == pytest.approx(a[0] - 2 * b[0], rel=1e-14)
            np.testing.assert_allclose(slope, a[1] - 2 * b[1], rtol=1e-13, atol=1e-15)
    assert (first + second)(y, p) == (second + first)(y, p)


@other_shapes
def test_a_sum_of_other_shapes_has_no_pointwise(first, second):
    y, p = rows_of_classes(3)
    for both in (first + second, second - 2 * first, 0 * first - 0 * second):
        with pytest.raises(
            ValueError, match=r"shape \(3,.*shape \(3,.*expected equal shapes"
        ) as info:
            both.pointwise(y, p)
        assert "(3,)" in str(info.value) and "(3, 3)" in str(info.value)
        shapes = [loss for _, loss in both.terms if repr(loss) in str(info.value)]
        assert len(shapes) == 2
        np.testing.assert_allclose(
            both.gradient(y, p), sum(a * loss.gradient(y, p) for a, loss in both.terms)
        )
    nothing = 0 * first + 0 * second
    value, slope = nothing.value_and_gradient(y, p, [1, 0, 2])
    assert value == 0.0 and slope.shape == (3, 3) and not slope.any()


def test_weights_of_a_sum_of_other_shapes_are_those_of_rows():
    y, p = rows_of_classes(4)
    ce, mse = losses.CrossEntropy(), losses.MeanSquaredError()
    for both in (ce + mse, mse + ce, 0 * mse + 0 * ce):
        for name, array in (("sample_weight", np.ones((4, 3))), ("mask", np.ones((4, 3), bool))):
            with pytest.raises(ValueError, match=rf"{name} has shape \(4, 3\); expected \(4,\)"):
                both(y, p, **{name: array})


def test_shapes_may_differ_for_some_arguments_only():
    both = from_function(of_rows) + losses.MeanSquaredError()
    assert both.pointwise([0.0, 0.0], [1.0, 2.0]).tolist() == [2.0, 6.0]
    y, p = np.zeros((2, 2)), np.array([[1.0, 2.0], [0.0, 0.0]])
    value, slope = both.value_and_gradient(y, p)
    assert value == 2.5 + 1.25 and slope.tolist() == [[1.5, 3.0], [0.0, 0.0]]
    with pytest.raises(ValueError, match="expected equal shapes: nothing is broadcast"):
        both.pointwise(y, p)
    one = losses.ListNet() + losses.MeanSquaredError()
    y, s = [2.0, 1.0, 0.0], [0.0, 1.0, 2.0]
    assert one(y, s) == losses.ListNet()(y, s) + losses.MeanSquaredError()(y, s)
    with pytest.raises(ValueError, match=r"ListNet\(\) have shape \(\), and .* shape \(3,\)"):
        one.pointwise(y, s)


def test_what_is_masked_need_not_be_readable_for_all_terms():
    def squares(y_true, y_pred):
        return np.square(y_pred - y_true)

    y, p = [[1.0, None], [2.0, 3.0]], np.array([[2.0, 9.0], [2.0, 5.0]])
    mse, own = losses.MeanSquaredError(), from_function(squares)
    for both in (mse + own, own + mse):
        assert both(y, p, mask=[[1, 0], [1, 1]]) == 2 * 5.0 / 3


def test_class_indices_stay_what_they_are_beside_a_loss_of_numbers():
    ce, nll = losses.CrossEntropy(from_logits=True), losses.GaussianNLL()
    y, p = [0, 1, 1], np.array([[0.5, 1.0], [2.0, 0.5], [1.0, 3.0]])
    for both in (ce + nll, nll + ce):
        assert both(y, p) == pytest.approx(ce(y, p) + nll(y, p), rel=1e-15)
        np.testing.assert_allclose(both.pointwise(y, p), ce.pointwise(y, p) + nll.pointwise(y, p))


def test_infinite_means_of_other_shapes(recwarn):
    ce, mse = losses.CrossEntropy(), losses.MeanSquaredError()
    y, p = np.eye(2), np.array([[0.0, 1.0], [0.5, 0.5]])
    assert (ce + mse)(y, p) == (mse + ce)(y, p) == math.inf
    assert (ce + mse)(y, p, [0, 1]) == ce(y[1:], p[1:]) + mse(y[1:], p[1:])
    for both in (ce - losses.BinaryCrossEntropy(), losses.BinaryCrossEntropy() - ce):
        with pytest.raises(ValueError, match="is nan: one term is inf, and another -inf"):
            both(y, p)
    assert not recwarn.list


@pytest.mark.parametrize("own", [1e-100, 1.0, 1e100])
@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e-250, 1e-150, 1e150, 1e250, 1e308])
def test_weights_of_samples_and_classes_together_stay_in_range(own, scale):
    y, p = [0, 1, 1], np.array([[0.5, 0.5], [0.25, 0.75], [0.5, 0.5]])
    for options in ({}, {"label_smoothing": 0.1}):
        plain = losses.CrossEntropy(**options).value_and_gradient(y, p)
        loss = losses.CrossEntropy(class_weight=[own, own], **options)
        value, slope = loss.value_and_gradient(y, p, [scale] * 3)
        assert value == pytest.approx(plain[0], rel=1e-13)
        np.testing.assert_allclose(slope, plain[1], rtol=1e-13)
