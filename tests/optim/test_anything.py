"""Every optimizer, schedule and clipping on whatever they accept: no NaN, and no silence."""

import dataclasses
import inspect
import math

import numpy as np
import pytest

from lossbook import optim
from lossbook.penalties import L1, L2, ElasticNet


def classes(base):
    found = [c for c in vars(optim).values() if inspect.isclass(c) and issubclass(c, base)]
    return [c for c in found if c is not base]


OPTIMIZERS = classes(optim.Optimizer)
SCHEDULES = classes(optim.Schedule)
each = pytest.mark.parametrize("cls", OPTIMIZERS)
FLOATS = [np.float16, np.float32, np.float64, np.longdouble, np.dtype(float).newbyteorder()]


def run(optimizer, x, gradients):
    memory = optimizer.init(x)
    for g in gradients:
        optimizer.step(x, g, memory)
    return x


# Parameters and gradients of every type


@each
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_a_zero_gradient_moves_nothing(cls, dtype):
    kwargs = {"weight_decay": 0.0} if cls is optim.AdamW else {}
    x = np.ones(2, dtype)
    run(cls(learning_rate=0.1, **kwargs), x, [np.zeros(2, dtype)] * 5)
    assert x.dtype == dtype and (x == 1).all()


@each
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_the_step_is_that_of_float64(cls, dtype):
    gradients = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float16)
    exact = run(cls(learning_rate=0.125), np.ones(3), gradients.astype(float))
    x = run(cls(learning_rate=0.125), np.ones(3, dtype), gradients.astype(dtype))
    assert x.dtype == dtype
    tolerance = 8 * max(np.finfo(dtype).eps, np.finfo(float).eps)
    np.testing.assert_allclose(x.astype(float), exact, rtol=0, atol=4 * float(tolerance))


@each
def test_the_parameters_are_changed_where_they_are(cls, tmp_path):
    expected = run(cls(learning_rate=0.125), np.ones(3), [np.arange(3.0)] * 3)
    mapped = np.memmap(tmp_path / "x", "f8", "w+", shape=(3,))
    mapped[:] = 1
    wide = np.ones(6)
    square = np.ones((1, 3))
    for x in (mapped, wide[::2], np.ma.array(np.ones(3))):
        run(cls(learning_rate=0.125), x, [[0, 1, 2]] * 3)
        np.testing.assert_array_equal(np.asarray(x), expected)
    np.testing.assert_array_equal(wide[1::2], 1)
    run(cls(learning_rate=0.125), square, [[[0, 1, 2]]] * 3)
    np.testing.assert_array_equal(square[0], expected)
    number = np.array(1.0)
    run(cls(learning_rate=0.125), number, [2.0] * 3)
    assert number == expected[2]


@each
@pytest.mark.parametrize(
    ("x", "g", "error", "match"),
    [
        (np.ones(2, int), [0, 0], TypeError, "x holds values of dtype int64; expected floating"),
        (np.ones(2, bool), [0, 0], TypeError, "x holds values of dtype bool; expected floating"),
        (np.ones(2) * 1j, [0, 0], TypeError, "x holds values of dtype complex128; expected"),
        (np.array([None, 1]), [0, 0], TypeError, "x holds values of dtype object; expected"),
        ([1.0, 2.0], [0, 0], TypeError, "x is a list; expected a NumPy array"),
        (1.0, 0.0, TypeError, "x is a float; expected a NumPy array"),
        (np.ma.array([1.0, 2], mask=[0, 1]), [0, 0], ValueError, "x is masked at index 1"),
        (np.broadcast_to(1.0, 2), [0, 0], ValueError, "x is read-only; expected an array"),
        (np.array([1, math.nan]), [0, 0], ValueError, "x holds nan at index 1; expected finite"),
        (np.array([1, math.inf]), [0, 0], ValueError, "x holds inf at index 1; expected finite"),
        (np.ones(2), [1.0], ValueError, r"gradient has shape \(1,\); expected that of x, \(2,\)"),
        (np.ones(2), 1.0, ValueError, r"gradient has shape \(\); expected that of x, \(2,\)"),
        (np.ones(2), [[1], [1]], ValueError, r"gradient has shape \(2, 1\); expected that of x"),
        (np.ones(2), [1, math.nan], ValueError, "gradient holds nan at index 1; expected finite"),
        (np.ones(2), [1, -math.inf], ValueError, "gradient holds -inf at index 1; expected finite"),
        (np.ones(2), [1, 1e200], ValueError, r"abs\(gradient\) holds 1e\+200 at index 1; expected"),
    ],
)
def test_what_a_step_refuses(cls, x, g, error, match):
    before = np.array(x, copy=True) if isinstance(x, np.ndarray) else x
    data = x.data if isinstance(x, np.ma.MaskedArray) else x
    optimizer = cls(learning_rate=0.1)
    memory = optimizer.init(before)
    with pytest.raises(error, match=match):
        optimizer.step(x, g, memory)
    assert str(data) == str(before) and memory.t == 0  # nothing has happened
    for name in optimizer.remembers:
        assert (getattr(memory, name) == 0).all()


@each
def test_the_memory_of_another_run(cls):
    optimizer = cls(learning_rate=0.1)
    if optimizer.remembers:
        with pytest.raises(ValueError, match=r"memory is that of .*\(3,\); expected .*\(1,\)"):
            optimizer.step(np.ones(1), np.ones(1), optimizer.init(np.ones(3)))


# Numbers of every size


WHOLE = {"every", "steps", "patience", "cooldown"}


def number_fields(cls):
    """The hyperparameters that are numbers."""
    others = {"mask", "threshold_mode"}
    return [f for f in dataclasses.fields(cls) if f.init and f.name not in others]


def extremes(cls, rng):
    """Hyperparameters at the ends of what the class accepts."""
    values = {
        "learning_rate": [1e-300, 1e-8, 0.1, 1e8, 1e300],
        "momentum": [0.0, 0.9, 1 - 2**-53],
        "rho": [0.0, 0.99, 1 - 2**-53],
        "beta1": [0.0, 0.9, 1 - 2**-53],
        "beta2": [0.0, 0.999, 1 - 2**-53],
        "epsilon": [5e-324, 1e-300, 1e-8, 1.0, 1e300],
        "weight_decay": [0.0, 0.01, 1e300],
    }
    masks = [{}, {"mask": [True, False, True, False]}] if cls is optim.AdamW else [{}]
    numbers = {f.name: rng.choice(values[f.name]).item() for f in number_fields(cls)}
    return cls(**numbers, **rng.choice(masks))


@each
@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("seed", range(5))
def test_never_nan(cls, seed):
    """Whatever the hyperparameters: x is a number, or infinite, and then the next step says so."""
    rng = np.random.default_rng(seed)
    for _ in range(60):
        optimizer = extremes(cls, rng)
        x = rng.choice([0.0, 1.0, -1e-300, 1e150, -1e300], 4)
        memory = optimizer.init(x)
        for _ in range(6):
            g = rng.choice([0.0, -0.0, 1.0, -1e-300, 1e-160, 5e-324, 1e100, -1e153], 4)
            try:
                scale = optimizer.step(x, g, memory)
            except ValueError as error:
                assert "x holds" in str(error) and np.isinf(x).any(), optimizer
                break
            assert not np.isnan(x).any(), (optimizer, g)
            assert np.isfinite(scale).all() and (np.asarray(scale) >= 0).all(), (optimizer, g)
            for penalty in (L1(0.5), L2(2.0), ElasticNet(1e300, 0.5)):
                if np.isfinite(x).all():
                    assert np.isfinite(penalty.prox(x, scale)).all()


@each
def test_a_large_gradient_does_not_stop_the_next_ones(cls):
    x, optimizer = np.ones(1), cls(learning_rate=0.1)
    memory = optimizer.init(x)
    with pytest.raises(ValueError, match=r"abs\(gradient\) holds 1e\+200"):
        optimizer.step(x, [1e200], memory)
    optimizer.step(x, optim.ClipByNorm(1.0)([1e200]), memory)
    before = x.copy()
    optimizer.step(x, [1.0], memory)
    assert x < before


# Hyperparameters


@pytest.mark.parametrize("cls", [*OPTIMIZERS, *SCHEDULES, optim.ClipByNorm, optim.ClipByValue])
def test_hyperparameters_are_kept_as_numbers_of_python(cls):
    for field in number_fields(cls):
        whole = field.name in WHOLE
        for value in (np.float32(0.5), np.float16(0.5), np.float64(0.5), np.array(0.5)):
            value = np.int64(3) if whole else value
            others = {f.name: 3 if f.name in WHOLE else 0.5 for f in number_fields(cls)}
            made = cls(**{**others, field.name: value})
            kept = getattr(made, field.name)
            assert type(kept) is (int if whole else float) and kept == value
            assert made == cls(**others) and hash(made) == hash(cls(**others))
        bads = ["1", None, True, np.True_, [0.5], 1j, math.nan, math.inf, -math.inf, -1]
        for bad in bads + [10**400] * (not whole):
            with pytest.raises((TypeError, ValueError), match=f"^{field.name} is .*; expected"):
                cls(**{**others, field.name: bad})


DECAYS = [
    optim.StepDecay(0.5, 0.25, 3),
    optim.StepDecay(0.5, 1.0, 1),
    optim.ExponentialDecay(0.5, 0.9),
    optim.ExponentialDecay(0.5, 1.0),
    optim.InverseTimeDecay(0.5, 0.1),
    optim.InverseTimeDecay(0.5, 0.0),
    optim.CosineDecay(0.5, 7, final=0.1),
    optim.CosineDecay(0.5, 7, final=0.5),
    optim.ReduceOnPlateau(0.5),
]


@pytest.mark.parametrize("schedule", DECAYS, ids=repr)
def test_what_is_called_a_decay_never_rises(schedule):
    rates = [schedule(t) for t in [*range(50), 10**6, 10**9]]
    assert rates[0] == 0.5 and (np.diff(rates) <= 1e-16).all() and min(rates) >= 0
    warm = optim.Warmup(schedule, 5)
    assert [warm(t) for t in range(4, 50)] == rates[4:50]
    assert all(0 < warm(t) < schedule(t) for t in range(4))


def test_every_schedule_is_tried():
    tried = {type(schedule) for schedule in DECAYS}
    assert tried == set(SCHEDULES) - {optim.Warmup}


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: optim.StepDecay(1.0, 2.0), "factor is 2.0; expected a number above 0 and of at"),
        (lambda: optim.ExponentialDecay(1.0, 1.01), "factor is 1.01; expected a number above 0"),
        (lambda: optim.ExponentialDecay(1.0, 0.0), r"factor is 0\.0"),
        (lambda: optim.CosineDecay(0.1, 10, final=0.2), "final is 0.2; expected .* of at most 0.1"),
    ],
)
def test_factors_that_would_raise_the_rate(make, match):
    with pytest.raises(ValueError, match=match):
        make()


@pytest.mark.parametrize("schedule", [*DECAYS, optim.Warmup(0.5, 3)], ids=repr)
@pytest.mark.parametrize("t", [-1, 1.5, "1", None, math.nan, True])
def test_a_schedule_is_asked_for_a_step(schedule, t):
    with pytest.raises((TypeError, ValueError), match=r"^t is .*; expected an integer of at least"):
        schedule(t)


@pytest.mark.parametrize("rate", [-0.1, math.nan, math.inf, "fast", None, [0.1]])
def test_a_schedule_of_ones_own_that_gives_no_rate(rate):
    optimizer = optim.Adam(lambda t: rate)
    x = np.ones(1)
    with pytest.raises((TypeError, ValueError), match=r"^learning_rate\(0\) is .*; expected"):
        optimizer.step(x, [1.0], optimizer.init(x))
    with pytest.raises((TypeError, ValueError), match=r"^schedule\(3\) is .*; expected"):
        optim.Warmup(lambda t: rate, 2)(3)


# Clipping


def test_clip_by_norm_at_every_size():
    half = math.sqrt(0.5)
    for size in (5e-324, 1e-310, 1e-200, 1e-150, 1.0, 1e150, 1e200, 1.7e308):
        clipped = optim.ClipByNorm(1.0)(np.array([size, -size]))
        expected = [half, -half] if size >= 1 else [size, -size]
        np.testing.assert_allclose(clipped, expected, rtol=1e-14)
        for limit in (1e-300, 1e-160, 1e160, 1e300):
            clipped = optim.ClipByNorm(limit)(np.array([size, 0.0]))
            np.testing.assert_allclose(clipped, [min(size, limit), 0], rtol=1e-14)
    np.testing.assert_array_equal(optim.ClipByNorm(1.0)(np.zeros(3)), 0)
    assert optim.ClipByNorm(1.0)(np.zeros(0)).shape == (0,)


@pytest.mark.parametrize("clip", [optim.ClipByNorm(1.0), optim.ClipByValue(1.0)], ids=repr)
def test_clipping_is_float64_and_leaves_its_argument_alone(clip):
    for dtype in (np.float16, np.float32, np.float64, np.int8, np.uint64, bool, object):
        for size in (1, 100):
            g = np.array([size, 0]).astype(dtype)
            before = g.copy()
            found = clip(g)
            assert found.dtype == np.float64 and found.tolist() == [1, 0]
            np.testing.assert_array_equal(g, before)
    norm = isinstance(clip, optim.ClipByNorm)
    np.testing.assert_allclose(clip([3, -4]), [0.6, -0.8] if norm else [1, -1], rtol=1e-15)
    np.testing.assert_allclose(
        clip(np.full((2, 2, 2), 7.0)), clip(np.full(8, 7.0)).reshape(2, 2, 2)
    )


@pytest.mark.parametrize("clip", [optim.ClipByNorm(1.0), optim.ClipByValue(1.0)], ids=repr)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_clipping_refuses_what_is_not_finite(clip, bad):
    for g in ([0.5, bad], np.array([0.5, bad], np.float16), [0.0, bad], [bad, bad], [1e308, bad]):
        with pytest.raises(ValueError, match=f"gradient holds {bad} at index .*; expected finite"):
            clip(g)


# Minimize


@each
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e200])
@pytest.mark.parametrize("penalty", [None, L1(0.1), L2(0.1)], ids=repr)
@pytest.mark.parametrize("clip", [None, optim.ClipByNorm(1.0)], ids=repr)
def test_a_gradient_that_overflows_ends_the_run_and_not_the_program(cls, bad, penalty, clip):
    calls = []

    def spoiled(x):
        calls.append(1)
        g = 2 * x
        return float(x @ x), np.where(np.arange(2) == 1, bad, g) if len(calls) > 3 else g

    optimizer = cls(learning_rate=0.01)
    found = optim.minimize(spoiled, np.ones(2), optimizer, steps=9, penalty=penalty, clip=clip)
    assert found.stopped == "diverged" and found.steps == 2
    assert np.isfinite(found.path).all() and np.isfinite(found.gradient_norms).all()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"penalty": 0.1}, r"penalty is 0.1; expected one such as L2\(0.1\)"),
        ({"clip": 1.0}, "clip is 1.0; expected a function of the gradient"),
        ({"clip": lambda g: g[:1]}, r"gradient has shape \(1,\); expected that of x"),
        ({"clip": lambda g: g * math.nan}, r"gradient holds nan at index 0 .*; expected finite"),
    ],
)
def test_options_of_minimize(options, match):
    with pytest.raises((TypeError, ValueError), match=match):
        optim.minimize(lambda x: (1.0, x), [1.0, 2.0], optim.Adam(), **options)


@pytest.mark.parametrize(
    ("result", "match"),
    [
        (1.0, "value_and_gradient returns a float; expected a pair"),
        ((1.0, 2.0, 3.0), "value_and_gradient returns a tuple; expected a pair"),
        ((np.ones(2), np.ones(2)), r"a value of the shape \(2,\); expected a number"),
        (("1", np.ones(2)), "the value that value_and_gradient returns holds strings"),
        ((1j, np.ones(2)), "the value that value_and_gradient returns holds complex numbers"),
        ((1.0, ["a", "b"]), "the gradient that value_and_gradient returns holds strings"),
        ((1.0, 1.0), r"a gradient of the shape \(\); expected that of x, \(2,\)"),
    ],
)
def test_what_value_and_gradient_must_return(result, match):
    with pytest.raises((TypeError, ValueError), match=match):
        optim.minimize(lambda x: result, [1.0, 2.0], optim.Adam())


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.array, int])
def test_values_of_other_types(kind):
    found = optim.minimize(lambda x: (kind(1), x), [1.0, 2.0], optim.Adam(), steps=1)
    assert type(found.value) is float
