"""What every metric makes of arrays of all kinds, and that it leaves them as they are."""

import inspect

import numpy as np
import pytest

from lossbook import metrics

Y, P, W = np.array([1, 2, 4, 3]), np.array([1, 3, 2, 2]), np.array([1, 0, 2, 1])
LABELS, ROWS = np.array([0, 1, 1, 0]), np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
#: name of a metric: its arguments beside the weights
CALLS = {
    "r_squared": (Y, P),
    "mean_absolute_percentage_error": (Y, P),
    "weighted_absolute_percentage_error": (Y, P),
    "symmetric_mean_absolute_percentage_error": (Y, P),
    "mean_absolute_scaled_error": (Y, P, Y),
    "expected_calibration_error": (LABELS, ROWS[:, 0]),
    "reliability_curve": (LABELS, ROWS[:, 0]),
    "perplexity": (LABELS, ROWS),
}
KINDS = {
    "lists": np.ndarray.tolist,
    "tuples": lambda a: tuple(map(tuple, a.tolist())) if a.ndim == 2 else tuple(a.tolist()),
    "int8": lambda a: a.astype(np.int8),
    "uint64": lambda a: a.astype(np.uint64),
    "objects": lambda a: a.astype(object),
    "a view": lambda a: np.repeat(a, 2, axis=0)[::2],
    "read-only": lambda a: np.broadcast_to(a, a.shape),
    "masked, nothing of it": np.ma.array,
}


def value(name, *arguments):
    found = getattr(metrics, name)(*arguments)
    return found if name != "reliability_curve" else found.observed.tolist() + found.weight.tolist()


def test_all_are_here():
    functions = {n for n in metrics.__all__ if inspect.isfunction(getattr(metrics, n))}
    assert set(CALLS) == functions


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CALLS)
def test_arrays_of_every_kind(name, kind):
    given = [KINDS[kind](a) for a in (*CALLS[name], W)]
    before = [np.array(a) for a in given]
    assert value(name, *given) == value(name, *CALLS[name], W)
    assert value(name, *given[:-1]) == value(name, *CALLS[name])
    for a, b in zip(given, before, strict=True):
        np.testing.assert_array_equal(np.array(a), b)


@pytest.mark.parametrize("name", CALLS)
def test_numbers_of_single_precision(name):
    first = CALLS[name][0].astype(int if name == "perplexity" else np.float32)
    others = [a.astype(np.float32) for a in (*CALLS[name][1:], W)]
    assert value(name, first, *others) == value(name, *CALLS[name], W)


@pytest.mark.parametrize("name", CALLS)
def test_weights_are_one_a_sample(name):
    signature = inspect.signature(getattr(metrics, name))
    assert list(signature.parameters)[len(CALLS[name])] == "sample_weight"
    for bad, match in (
        (W[:2], r"sample_weight has shape \(2,\)"),
        (-W, "sample_weight holds -"),
        (0 * W, "sample_weight holds only zeros"),
        (W * np.nan, "sample_weight holds nan"),
        (np.inf * np.ones(4), "sample_weight holds inf"),
    ):
        with pytest.raises(ValueError, match=match + ".*; expected"):
            value(name, *CALLS[name], bad)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("which", [0, 1])
def test_masked_entries_are_named(name, which):
    arguments = list(CALLS[name])
    arguments[which] = np.ma.masked_equal(arguments[which], arguments[which].max())
    with pytest.raises(ValueError, match=r"^y_\w+ is masked.*; expected"):
        value(name, *arguments)
