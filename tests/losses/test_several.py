"""What every loss of several predictions shares: arguments by name, gradients of each, weights, masks, sums."""

import copy
import math
import pickle
import re

import numpy as np
import pytest

from benchmarks.cases import instances_of_several, sample
from lossbook import losses

from .exact import as_tuple

LOSSES = instances_of_several()
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
N = 9


def arguments(loss, seed=0, n=N):
    return sample(loss, np.random.default_rng(seed), n)


def meets(loss):
    return isinstance(loss, losses.BatchLoss)


def by_row(loss, inputs):
    """Which arguments have a row for each loss."""
    pairs = zip(loss.inputs, inputs, strict=True)
    return [value is not None and name not in loss.shared for name, value in pairs]


def rows_of(loss, inputs, at):
    """The arguments with some of their rows."""
    which = zip(by_row(loss, inputs), inputs, strict=True)
    return tuple(value[at] if its else value for its, value in which)


def own_weights(loss, inputs):
    """What each row counts in the mean without other weights."""
    own = loss._row_weights(*loss._check(*inputs))
    return np.ones(len(loss.pointwise(*inputs))) if own is None else own


def close(left, right, **bounds):
    left, right = as_tuple(left), as_tuple(right)
    assert len(left) == len(right)
    for a, b in zip(left, right, strict=True):
        np.testing.assert_allclose(a, b, **{"rtol": 1e-12, "atol": 1e-14} | bounds)


def weights(seed, n=N):
    return np.random.default_rng(seed).random(n) + 0.1


@each_loss
def test_the_arguments_have_names(loss):
    assert len({*loss.inputs}) == len(loss.inputs) and {*loss.predicted} <= {*loss.inputs}
    inputs = arguments(loss)
    named = dict(zip(loss.inputs, inputs, strict=True))
    for method in (loss, loss.pointwise):
        np.testing.assert_array_equal(method(*inputs), method(**named))
        first = {name: named[name] for name in loss.inputs[1:]}
        np.testing.assert_array_equal(method(*inputs), method(inputs[0], **first))
    close(loss.gradient(**named), loss.gradient(*inputs), rtol=0)
    close(loss.value_and_gradient(**named)[1], loss.value_and_gradient(*inputs)[1], rtol=0)
    wanted = re.escape(f"expected ({', '.join(loss.inputs)})")
    with pytest.raises(TypeError, match=f"has no argument 'other'; {wanted}"):
        loss(*inputs, other=1)
    with pytest.raises(TypeError, match=f"is given {loss.inputs[0]} twice; {wanted}"):
        loss(inputs[0], **named)
    needed = next(name for name in loss.inputs if name not in loss.optional)
    del named[needed]
    with pytest.raises(TypeError, match=f"is not given {needed}; {wanted}"):
        loss.pointwise(**named)
    with pytest.raises(TypeError, match="sample_weight and mask are given by name"):
        loss(*inputs, np.ones(N))


@each_loss
@pytest.mark.parametrize("n", [N, 40])
def test_shapes_and_the_mean(loss, n):
    inputs = arguments(loss, n=n)
    value, w = loss.pointwise(*inputs), weights(1, n)
    assert value.shape == (n,) and value.dtype == np.float64
    named = dict(zip(loss.inputs, inputs, strict=True))
    for slopes in (loss.gradient(*inputs), loss.value_and_gradient(*inputs)[1]):
        assert isinstance(slopes, tuple) == (len(loss.predicted) > 1)
        for name, slope in zip(loss.predicted, as_tuple(slopes), strict=True):
            assert slope.shape == np.shape(named[name]) and slope.dtype == np.float64
    mean, own = loss(*inputs), own_weights(loss, inputs)
    assert isinstance(mean, float)
    assert mean == pytest.approx(np.average(value, weights=own), rel=1e-14)
    assert loss.value_and_gradient(*inputs)[0] == pytest.approx(mean, rel=1e-14)
    mean = loss(*inputs, sample_weight=w)
    assert mean == pytest.approx(np.average(value, weights=w * own), rel=1e-13)
    assert loss.value_and_gradient(*inputs, sample_weight=w)[0] == pytest.approx(mean, rel=1e-14)
    if not meets(loss) and not loss.shared:
        slopes = as_tuple(loss.value_and_gradient(*inputs, sample_weight=w)[1])
        for whole, slope in zip(as_tuple(loss.gradient(*inputs)), slopes, strict=True):
            share = (w / w.sum()).reshape((n,) + (1,) * (slope.ndim - 1))
            np.testing.assert_allclose(slope, share * whole, rtol=1e-13, atol=1e-300)
    elif (own[own > 0] == own.max()).all():
        slopes = tuple(slope / (own > 0).sum() for slope in as_tuple(loss.gradient(*inputs)))
        close(loss.value_and_gradient(*inputs, sample_weight=np.full(n, 3.0))[1], slopes)


@each_loss
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_gradients_are_those_of_the_mean(loss, weighted, seed):
    """Central differences in a random direction of each argument."""
    rng = np.random.default_rng(seed)
    inputs = arguments(loss, seed, 7)
    w = weights(seed, 7) if weighted else None
    slopes = as_tuple(loss.value_and_gradient(*inputs, sample_weight=w)[1])
    for name, slope in zip(loss.predicted, slopes, strict=True):
        place = loss.inputs.index(name)
        along = rng.normal(size=np.shape(inputs[place]))

        def mean(step, place=place, along=along):
            moved = list(inputs)
            moved[place] = inputs[place] + step * along
            return loss(*moved, sample_weight=w)

        numeric = (8 * (mean(1e-4) - mean(-1e-4)) - (mean(2e-4) - mean(-2e-4))) / 12e-4
        assert np.sum(slope * along) == pytest.approx(numeric, rel=2e-7, abs=2e-9)


@each_loss
def test_order_does_not_matter(loss):
    inputs, w = arguments(loss), weights(2)
    order = np.random.default_rng(3).permutation(N)
    value, slopes = loss.value_and_gradient(*inputs, sample_weight=w)
    again, moved = loss.value_and_gradient(*rows_of(loss, inputs, order), sample_weight=w[order])
    assert again == pytest.approx(value, rel=1e-13)
    for name, a, b in zip(loss.predicted, as_tuple(slopes), as_tuple(moved), strict=True):
        np.testing.assert_allclose(
            b, a if name in loss.shared else a[order], rtol=1e-11, atol=1e-14
        )


@each_loss
@pytest.mark.parametrize("scale", [5e-324 * 2**60, 1e-250, 1e250])
def test_only_the_ratio_of_weights_matters(loss, scale):
    inputs, w = arguments(loss), np.random.default_rng(4).integers(1, 5, N) * 1.0
    value, slopes = loss.value_and_gradient(*inputs, sample_weight=w)
    again, scaled = loss.value_and_gradient(*inputs, sample_weight=scale * w)
    assert again == pytest.approx(value, rel=1e-13)
    close(scaled, slopes)


@each_loss
@pytest.mark.parametrize("bad", [math.nan, math.inf, 1e300, -7.0])
def test_a_row_that_does_not_count_is_not_looked_at(loss, bad):
    inputs, w = arguments(loss), weights(5)
    keep = np.ones(N, bool)
    keep[[0, 4]] = False
    value, slopes = loss.value_and_gradient(*rows_of(loss, inputs, keep), sample_weight=w[keep])
    spoiled = []
    for its, given in zip(by_row(loss, inputs), inputs, strict=True):
        given = np.array(given) if its else given
        if its:
            given[~keep] = bad if given.dtype.kind == "f" else -100
        spoiled.append(given)
    before = copy.deepcopy(spoiled)
    cases = [{"sample_weight": w, "mask": m} for m in (keep, keep.astype(int), keep.tolist())]
    cases += [{"sample_weight": w * keep}, {"sample_weight": w * keep, "mask": np.ones(N, bool)}]
    for case in cases:
        mean, gradients = loss.value_and_gradient(*spoiled, **case)
        assert mean == value == loss(*spoiled, **case)
        for name, a, b in zip(loss.predicted, as_tuple(slopes), as_tuple(gradients), strict=True):
            if name in loss.shared:
                np.testing.assert_array_equal(b, a)
            else:
                np.testing.assert_array_equal(b[keep], a)
                assert not b[~keep].any()
    for a, b in zip(before, spoiled, strict=True):
        np.testing.assert_array_equal(a, b)


@each_loss
def test_labels_beside_missing_ones_may_be_floats(loss):
    """A column of labels of which one is NaN holds floats: those that count are labels still."""
    inputs = arguments(loss)
    keep = np.arange(N) != 2
    labels = [
        name not in loss.predicted and its and np.asarray(a).dtype.kind in "iu"
        for name, its, a in zip(loss.inputs, by_row(loss, inputs), inputs, strict=True)
    ]
    if not any(labels):
        pytest.skip("no class indices among the arguments")
    given = [np.array(a, float) if its else a for its, a in zip(labels, inputs, strict=True)]
    for a, its in zip(given, labels, strict=True):
        if its:
            a[2] = math.nan
    assert loss(*given, mask=keep) == loss(*rows_of(loss, inputs, keep))


@each_loss
def test_masks_and_weights_that_are_none(loss):
    inputs = arguments(loss)
    for call in (loss, loss.value_and_gradient):
        for given, error, match in (
            ({"mask": [True]}, ValueError, rf"mask has shape \(1,\); expected \({N},\)"),
            ({"mask": np.zeros(N, bool)}, ValueError, "mask holds only False; expected something"),
            ({"mask": np.ones(N)}, TypeError, "mask holds values of dtype float64"),
            ({"sample_weight": np.zeros(N)}, ValueError, "sample_weight holds only zeros"),
            ({"sample_weight": -np.ones(N)}, ValueError, r"sample_weight holds -1\.0 at index 0"),
            ({"sample_weight": np.ones(2)}, ValueError, r"sample_weight has shape \(2,\); exp"),
            ({"sample_weight": np.full(N, np.nan)}, ValueError, "sample_weight holds nan"),
            (
                {"sample_weight": np.arange(N) > 4, "mask": np.arange(N) < 3},
                ValueError,
                "mask is True only where sample_weight is 0",
            ),
        ):
            with pytest.raises(error, match=match):
                call(*inputs, **given)


@each_loss
def test_none_is_named(loss):
    """With and without a mask, in the place of one argument and of all."""
    inputs, needed = arguments(loss), [n for n in loss.inputs if n not in loss.optional]
    for case in ({}, {"mask": np.ones(N, bool)}, {"sample_weight": np.ones(N)}):
        with pytest.raises(TypeError, match=f"({'|'.join(needed)}) is None; expected an array"):
            loss(*[None] * len(inputs), **case)
        for name in needed:
            given = dict(zip(loss.inputs, inputs, strict=True)) | {name: None}
            with pytest.raises(TypeError, match=f"{name} is None; expected an array"):
                loss(**given, **case)


@each_loss
def test_arrays_may_be_read_only(loss):
    inputs = tuple(map(np.array, arguments(loss)))
    due = loss.value_and_gradient(*inputs)
    for a in inputs:
        a.flags.writeable = False
    value, slopes = loss.value_and_gradient(*inputs, mask=np.ones(N, bool))
    assert value == due[0] == loss(*inputs)
    close(slopes, due[1], rtol=0, atol=0)


@each_loss
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_named(loss, bad):
    if bad == -math.inf and isinstance(loss, losses.Distillation | losses.CTC):
        pytest.skip("a logit of minus infinity rules its class out")
    for place, name in enumerate(loss.inputs):
        inputs = [copy.copy(a) for a in arguments(loss)]
        if inputs[place] is None or inputs[place].dtype.kind != "f":
            continue
        inputs[place].flat[-1] = bad
        for method in (loss, loss.value_and_gradient, loss.pointwise, loss.gradient):
            with pytest.raises(ValueError, match=rf"{name}.* (holds|is) {bad}"):
                method(*inputs)
        rows = inputs[place].shape[:1]
        if not rows:
            continue
        keep = np.arange(N) != 1  # the index is that of the array that was given
        with pytest.raises(ValueError, match=rf"{name}.* holds {bad} at index \(?{rows[0] - 1}"):
            loss(*inputs, mask=keep)


@each_loss
def test_other_lengths_and_kinds(loss):
    inputs = arguments(loss)
    for place, name in enumerate(loss.inputs):
        if inputs[place] is None or not np.ndim(inputs[place]):
            continue
        for wrong, error, match in (
            (np.array(["a"] * N), TypeError, f"{name} holds strings"),
            (inputs[place] * 1j, TypeError, f"{name} holds complex"),
        ):
            given = [*inputs[:place], wrong, *inputs[place + 1 :]]
            for method in (loss, loss.value_and_gradient, loss.pointwise, loss.gradient):
                with pytest.raises(error, match=match):
                    method(*given)
        if name in loss.shared or sum(by_row(loss, inputs)) < 2:
            continue
        given = [*inputs[:place], inputs[place][:-1], *inputs[place + 1 :]]
        for call in (loss, loss.pointwise, lambda *a: loss(*a, mask=np.ones(N, bool))):
            with pytest.raises(ValueError, match=rf"(?s){name}.*\(?{N - 1}"):
                call(*given)
    with pytest.raises(ValueError, match=r"expected|empty"):
        loss(*rows_of(loss, inputs, slice(0)))


@each_loss
def test_arguments_are_left_alone_and_results_are_new(loss):
    inputs = arguments(loss)
    before = copy.deepcopy(inputs)
    _, slopes = loss.value_and_gradient(*inputs)
    results = [loss.pointwise(*inputs), *as_tuple(loss.gradient(*inputs)), *as_tuple(slopes)]
    for a, b in zip(before, inputs, strict=True):
        np.testing.assert_array_equal(a, b)
    for result in results:
        assert not any(np.shares_memory(result, a) for a in inputs if a is not None)
    for k, a in enumerate(results):
        assert not any(np.shares_memory(a, b) for b in results[k + 1 :])


@each_loss
def test_lists_strides_and_other_types(loss):
    inputs = arguments(loss, n=2 * N)
    half = rows_of(loss, inputs, slice(None, None, 2))
    value, slopes = loss.value_and_gradient(*[copy.copy(a) for a in half])
    listed = [a if a is None else a.tolist() for a in half]
    turned = [np.asfortranarray(a) if np.ndim(a) else a for a in half]
    for given in (half, listed, turned):
        again, others = loss.value_and_gradient(*given)
        assert again == pytest.approx(value, rel=1e-13)
        close(others, slopes)
    small = [a.astype(np.float32) if a is not None and a.dtype.kind == "f" else a for a in half]
    again, others = loss.value_and_gradient(*small)
    assert again == pytest.approx(value, rel=1e-5, abs=1e-6)
    assert all(slope.dtype == np.float64 for slope in as_tuple(others))


@each_loss
def test_identity(loss):
    same = eval(repr(loss), {**vars(losses), "inf": math.inf})
    assert same == loss and hash(same) == hash(loss)
    inputs = arguments(loss)
    for twin in (copy.deepcopy(loss), pickle.loads(pickle.dumps(loss))):
        assert twin == loss and twin(*inputs) == loss(*inputs)
    for name, value in loss.hyperparameters.items():
        with pytest.raises(AttributeError, match=f"is immutable, so {name} cannot be set"):
            setattr(loss, name, value)
        assert loss.replace(**{name: value}) == loss
    with pytest.raises(NotImplementedError, match=f"{type(loss).__name__} does not define hessian"):
        loss.hessian(*inputs)


@each_loss
def test_sums_and_multiples(loss):
    inputs, w = arguments(loss), weights(6)
    value, slopes = loss.value_and_gradient(*inputs, sample_weight=w)
    twin = type(loss)()
    other, others = twin.value_and_gradient(*inputs, sample_weight=w)
    both = 0.5 * loss + 2 * twin
    mean, gradients = both.value_and_gradient(*inputs, sample_weight=w)
    assert mean == pytest.approx(0.5 * value + 2 * other, rel=1e-13)
    whole = zip(as_tuple(slopes), as_tuple(others), strict=True)
    close(gradients, tuple(0.5 * a + 2 * b for a, b in whole))
    np.testing.assert_allclose(
        both.pointwise(*inputs), 0.5 * loss.pointwise(*inputs) + 2 * twin.pointwise(*inputs)
    )
    summed = zip(as_tuple(loss.gradient(*inputs)), as_tuple(twin.gradient(*inputs)), strict=True)
    close(both.gradient(*inputs), tuple(0.5 * a + 2 * b for a, b in summed))
    assert both(*inputs, mask=np.arange(N) > 1) == both(*rows_of(loss, inputs, np.arange(N) > 1))
    assert sum([loss]) == loss and (-loss)(*inputs) == -loss(*inputs) and loss - 0 == loss
    assert pickle.loads(pickle.dumps(both)) == both and both.inputs == loss.inputs
    nothing = 0 * loss
    mean, gradients = nothing.value_and_gradient(*inputs)
    assert mean == 0.0 and not nothing.pointwise(*inputs).any()
    for name, slope in zip(loss.predicted, as_tuple(gradients), strict=True):
        assert slope.shape == np.shape(inputs[loss.inputs.index(name)]) and not slope.any()
    with pytest.raises(ValueError, match="sample_weight"):
        both(*inputs, sample_weight=[1.0])


@each_loss
def test_losses_of_other_arguments_are_no_terms(loss):
    for other in (losses.Huber(), next(a for a in LOSSES if a.inputs != loss.inputs)):
        for make in (lambda a, b: a + b, lambda a, b: b - a):
            with pytest.raises(TypeError, match="expected losses of the same arguments") as info:
                make(loss, other)
            assert repr(loss) in str(info.value) and repr(other) in str(info.value)
    with pytest.raises(TypeError, match="expected a sum written"):
        losses.Combination([(1.0, loss)])


def test_errors_about_what_is_shared_have_its_own_indices():
    """Of more rows than the mask keeps, of the first rows, and of other things than NaN."""
    x, centers, mask = np.eye(4), np.random.default_rng(7).normal(size=(9, 4)), [0, 1, 1, 1]
    for row in (0, 2, 8):
        for bad, match in (
            (math.nan, "centers holds nan at index .{}, 0"),
            (0.0, "length 0 at index {}"),
        ):
            given = centers.copy()
            given[row] = bad
            with pytest.raises(ValueError, match=match.format(row)):
                losses.ArcFace()([9, 1, 2, 0], x, given, mask=mask)
    with pytest.raises(TypeError, match=r"centers holds strings.* at index \(0, 0\)"):
        losses.ArcFace()([9, 1, 2, 0], x, centers.astype(str), mask=mask)
    with pytest.raises(ValueError, match="kl holds nan at index 0"):
        losses.KTO()([0, 1], [1.0, 2.0], [0.0, 0.0], [math.nan], mask=[0, 1])


def test_a_loss_may_be_infinite_but_not_nan():
    far = losses.Contrastive()
    wide = np.full((2, 1), 1e200)
    assert far([1, -1], wide, -wide) == math.inf
    assert far([1, -1], wide, -wide, sample_weight=[0, 1]) == 0.0
    with pytest.raises(ValueError, match="is nan at index 0; expected a number"):
        (far - losses.Contrastive(margin=2.0))([1, -1], wide, -wide)

    class Tilted(losses.MarginRanking):
        def pointwise(self, y_true, x1, x2):
            return 1e200 * y_true * x1

    with pytest.raises(ValueError, match="it is inf here, and -inf there"):
        Tilted()([1, -1], [1e200, 1e200], [0, 0])


def test_the_mean_does_not_overflow_before_the_loss_does():
    loss, x = losses.MarginRanking(), np.full(10, 1e308)
    value, (first, second) = loss.value_and_gradient(-np.ones(10), x, np.zeros(10))
    assert value == pytest.approx(1e308, rel=1e-15) and first.tolist() == [0.1] * 10
    assert second.tolist() == [-0.1] * 10


def test_a_loss_of_a_reader():
    """`pointwise`, `gradient` and `_check` make a loss; `_both` makes one whose rows meet."""

    class Gap(losses.SeveralLoss):
        inputs = ("high", "low", "unit")
        predicted = ("high", "low")
        optional = ("unit",)
        shared = ("unit",)

        def _check(self, high, low, unit):
            high, low = np.array(high, float), np.array(low, float)
            return high, low, 1.0 if unit is None else float(unit)

        def pointwise(self, high, low, unit):
            return unit * np.square(high - low)

        def gradient(self, high, low, unit):
            return 2 * unit * (high - low), 2 * unit * (low - high)

    gap = Gap()
    assert gap([3.0], [1.0]) == 4.0 and gap([3.0], [1.0], unit=0.5) == 2.0
    value, slopes = gap.value_and_gradient([3.0, np.nan], [1.0, 1.0], 2, mask=[True, False])
    assert value == 8.0 and [s.tolist() for s in slopes] == [[8.0, 0.0], [-8.0, 0.0]]
    assert gap.facts.name == "Gap" and (2 * gap)([3.0], [1.0]) == 8.0

    class Spread(losses.BatchLoss):
        inputs = predicted = ("x",)

        def _check(self, x):
            return (np.array(x, float),)

        def _both(self, share, x):
            r = x - x.mean()
            if share is None:
                return np.square(r), ()
            slope = 2 * share * r
            return np.square(r), (slope - slope.mean(),)

    spread = Spread()
    assert spread([1.0, 3.0]) == 1.0 and spread([1.0, 3.0, np.inf], mask=[1, 1, 0]) == 1.0
    assert spread.gradient(x=[1.0, 3.0]).tolist() == [-2.0, 2.0]


WITH_ROW_WEIGHTS = [loss for loss in LOSSES if "labels" in loss.inputs and not loss.shared]


@pytest.mark.parametrize("loss", WITH_ROW_WEIGHTS, ids=repr)
@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e290, 1e307, 1.7e308])
def test_weights_at_the_ends_of_float64_count_as_others(loss, scale):
    inputs = arguments(loss)
    for one in (loss, loss + 2 * losses.NTXent()):
        value, slopes = one.value_and_gradient(*inputs)
        again, same = one.value_and_gradient(*inputs, sample_weight=np.full(N, scale))
        assert again == pytest.approx(value, rel=1e-13)
        close(same, slopes)


def test_a_huge_weight_of_a_row_that_counts_nothing_leaves_the_others_theirs():
    x = np.random.default_rng(8).normal(size=(6, 4))
    labels, loss = [0, 0, 0, 1, 1, 2], losses.NTXent()  # the last has no positive
    due = loss(labels, x)
    for w in ([1e308] * 5 + [1.0], [1e308] * 5 + [1e308], [1e-300] * 5 + [1e308]):
        assert loss(labels, x, sample_weight=w) == pytest.approx(due, rel=1e-13)


class Halves(losses.SeveralLoss):
    """Rows count 0.5 each, and the first ones not at all."""

    inputs = predicted = ("x",)

    def __init__(self, *, without=0):
        self.without = without

    def _check(self, x):
        return (np.array(x, float),)

    def _row_weights(self, x):
        return 0.5 * (np.arange(len(x)) >= self.without)

    def pointwise(self, x):
        return x**2

    def gradient(self, x):
        return 2 * x


def test_a_weight_that_half_of_is_nothing():
    for w in (5e-324, 1.0, 1.7e308):
        value, slope = Halves().value_and_gradient([1.0, 3.0], sample_weight=[w, w])
        assert value == 5.0 and slope.tolist() == [1.0, 3.0]


def test_an_infinite_loss_of_a_row_that_counts_nothing_is_no_part_of_the_mean():
    assert Halves(without=1)([1e200, 3.0]) == 9.0
    with pytest.raises(ValueError, match=r"the mean of Halves.* is nan"):
        Halves(without=2)([1.0, 3.0])  # nothing counts
    tilted = Halves() - 2.0 * Halves(without=1)
    with pytest.raises(ValueError, match="one term is inf, and another -inf"):
        tilted([1.0, 1e200])


def test_a_sum_of_other_numbers_of_losses_is_the_sum_of_the_means():
    class Rows(losses.SeveralLoss):
        inputs = predicted = ("x",)

        def _check(self, x):
            return (np.array(x, float),)

        def pointwise(self, x):
            return x**2

        def gradient(self, x):
            return 2 * x

    class Steps(Rows):
        """One loss fewer than there are rows."""

        def _count(self, x):
            return len(x) - 1

        def pointwise(self, x):
            return np.diff(x) ** 2

        def _both(self, share, x):
            slope, step = np.zeros_like(x), 2 * share * np.diff(x)
            slope[1:] += step
            slope[:-1] -= step
            return np.diff(x) ** 2, (slope,)

    x = [1.0, 2.0, 4.0]
    for both in (Rows() + 2 * Steps(), 2 * Steps() + Rows()):
        value, slope = both.value_and_gradient(x)
        assert value == both(x) == 7.0 + 2 * 2.5
        due = Rows().value_and_gradient(x)[1] + 2 * Steps().value_and_gradient(x)[1]
        np.testing.assert_allclose(slope, due)
        for method in (both.pointwise, both.gradient):
            with pytest.raises(ValueError, match=r"shape \([23],.*shape \([23],\); expected eq"):
                method(x)
    assert (2 * Steps())(x) == 5.0
