"""What is missing has no part in a mean, whatever stands in its place: masks, weights of 0, rows."""

import copy
import functools
import math
import pickle

import cloudpickle
import numpy as np
import pytest

from benchmarks.cases import instances, sample
from lossbook import losses
from lossbook.custom import from_function

MSE = losses.MeanSquaredError()


class Quartic(losses.Loss):
    """As a reader writes it."""

    def pointwise(self, y_true, y_pred):
        return (y_pred - y_true) ** 4

    def gradient(self, y_true, y_pred):
        return 4 * (y_pred - y_true) ** 3


def cubic(y_true, y_pred):
    return np.abs(y_pred - y_true) ** 3


OWN = [Quartic(), from_function(cubic), 2 * losses.Huber() + MSE, MSE - 0.5 * Quartic()]
OWN += [2 * losses.CrossEntropy(from_logits=True, class_weight=[1, 2, 3, 4])]
LOSSES = [*instances(), *OWN]
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)
BAD = [math.nan, math.inf, -math.inf, 1e300, -7.0]


def arguments(loss, rng, n):
    """A sample for any loss, those of this file too."""
    if isinstance(loss, losses.Combination):
        return arguments(loss.terms[0][1], rng, n)
    if isinstance(loss, OWN_KINDS):
        return rng.normal(size=(2, n))
    return sample(loss, rng, n)


OWN_KINDS = (Quartic, type(OWN[1]))


def spoiled(y, p, keep, bad):
    """Copies in which what does not count holds what no loss takes."""
    y, p = y.copy(), p.copy()
    y[~keep] = bad if y.dtype.kind == "f" else -100
    p[~keep] = bad
    return y, p


@each_loss
@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("n", [2, 9, 2000])
def test_the_mean_is_that_of_what_is_there(loss, bad, n):
    rng = np.random.default_rng(n)
    y, p = arguments(loss, rng, n)
    keep = rng.random(n) < 0.6
    keep[0], keep[-1] = False, True
    weights = rng.random(n) + 0.1
    given = spoiled(y, p, keep, bad)
    before = [a.copy() for a in given]
    for w in (None, weights):
        kept = None if w is None else w[keep]
        value, slope = loss.value_and_gradient(y[keep], p[keep], kept)
        cases = [{"sample_weight": w, "mask": m} for m in (keep, keep.astype(int), keep.tolist())]
        cases += [{"sample_weight": keep * (1.0 if w is None else w)}]
        for case in cases:
            mean, gradient = loss.value_and_gradient(*given, **case)
            exactly = w is not None or "mask" in case  # else weights of 1 multiply
            assert mean == value if exactly else mean == pytest.approx(value, rel=1e-14)
            np.testing.assert_allclose(gradient[keep], slope, rtol=0 if exactly else 1e-14)
            assert gradient.shape == p.shape and not gradient[~keep].any()
            assert loss(*given, **case) == pytest.approx(value, rel=1e-14)
    for a, b in zip(given, before, strict=True):
        np.testing.assert_array_equal(a, b)


@each_loss
def test_a_mask_of_nothing_but_true_changes_nothing(loss):
    y, p = arguments(loss, np.random.default_rng(3), 5)
    value, slope = loss.value_and_gradient(y, p)
    masked, gradient = loss.value_and_gradient(y, p, mask=np.ones(5, bool))
    assert masked == value and loss(y, p, None, [1] * 5) == loss(y, p)
    np.testing.assert_array_equal(gradient, slope)


@each_loss
def test_nothing_left_is_an_error(loss):
    y, p = arguments(loss, np.random.default_rng(4), 3)
    for method in (loss, loss.value_and_gradient):
        with pytest.raises(ValueError, match="mask holds only False; expected something to take"):
            method(y, p, mask=[False] * 3)
        with pytest.raises(ValueError, match="sample_weight holds only zeros"):
            method(y, p, [0, 0, 0], mask=[True] * 3)
        with pytest.raises(ValueError, match="mask is True only where sample_weight is 0"):
            method(y, p, [1, 0, 0], mask=[0, 1, 1])


@each_loss
@pytest.mark.parametrize(
    "mask, error, match",
    [
        ([1, 1], ValueError, r"mask has shape \(2,\); expected \(3,\), True or False for each"),
        (True, ValueError, r"mask has shape \(\); expected \(3,\)"),
        ([[1], [1], [0]], ValueError, r"mask has shape \(3, 1\)"),
        (
            [1, 2, 0],
            ValueError,
            "mask holds 2 at index 1; expected True and False, or the integers",
        ),
        ([1, -1, 0], ValueError, "mask holds -1 at index 1"),
        ([1.0, 0.0, 1.0], TypeError, "mask holds values of dtype float64; expected True and False"),
        (["a", "b", "c"], TypeError, "mask holds strings"),
        ([None, True, True], TypeError, "mask holds values of dtype object"),
        (np.ma.array([1, 1, 1], mask=[0, 1, 0]), ValueError, "mask is masked at index 1"),
    ],
)
def test_bad_masks(loss, mask, error, match):
    y, p = arguments(loss, np.random.default_rng(5), 3)
    for method in (loss, loss.value_and_gradient):
        with pytest.raises(error, match=match):
            method(y, p, mask=mask)


@each_loss
def test_what_counts_is_checked_and_named_by_its_own_index(loss):
    """Not hidden: NaN where it counts is an error, at the index in the arguments as given."""
    y, p = arguments(loss, np.random.default_rng(6), 6)
    keep = np.array([False, True, False, True, True, False])
    y, p = spoiled(y, p, keep, math.nan)
    wrong = p.copy()
    wrong.reshape(6, -1)[4, 0] = math.nan
    at = r"\(4, 0\)|4, the variance" if p.ndim == 2 else "4"
    for method in (loss, loss.value_and_gradient):
        for case in ({"mask": keep}, {"sample_weight": keep * 2.0}):
            with pytest.raises(ValueError, match=rf"y_pred.* holds nan at index ({at})"):
                method(y, wrong, **case)
    if y.dtype.kind == "f":
        y.reshape(6, -1)[3, 0] = math.nan
        at = r"\(3, 0\)" if y.ndim == 2 else "3"
        with pytest.raises(ValueError, match=f"y_true holds nan at index {at}"):
            loss(y, p, mask=keep)


@pytest.mark.parametrize("loss", [x for x in LOSSES if x.elementwise] + OWN[:2], ids=repr)
@pytest.mark.parametrize("shape", [(3, 2), (3, 3), (2, 3, 4)])
def test_outputs_of_several_columns(loss, shape):
    """A mask or a weight for each entry, or for each row, which comes first: also of (3, 3)."""
    rng = np.random.default_rng(7)
    n = math.prod(shape)
    y, p = (a.reshape(shape) for a in arguments(loss, rng, n))
    rows, entries = rng.random(shape[0]) < 0.5, rng.random(shape) < 0.6
    rows[:2], entries.flat[:2] = [False, True], [False, True]
    wide = rows.reshape(-1, *[1] * (len(shape) - 1)) & np.ones(shape, bool)
    for keep, full in ((entries, entries), (rows, wide)):
        value, slope = loss.value_and_gradient(y[full], p[full])
        given = spoiled(y, p, full, math.nan)
        mean, gradient = loss.value_and_gradient(*given, mask=keep)
        assert mean == pytest.approx(value, rel=1e-15)
        np.testing.assert_allclose(gradient[full], slope, rtol=1e-15)
        assert gradient.shape == shape and not gradient[~full].any()
    by_row = rng.random(shape[0]) + 0.1
    each = np.broadcast_to(by_row.reshape(-1, *[1] * (len(shape) - 1)), shape)
    mean, gradient = loss.value_and_gradient(y, p, by_row)
    value, slope = loss.value_and_gradient(y, p, each)
    assert mean == value
    np.testing.assert_array_equal(gradient, slope)
    both = entries & wide if (entries & wide).any() else wide
    mean = loss(*spoiled(y, p, both, math.inf), sample_weight=by_row * rows, mask=both)
    assert mean == pytest.approx(loss(y[both], p[both], each[both]), rel=1e-14)
    with pytest.raises(ValueError, match=r"\(3,\), one for each row|\(2,\), one for each row"):
        loss(y, p, np.ones(shape[0] + 1))


def by_column(y_true, y_pred):
    return np.array([1.0, 20.0]) * np.square(np.log(y_pred) - np.log(y_true))


def test_a_loss_that_tells_columns_apart():
    """Entries cannot be taken out of its rows: in their place are others of their columns."""
    loss, rng = from_function(by_column), np.random.default_rng(8)
    y, p = rng.exponential(size=(2, 5, 2))
    keep = np.array([[0, 1], [1, 1], [0, 1], [1, 0], [0, 0]], bool)
    each, slopes = loss.pointwise(y, p), loss.gradient(y, p)
    mean, gradient = loss.value_and_gradient(*spoiled(y, p, keep, -1.0), mask=keep)
    assert mean == pytest.approx(each[keep].mean(), rel=1e-14)
    np.testing.assert_allclose(gradient[keep], slopes[keep] / keep.sum(), rtol=1e-14)
    assert not gradient[~keep].any()
    keep[:, 0] = False  # a column of which nothing counts
    mean, gradient = loss.value_and_gradient(*spoiled(y, p, keep, math.nan), mask=keep)
    assert mean == pytest.approx(each[keep].mean(), rel=1e-14) and not gradient[:, 0].any()
    weighted = losses.BinaryCrossEntropy(from_logits=True, pos_weight=[2.0, 5.0])
    y, x = rng.integers(0, 2, (5, 2)) * 1.0, rng.normal(size=(5, 2))
    mean = weighted(*spoiled(y, x, keep, math.nan), mask=keep)
    assert mean == pytest.approx(weighted.pointwise(y, x)[keep].mean(), rel=1e-14)


def test_entries_of_a_loss_of_rows():
    p = np.array([[0.5, 0.5], [0.25, 0.75]])
    for loss in (losses.CrossEntropy(), losses.KLDivergence()):
        with pytest.raises(ValueError, match=r"mask has shape \(2, 2\); expected \(2,\), True or"):
            loss(p, p, mask=[[1, 0], [1, 1]])


def test_an_infinite_loss_that_counts_is_infinite_and_one_that_does_not_is_not():
    loss = losses.BinaryCrossEntropy()
    y, p = np.array([1.0, 0.0, 1.0]), np.array([0.0, 0.5, 0.5])
    assert loss(y, p, mask=[1, 1, 0]) == math.inf
    value, gradient = loss.value_and_gradient(y, p, mask=[0, 1, 1])
    assert value == pytest.approx(math.log(2)) and gradient.tolist() == [0.0, 1.0, -1.0]


def test_missing_targets_as_they_come():
    """NaN, None, NaN among class indices, numbers of few bits, NumPy's masked arrays."""
    p = np.array([1.0, 2.0, 5.0])
    assert MSE([1.0, None, 3.0], p, mask=[1, 0, 1]) == 2.0
    for dtype in (np.float16, np.float32):
        y = np.array([1.0, np.nan, 3.0], dtype)
        value, gradient = MSE.value_and_gradient(y, p.astype(dtype), mask=~np.isnan(y))
        assert value == 2.0 and gradient.tolist() == [0.0, 0.0, 2.0]
        assert gradient.dtype == np.float64
    labels, z = np.array([0.0, np.nan, 1.0]), np.zeros((3, 2))
    for loss in (losses.CrossEntropy(from_logits=True), losses.Focal(gamma=0.0, from_logits=True)):
        assert loss(labels, z, mask=~np.isnan(labels)) == pytest.approx(math.log(2))
        with pytest.raises((TypeError, ValueError), match="y_true holds"):
            loss([0.0, 0.5, np.nan], z, mask=[1, 1, 0])
    masked = np.ma.array([1.0, 9.0, 3.0], mask=[0, 1, 0])
    assert MSE(masked, p, mask=~np.ma.getmaskarray(masked)) == 2.0
    for given in ({}, {"mask": [1, 1, 1]}, {"sample_weight": [0, 1, 1]}):
        with pytest.raises(ValueError, match=r"y_true is masked at index 1; .* pass mask=~np.ma"):
            MSE(masked, p, **given)


def test_shapes_that_do_not_fit_are_named():
    for y, p in (([1.0, 2.0], [1.0, 2.0, 3.0]), ([1.0, 2.0, 3.0], [1.0, 2.0])):
        for case in ({"mask": [1, 0]}, {"mask": [1, 0, 1]}, {"sample_weight": [1.0, 0.0]}):
            with pytest.raises(ValueError, match=r"y_true has shape \(.,\) and y_pred has shape"):
                MSE(y, p, **case)
    with pytest.raises(ValueError, match="without what is masked, or has the weight 0"):
        MSE([1.0, 2.0], [[1.0], [2.0]], mask=[1, 0])


def test_a_sum_of_losses_that_divide_by_other_things_is_the_sum_of_their_means():
    first = losses.CrossEntropy(from_logits=True, class_weight=[1.0, 3.0], ignore_index=-1)
    second = losses.CrossEntropy(from_logits=True, ignore_index=-1, label_smoothing=0.1)
    y, z = np.array([0, -1, 1]), np.array([[0.3, 1.0], [math.nan, 1.0], [2.0, 2.5]])
    value, gradient = (first + 2 * second).value_and_gradient(y, z, [1.0, 2.0, 3.0])
    a, b = (loss.value_and_gradient(y, z, [1.0, 2.0, 3.0]) for loss in (first, second))
    assert value == pytest.approx(a[0] + 2 * b[0], rel=1e-15)
    np.testing.assert_allclose(gradient, a[1] + 2 * b[1], rtol=1e-15)
    assert (first + 2 * second)(y, z) == pytest.approx(first(y, z) + 2 * second(y, z), rel=1e-15)
    assert (0 * first)(np.array([0, 1, 1]), np.zeros((3, 2))) == 0.0


def test_losses_of_a_notebook_and_copies_take_masks():
    y, p = np.array([1.0, math.nan]), np.array([3.0, 0.0])
    weighted = losses.BinaryCrossEntropy(from_logits=True, pos_weight=[1.0, 2.0])
    for twin in (copy.deepcopy, lambda x: pickle.loads(cloudpickle.dumps(x))):
        assert twin(Quartic())(y, p, mask=[1, 0]) == 16.0
        assert twin(weighted) == weighted and hash(twin(weighted)) == hash(weighted)


@pytest.mark.parametrize("loss", [MSE, losses.CrossEntropy(from_logits=True)], ids=repr)
def test_frameworks_arrays(loss):
    pandas, torch = (pytest.importorskip(name) for name in ("pandas", "torch"))
    y, p = sample(loss, np.random.default_rng(9), 4)
    keep = np.array([True, False, True, True])
    due = loss(y[keep], p[keep])
    column = pandas.Series(y).astype(object)
    column[1] = pandas.NA
    assert loss(column, p, mask=pandas.Series(keep)) == due
    assert loss(torch.tensor(y), torch.tensor(p), mask=torch.tensor(keep)) == due


check = functools.partial(pytest.raises, ValueError)


def test_ignored_labels():
    loss = losses.CrossEntropy(from_logits=True, ignore_index=-100)
    z = np.array([[2.0, 0.5], [math.nan, math.inf], [0.0, 1.0]])
    value, gradient = loss.value_and_gradient([0, -100, 1], z)
    plain = losses.CrossEntropy(from_logits=True)
    due, slope = plain.value_and_gradient([0, 1], z[[0, 2]])
    assert value == due and not gradient[1].any()
    np.testing.assert_array_equal(gradient[[0, 2]], slope)
    assert loss.pointwise([0, -100, 1], z).tolist() == [*plain.pointwise([0], z[:1]), 0.0,
                                                        *plain.pointwise([1], z[2:])]  # fmt: skip
    assert not loss.gradient([0, -100, 1], z)[1].any()
    assert loss.pointwise([-100] * 3, z).tolist() == [0.0] * 3
    assert loss([0, -100, 1], z, mask=[0, 1, 1]) == plain([1], z[2:])
    with check(match="y_true holds only -100, the ignore_index"):
        loss([-100] * 3, z)
    with check(match="y_true holds only -100 where mask is True, the ignore_index"):
        loss([0, -100, 1], z, mask=[0, 1, 0])
    with check(match="y_true holds -1 at index 2; expected class indices from 0 to 1"):
        loss([0, -100, -1], z)
    with check(match=r"y_pred holds nan at index \(1, 0\)"):
        loss([-100, 1, 1], z)
    for taken in (0, 1):
        with check(match=f"ignore_index is {taken}, which is a class; .* mask=y_true != {taken}"):
            loss.replace(ignore_index=taken)([0, 1, 0], np.zeros((3, 2)))
    assert loss.replace(ignore_index=2)([0, 2], np.zeros((2, 2))) == pytest.approx(math.log(2))
    for bad in (1.5, "a", True):
        with pytest.raises(TypeError, match=r"ignore_index is .*; expected an integer"):
            losses.CrossEntropy(ignore_index=bad)


@pytest.mark.parametrize(
    "bad, error, match",
    [
        ([1.0], ValueError, r"class_weight has shape \(1,\); expected \(K,\)"),
        (2.0, ValueError, r"class_weight has shape \(\); expected \(K,\)"),
        ([1, -1], ValueError, "class_weight holds -1.0 at index 1; expected weights of at least 0"),
        ([0, 0], ValueError, "class_weight holds only zeros"),
        ([1, math.nan], ValueError, "class_weight holds nan at index 1"),
        ([1, math.inf], ValueError, "class_weight holds inf at index 1"),
        ("balanced", TypeError, "class_weight holds strings"),
        ({0: 1.0}, TypeError, "class_weight is {0: 1.0}"),
    ],
)
def test_bad_class_weights(bad, error, match):
    with pytest.raises(error, match=match):
        losses.CrossEntropy(class_weight=bad)
    if isinstance(bad, list):
        with pytest.raises(error, match=match.replace("class_weight", "alpha")):
            losses.Focal(alpha=bad)


def test_weights_that_do_not_fit_the_classes():
    with check(match="class_weight has 3 entries; expected 2, as y_pred has columns"):
        losses.CrossEntropy(class_weight=[1, 2, 3])([0], [[0.5, 0.5]])
    with check(match="alpha has 3 entries; expected 2, as y_pred has columns"):
        losses.Focal(alpha=[1, 2, 3])([0], [[0.5, 0.5]])
    with check(match="alpha has 3 entries; expected 2, for the labels 0 and 1"):
        losses.Focal(alpha=[1, 2, 3])([0.0], [0.5])
    with check(match="pos_weight has 2 entries; expected 3, as the last axis of y_pred"):
        losses.BinaryCrossEntropy(pos_weight=[1, 2])([0, 1, 1], [0.5, 0.5, 0.5])
    with check(match="class_weight is 0 for all labels that count, as 0"):
        losses.CrossEntropy(class_weight=[0, 2])([0, 0], [[0.5, 0.5]] * 2)
    for bad, match in [
        (-1, "pos_weight is -1.0; expected a number of at least 0"),
        ([1, -1], "pos_weight holds -1.0 at index 1"),
        (math.nan, "pos_weight is nan"),
        (1e101, r"pos_weight holds 1e\+101; expected 0, or numbers from 1e-100 to 1e100"),
        ([], r"pos_weight has shape \(0,\)"),
        ([[1, 2]], r"pos_weight has shape \(1, 2\)"),
    ]:
        with check(match=match):
            losses.BinaryCrossEntropy(pos_weight=bad)


def test_a_class_of_weight_zero_costs_nothing_even_where_it_was_ruled_out():
    loss = losses.CrossEntropy(from_logits=True, class_weight=[0.0, 2.0])
    z = np.array([[-math.inf, 1.0], [0.0, 0.0]])
    value, gradient = loss.value_and_gradient([0, 1], z)
    assert value == pytest.approx(math.log(2)) and not gradient[0].any()
    assert loss.replace(from_logits=False)([0, 1], [[0.0, 1.0], [0.5, 0.5]]) == value
    assert losses.BinaryCrossEntropy(pos_weight=0.0)([1, 0], [0.0, 0.5]) == pytest.approx(
        math.log(2) / 2
    )
