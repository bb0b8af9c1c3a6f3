"""Perplexity against scikit-learn, and by hand."""

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import softmax

from lossbook.metrics import perplexity

from .exact import patient


def test_perplexity(rng):
    from sklearn.metrics import log_loss

    p = rng.dirichlet(np.ones(4), size=100)
    y = rng.integers(0, 4, size=100)
    assert perplexity(y, p) == pytest.approx(np.exp(log_loss(y, p, labels=range(4))), rel=1e-12)
    assert perplexity(y, np.full((100, 4), 0.25)) == pytest.approx(4)
    assert perplexity([1, 0], [[0.0, 1.0], [1.0, 0.0]]) == 1
    assert perplexity([1, 0], [[1.0, 0.0], [1.0, 0.0]]) == np.inf


def test_perplexity_of_classes_of_every_type():
    p = np.array([[0.5, 0.5], [0.25, 0.75]])
    for dtype in ("bool", "uint8", "uint64", "int8", object):
        assert perplexity(np.array([0, 1], dtype), p) == perplexity([0, 1], p)
    with pytest.raises(
        TypeError, match=r"y_true holds 0\.0 at index 0, of dtype float16; expected"
    ):
        perplexity(np.zeros(2, np.float16), p)


def test_a_perplexity_beyond_float64_is_infinite_without_a_warning(recwarn):
    assert perplexity([0], [[5e-324, 1.0]]) == np.inf
    assert not recwarn.list


def tokens(rng, spread=3.0):
    """Logits of two batches of sequences, and labels, some of which are padding."""
    logits = spread * rng.normal(size=(2, 3, 5, 7))
    y = rng.integers(0, 7, (2, 3, 5))
    return logits, y, rng.random(y.shape) < 0.7


def by_hand(logits, y, weight):
    """The perplexity in 50 digits, token by token."""
    with mpmath.workdps(50):
        nats = total = mpmath.mpf(0)
        for where in np.ndindex(y.shape):
            if not weight[where]:
                continue
            row = [mpmath.mpf(z) for z in logits[where].tolist()]
            chance = mpmath.exp(row[y[where]]) / sum(map(mpmath.exp, row))
            nats -= mpmath.mpf(float(weight[where])) * mpmath.log(chance)
            total += mpmath.mpf(float(weight[where]))
        return nats / total, mpmath.exp(nats / total)


@pytest.mark.parametrize("spread", [0.0, 0.1, 3.0, 100.0])
def test_of_tokens_from_logits_in_50_digits(rng, spread):
    logits, y, mask = tokens(rng, spread)
    w = rng.exponential(size=y.shape)
    for weight, options in (
        (np.ones(y.shape), {}),
        (mask, {"mask": mask}),
        (w, {"sample_weight": w}),
        (w * mask, {"sample_weight": w, "mask": mask}),
    ):
        nats, expected = by_hand(logits, y, weight)
        found = perplexity(y, logits, from_logits=True, **options)
        assert abs(found - expected) <= (4 + 4 * nats) * 2**-52 * expected
        hidden = np.where(mask, y, -100)
        if "mask" in options:
            del options["mask"]
            assert found == perplexity(
                hidden, logits, from_logits=True, ignore_index=-100, **options
            )


def test_probabilities_and_logits_agree(rng):
    logits, y, mask = tokens(rng)
    p = softmax(logits, axis=-1)
    from_logits = perplexity(y, logits, mask=mask, from_logits=True)
    assert perplexity(y, p, mask=mask) == pytest.approx(from_logits, rel=1e-13)
    assert perplexity(y[mask], p[mask]) == pytest.approx(from_logits, rel=1e-13)
    assert perplexity(y, logits + 1e6, mask=mask, from_logits=True) == pytest.approx(from_logits)


def test_it_is_that_of_all_tokens_and_not_the_mean_of_sequences(rng):
    logits, y, mask = tokens(rng)
    mask[0, 0, 1:], mask[:, :, 0] = False, True
    each = [
        perplexity(y[i], logits[i], from_logits=True, mask=mask[i]) for i in np.ndindex(y.shape[:2])
    ]
    count = mask.sum(axis=-1).ravel()
    found = perplexity(y, logits, from_logits=True, mask=mask)
    assert found == pytest.approx(np.exp(count @ np.log(each) / count.sum()))
    assert abs(found - np.mean(each)) > 0.1


def test_what_does_not_count_may_hold_anything(rng):
    logits, y, mask = tokens(rng)
    expected = perplexity(y, logits, from_logits=True, mask=mask)
    for name, value in (("logits", np.nan), ("logits", np.inf), ("y", 99)):
        bad = {"logits": logits.copy(), "y": y.copy()}
        bad[name][~mask] = value
        before = bad["logits"].copy(), bad["y"].copy()
        found = perplexity(bad["y"], bad["logits"], from_logits=True, mask=mask)
        assert found == expected
        assert perplexity(bad["y"], bad["logits"], mask.astype(float), from_logits=True) == expected
        np.testing.assert_array_equal(bad["logits"], before[0])  # the arguments stay as they are
        np.testing.assert_array_equal(bad["y"], before[1])


def test_the_ignored_index_may_be_a_class_and_of_any_type():
    p = [[0.5, 0.5], [0.25, 0.75], [0.5, 0.5]]
    assert perplexity([0, 1, 0], p, ignore_index=1) == pytest.approx(2)
    for dtype in ("uint8", "int64", object):
        y = np.array([0, 1, 0], dtype)
        assert perplexity(y, p, ignore_index=-100) == perplexity([0, 1, 0], p)


def test_a_class_that_is_ruled_out():
    assert perplexity([0], [[0.0, -np.inf]], from_logits=True) == 1
    assert perplexity([1], [[0.0, -np.inf]], from_logits=True) == np.inf
    assert perplexity([1, 0], [[0.0, -np.inf]] * 2, from_logits=True, mask=[False, True]) == 1


@patient
@given(
    arrays(np.float64, (4, 3), elements=st.floats(-700, 700)),
    arrays(np.int64, 4, elements=st.integers(0, 2)),
    arrays(np.int64, 4, elements=st.integers(0, 3)),
)
def test_weights_count_as_often(logits, y, w):
    assume(w.any())
    repeated = perplexity(np.repeat(y, w), np.repeat(logits, w, axis=0), from_logits=True)
    assert perplexity(y, logits, w, from_logits=True) == pytest.approx(repeated, rel=1e-12)
    assert repeated >= 1


BAD = [
    (lambda: perplexity([0, 2], [[0.5, 0.5]] * 2), ValueError, "y_true holds 2 at index 1"),
    (lambda: perplexity([0, -1], [[0.5, 0.5]] * 2), ValueError, "y_true holds -1 at index 1"),
    (lambda: perplexity([0.0], [[0.5, 0.5]]), TypeError, "y_true holds 0.0 at index 0"),
    (
        lambda: perplexity([0], [[0.5, 0.4]]),
        ValueError,
        "y_prob holds a row that sums to 0.9 at index 0",
    ),
    (lambda: perplexity([0], [[1.5, -0.5]]), ValueError, "y_prob holds 1.5"),
    (lambda: perplexity([0, 1], [[0.5, 0.5]]), ValueError, r"y_true has shape \(2,\)"),
    (lambda: perplexity([0], [0.5]), ValueError, r"y_prob has shape \(1,\)"),
    (lambda: perplexity([0], [[0.0, np.nan]], from_logits=True), ValueError, "y_prob holds nan at"),
    (
        lambda: perplexity([[0, 1]], [[[0, 0], [0, np.inf]]], from_logits=True),
        ValueError,
        r"y_prob\.reshape\(-1, 2\) holds inf at index \(1, 1\)",
    ),
    (
        lambda: perplexity([0], [[-np.inf, -np.inf]], from_logits=True),
        ValueError,
        "y_prob holds only -inf at index 0",
    ),
    (lambda: perplexity([0], [[2.0, 1.0]]), ValueError, "y_prob holds 2.0"),
    (lambda: perplexity([[0, 1]], [[0.5, 0.5]]), ValueError, r"y_true has shape \(1, 2\)"),
    (lambda: perplexity([0], [[0.5, 0.5]], mask=[0]), ValueError, "mask leaves none of the 1"),
    (lambda: perplexity([0], [[0.5, 0.5]], mask=[1.0]), TypeError, "mask holds 1.0 at index 0"),
    (lambda: perplexity([0], [[0.5, 0.5]], mask=[2]), ValueError, "mask holds 2 at index 0"),
    (lambda: perplexity([0], [[0.5, 0.5]], mask=[[1]]), ValueError, r"mask has shape \(1, 1\)"),
    (
        lambda: perplexity([-1, 1], [[0.5, 0.5]] * 2, [1, 0], ignore_index=-1),
        ValueError,
        "ignore_index and sample_weight leave none of the 2",
    ),
    (lambda: perplexity([0], [[0.5, 0.5]], [0]), ValueError, "sample_weight holds only zeros"),
    (lambda: perplexity([0], [[0.5, 0.5]], [[1]]), ValueError, r"sample_weight has shape \(1, 1"),
    (lambda: perplexity([0], [[0.5, 0.5]], ignore_index=0.5), TypeError, "ignore_index is 0.5"),
    (lambda: perplexity([0], [[0.5, 0.5]], from_logits=1), TypeError, "from_logits is 1"),
    (
        lambda: perplexity([[0, 5]], np.zeros((1, 2, 2)), from_logits=True),
        ValueError,
        r"y_true\.ravel\(\) holds 5 at index 1",
    ),
]


@pytest.mark.parametrize(("call", "error", "match"), BAD)
def test_bad_input(call, error, match):
    with pytest.raises(error, match=match + ".*expected"):
        call()
