"""What is handed to the package: every function that takes numbers, with arrays of every kind.

One table lists the functions and their arguments. Each test walks it: what NumPy can read as real
numbers gives the result of the same float64 numbers; everything else is an error that names the
argument, what it holds, and where. pandas, polars and PyTorch are tried where they are installed,
and stand-ins for what they do always.
"""

import datetime
import inspect
import math
import re
import tempfile
from importlib.util import find_spec

import numpy as np
import pytest

from benchmarks.cases import classes
from lossbook import losses, metrics, models, optim, penalties

# Weighted, one class of theirs has no sample, and SoftmaxModel says so.
pytestmark = pytest.mark.filterwarnings("ignore:.* has no minimum here:RuntimeWarning")

# Powers of 2 in them, so that float16 holds them all.
MARGIN = np.array([-1.0, 1, 1, -1]), np.array([0.5, -0.25, 2, 1])
BINARY = np.array([0.0, 1, 1, 0]), np.array([0.25, 0.5, 0.75, 0.125])
COUNTS = np.array([1.0, 2, 3, 5]), np.array([1.5, 2, 2.5, 4])
ROWS = np.array([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25], [0.125, 0.125, 0.75], [0.5, 0.375, 0.125]])
INDICES = np.array([0, 2, 1, 0]), ROWS
DISTRIBUTIONS = ROWS[::-1].copy(), ROWS
LOGS = INDICES[0], np.log(ROWS).astype(np.float16).astype(float)
PAIRS = COUNTS[0], np.stack([COUNTS[1], BINARY[1]], axis=1)
WEIGHT = np.array([1.0, 0, 2, 4])
X = np.array([[0.0, 1], [1, 0.5], [2, -1], [-1, 0.25]])


class Taker:
    """One argument of one function: its name, numbers that it may be, and a call with others."""

    def __init__(self, label, name, values, call):
        self.label, self.name, self.values, self.call = label, name, values, call

    def __repr__(self):
        return f"{self.label}:{self.name}"


def takers(label, function, **arguments):
    """One for each argument, the others being as given."""

    def taker(name):
        def call(values):
            return function(**{**arguments, name: values})

        return Taker(label, name, arguments[name], call)

    return [taker(name) for name in arguments]


def loss_takers():
    found = []
    for cls in classes():
        flags = [f for f in ("from_logits", "log_input") if f in inspect.signature(cls).parameters]
        for loss in [cls(), *(cls(**{f: not getattr(cls(), f)}) for f in flags)]:
            some = False
            for y, p in (INDICES, DISTRIBUTIONS, LOGS, MARGIN, BINARY, COUNTS, PAIRS):
                try:
                    shape = np.shape(loss.pointwise(y, p))
                except (TypeError, ValueError):
                    continue
                if some and loss.elementwise:
                    break  # one is enough
                some = True
                for method in ("pointwise", "gradient", "hessian"):
                    try:
                        getattr(loss, method)(y, p)
                    except NotImplementedError:
                        continue
                    found += takers(f"{loss!r}.{method}", getattr(loss, method), y_true=y, y_pred=p)
                weight = WEIGHT if shape == WEIGHT.shape else np.ones(shape)
                more = {"sample_weight": weight} if shape else {}  # one list has one number
                for f in (loss, loss.value_and_gradient):
                    label = f"{loss!r}" + (".value_and_gradient" if f is not loss else "")
                    found += takers(label, f, y_true=y, y_pred=p, **more)
            assert some, f"{loss!r} takes none of the samples here; add one that it takes"
    return found


def optimizers():
    """Every optimizer with its defaults."""
    kinds = [c for c in vars(optim).values() if inspect.isclass(c)]
    kinds = [c for c in kinds if issubclass(c, optim.Optimizer) and c is not optim.Optimizer]
    assert len(kinds) >= 7
    return [c(learning_rate=0.125) for c in kinds]


PENALTIES = [penalties.L1(0.5), penalties.L2(0.5), penalties.ElasticNet(0.5, 0.25)]
PENALTIES += [p.restricted([True, False, True, True]) for p in PENALTIES]
CLIPS = [optim.ClipByNorm(0.5), optim.ClipByNorm(50), optim.ClipByValue(0.5)]


def optim_takers():
    found = []
    for optimizer in optimizers():

        def step(gradient, optimizer=optimizer):
            x = np.ones(4)
            scale = optimizer.step(x, gradient, optimizer.init(x))
            return x, scale

        def minimum(x0, optimizer=optimizer):
            return optim.minimize(lambda x: (float(x @ x), 2 * x), x0, optimizer, steps=3).path

        found += takers(f"{type(optimizer).__name__}.step", step, gradient=MARGIN[1])
        found += takers(f"minimize by {type(optimizer).__name__}", minimum, x0=MARGIN[1])

    def follow(gradient):
        run = optim.minimize(lambda x: (0.0, gradient), np.ones(4), optim.Adam(), steps=2)
        return run.path

    found += takers("the gradient that value_and_gradient returns", follow, gradient=MARGIN[1])
    found[-1].name = found[-1].label
    for clip in CLIPS:
        found += takers(repr(clip), clip, gradient=MARGIN[1])
    for k, penalty in enumerate(PENALTIES):
        label = repr(penalty) if k < 3 else f"{PENALTIES[k - 3]!r} restricted"
        found += takers(f"{label}.value", penalty.value, w=MARGIN[1])
        found += takers(f"{label}.gradient", penalty.gradient, w=MARGIN[1])
        found += takers(f"{label}.prox", penalty.prox, w=MARGIN[1], step=BINARY[1])
        subgradient = penalty.least_subgradient
        found += takers(f"{label}.subgradient", subgradient, w=MARGIN[1], gradient=BINARY[1])
    return found


def model_takers():
    mse, logistic = losses.MeanSquaredError(), losses.Logistic()
    cross_entropy = losses.CrossEntropy(from_logits=True)
    y, classes = COUNTS[0], INDICES[0]

    def mlp(X, y, sample_weight, loss=mse, outputs=1, **options):
        model = models.MLP((2, 3, outputs), seed=1)
        model.fit(X, y, loss, sample_weight=sample_weight, epochs=3, **options)
        return model.parameters, model.history.loss

    def one(X, y, sample_weight, optimizer=None):
        loss, penalty = (mse, None) if optimizer is None else (logistic, penalties.L1(0.25))
        options = {} if optimizer is None else {"epochs": 2}
        model = models.LinearModel()
        return model.fit(X, y, loss, penalty, sample_weight, optimizer=optimizer, **options).coef

    def softmax(X, y, sample_weight):
        penalty = penalties.L2(0.5)
        return models.SoftmaxModel(2, 3).fit(X, y, cross_entropy, penalty, sample_weight).parameters

    def objective(X, y, sample_weight, kind=models.MLP):
        model = kind((2, 3, 1)) if kind is models.MLP else kind()
        theta = np.linspace(-1, 1, 13 if kind is models.MLP else 3)
        return model.objective(X, y, mse, sample_weight)(theta)

    def held_out(X_held_out, y_held_out):
        model = models.MLP((2, 1), seed=1)
        model.fit(X, y, mse, validation=(X_held_out, y_held_out), epochs=3)
        return model.history.validation_loss

    net, two = models.MLP((2, 3, 1), seed=1), models.MLP((2, 2), seed=1)
    line = models.LinearModel().fit(X, y, mse)
    rows = models.SoftmaxModel(2, 3)
    given = {"X": X, "y": y, "sample_weight": WEIGHT}
    many = {**given, "y": classes}

    def classifier(X, y, sample_weight):
        return mlp(X, y, sample_weight, cross_entropy, 3)

    def outputs(X, y, sample_weight):
        return mlp(X, y, sample_weight, mse, 2)

    def batches(X, y, sample_weight):
        return mlp(X, y, sample_weight, batch_size=2)

    def stepwise(X, y, sample_weight):
        return one(X, y, sample_weight, optim.GradientDescent(0.25))

    def of_line(X, y, sample_weight):
        return objective(X, y, sample_weight, models.LinearModel)

    def slope(X, y, sample_weight):
        return net.value_and_gradient(X, y, mse, sample_weight)

    def slopes(X, y, sample_weight):
        return two.value_and_gradient(X, y, mse, sample_weight)

    found = [
        *takers("MLP.fit", mlp, **given),
        *takers("MLP.fit in batches", batches, **given),
        *takers("MLP.fit of classes", classifier, **many),
        *takers("MLP.fit of two outputs", outputs, **{**given, "y": PAIRS[1]}),
        *takers("MLP.objective", objective, **given),
        *takers("MLP.value_and_gradient", slope, **given),
        *takers("MLP.value_and_gradient of two", slopes, **{**given, "y": PAIRS[1]}),
        *takers("LinearModel.fit", one, **given),
        *takers("LinearModel.fit by steps", stepwise, **{**given, "y": MARGIN[0]}),
        *takers("LinearModel.objective", of_line, **given),
        *takers("SoftmaxModel.fit", softmax, **many),
        *takers("MLP.predict", net.predict, X=X),
        *takers("MLP.forward", lambda X: net.forward(X)[-1].copy(), X=X),
        *takers("LinearModel.predict", line.predict, X=X),
        *takers("SoftmaxModel.predict", rows.predict, X=X),
    ]
    for taker in takers("validation", held_out, X_held_out=X, y_held_out=y):
        taker.name = f"validation {taker.name[0]}"
        found.append(taker)
    return found


def metric_takers():
    return [
        *takers("reliability_curve", curve, y_true=BINARY[0], y_prob=BINARY[1]),
        *takers("expected_calibration_error", calibration, y_true=BINARY[0], y_prob=BINARY[1]),
        *takers("perplexity", metrics.perplexity, y_true=INDICES[0], y_prob=ROWS),
        *takers("r_squared", metrics.r_squared, y_true=COUNTS[0], y_pred=COUNTS[1]),
        *takers("r_squared of two", metrics.r_squared, y_true=X, y_pred=PAIRS[1]),
        *takers("weighted", metrics.r_squared, y_true=X, y_pred=X * 2, sample_weight=WEIGHT),
    ]


def curve(y_true, y_prob):
    found = metrics.reliability_curve(y_true, y_prob, bins=3, strategy="quantile")
    return found.mean_predicted, found.observed, found.count, found.edges


def calibration(y_true, y_prob):
    return metrics.expected_calibration_error(y_true, y_prob, bins=3)


TAKERS = [*loss_takers(), *optim_takers(), *model_takers(), *metric_takers()]
LABELS = takers("class_weights", lambda y_true: losses.class_weights(y_true), y_true=INDICES[0])


def over(takers):
    """A decorator: the test of one argument becomes one test of each class or function."""
    families = {}
    for taker in takers:
        families.setdefault(re.match(r"[\w ]+", taker.label)[0], []).append(taker)

    def decorate(test):
        @pytest.mark.parametrize("family", families)
        def run(family):
            for taker in families[family]:
                try:
                    test(taker)
                except BaseException as error:
                    error.add_note(f"the argument was {taker!r}")
                    raise

        run.__name__, run.__doc__ = test.__name__, test.__doc__
        return run

    return decorate


each = over(TAKERS)
each_and_labels = over(TAKERS + LABELS)


def same(found, expected, rtol=0):
    if isinstance(expected, tuple):
        assert all(same(a, b, rtol) for a, b in zip(found, expected, strict=True))
    else:
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol)
    return True


def wrong(taker, values, error, match):
    """The error names the argument, at the start, and says what was expected."""
    with pytest.raises(error) as info:
        taker.call(values)
    text = str(info.value)
    assert text.startswith(taker.name) and re.search(match, text) and "expected" in text, text


def entry(taker):
    """An index, and how the error shows it."""
    index = (2,) if taker.values.ndim == 1 else (2, 1)
    return index, "2" if len(index) == 1 else r"\(2, 1\)"


TYPES = ["float32", "float16", "longdouble", "int8", "int64", "uint8", "uint16", "uint32", "uint64"]
TYPES += ["bool"]

# What works


@each_and_labels
def test_types_of_numbers(taker):
    expected = taker.call(taker.values)
    integers = taker.values.dtype.kind == "i"
    tried = 0
    for dtype in TYPES:
        converted = taker.values.astype(dtype)
        changed = (converted.astype(float) != taker.values).any()
        if changed or (integers and converted.dtype.kind == "f"):
            continue
        tried += 1
        same(taker.call(converted), expected)
        swapped = converted.astype(np.dtype(dtype).newbyteorder())
        same(taker.call(swapped), expected)
    assert tried >= 3


@each_and_labels
def test_arrays_of_other_shapes_in_memory(taker):
    values, expected = taker.values, taker.call(taker.values)
    read_only = values.copy()
    read_only.flags.writeable = False
    wide = np.repeat(values, 2, axis=-1)[..., ::2]
    with tempfile.TemporaryFile() as file:
        mapped = np.memmap(file, values.dtype, "w+", shape=values.shape)
    mapped[:] = values
    kinds = [values.tolist(), tuple(values.tolist()), read_only, wide, np.asfortranarray(values)]
    kinds += [mapped, np.ma.array(values), np.ma.array(values, mask=False), values.astype(object)]
    kinds += [[np.ma.array(row) for row in values]] if values.ndim == 2 else []
    for given in kinds:  # sums over memory in another order round otherwise
        same(taker.call(given), expected, rtol=1e-14)
    np.testing.assert_array_equal(mapped, values)


class Column:
    """As a column of pandas with a nullable type, or of polars: an array of Python's objects."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=object)


@each_and_labels
def test_columns_of_objects(taker):
    same(taker.call(Column(taker.values.tolist())), taker.call(taker.values))


# What is an error


@each_and_labels
def test_masked_entries(taker):
    index, shown = entry(taker)
    mask = np.zeros(taker.values.shape, dtype=bool)
    mask[index] = True
    masked = np.ma.array(taker.values, mask=mask)
    wrong(taker, masked, ValueError, f"is masked at index {shown};")
    rows = list(masked)  # inside a list NumPy would lose the mask
    wrong(taker, rows, ValueError, r"\[2\] is masked")
    wrong(taker, np.ma.masked, ValueError, "is masked;")
    mask[-1] = True
    more = int(mask.sum()) - 1
    masked = np.ma.array(taker.values, mask=mask)
    wrong(taker, masked, ValueError, rf"is masked at index {shown} \(and {more} more like it\)")


class NA:
    """As pandas' NA: it answers no question with yes or no."""

    def __eq__(self, other):
        return self

    __ne__ = __eq__
    __hash__ = object.__hash__

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")

    def __repr__(self):
        return "<NA>"


@each
def test_an_object_that_is_no_number(taker):
    index, shown = entry(taker)
    for missing in (None, NA(), "n/a", datetime.date(2026, 1, 1)):
        values = taker.values.astype(object)
        values[index] = missing
        for given in (values, Column(values.tolist())):
            got = f"got {re.escape(repr(missing))} at index {shown}"
            with pytest.raises(TypeError, match=f"{got}$") as info:
                taker.call(given)
            assert str(info.value).startswith(
                f"{taker.name} holds values of dtype object; expected"
            )


@each
def test_other_kinds(taker):
    values = taker.values
    start = "0" if values.ndim == 1 else r"\(0, 0\)"
    got = f"got '{values.flat[0]}' at index {start}"
    wrong(taker, values.astype(str), TypeError, "holds strings")
    with pytest.raises(TypeError, match=got):
        taker.call(values.astype(str))
    wrong(taker, values + 0j, TypeError, "holds complex numbers")
    wrong(taker, values.astype("M8[s]"), TypeError, "holds dates")
    wrong(taker, [[1.0, 2.0], [3.0]], ValueError, "rows of different lengths")
    wrong(taker, {"a": 1}, TypeError, "is {'a': 1}")
    wrong(taker, iter([1.0]), TypeError, "is <list_iterator")
    if taker.name != "sample_weight":
        wrong(taker, None, TypeError, "is None")


@each
def test_not_finite(taker):
    if taker.label == "the gradient that value_and_gradient returns":
        pytest.skip("a run that meets one ends as diverged")
    index, shown = entry(taker)
    bad = [math.nan, math.inf, -math.inf]
    if "from_logits=True" in taker.label and taker.name == "y_pred":
        bad = [math.nan]  # which infinite logits mean something is the loss's own affair
    if taker.label.startswith(("NLL", "ZLoss")) and taker.name == "y_pred":
        bad = [math.nan, math.inf]  # minus infinity rules a class out
    for value in bad:
        for dtype in (np.float64, np.float16):
            values = taker.values.astype(dtype)
            values[index] = value
            with pytest.raises(ValueError, match="expected ") as info:
                taker.call(values)
            text = str(info.value)
            if taker.name == "y_pred" and "GaussianNLL" in taker.label:
                assert re.match(rf"y_pred.* holds {value} at index (2|\(2, 1\))", text)
            else:
                assert re.match(f"{taker.name} holds {value} at index {shown}", text), text


class Tensor:
    """As a tensor of PyTorch that NumPy cannot read."""

    def __init__(self, values, error, **attributes):
        self.values, self.error = values, error
        vars(self).update(attributes)

    def __array__(self, dtype=None, copy=None):
        raise self.error


class Device:
    type = "cuda"


TENSORS = [
    (RuntimeError("requires grad"), {"requires_grad": True}, ".detach()"),
    (TypeError("unsupported ScalarType BFloat16"), {"dtype": "torch.bfloat16"}, ".float()"),
    (TypeError("can't convert Sparse layout"), {"layout": "torch.sparse_coo"}, ".to_dense()"),
    (TypeError("can't convert cuda:0 device"), {"device": Device()}, ".cpu()"),
    (
        RuntimeError("all of them"),
        {"requires_grad": True, "dtype": "torch.bfloat16", "device": Device()},
        ".detach().float().cpu()",
    ),
]


@each_and_labels
def test_tensors_that_numpy_cannot_read(taker):
    for error, attributes, cure in TENSORS:
        tensor = Tensor(taker.values, error, **attributes)
        with pytest.raises(TypeError) as info:
            taker.call(tensor)
        text = str(info.value)
        assert text.startswith(f"{taker.name} is a ") and str(error) in text
        assert text.endswith(f"expected an array: {taker.name}{cure}")


# The libraries themselves


@each_and_labels
def test_pandas(taker):
    pd = pytest.importorskip("pandas")
    values, expected = taker.values, taker.call(taker.values)
    index, shown = entry(taker)
    kind = pd.Series if values.ndim == 1 else pd.DataFrame
    same(taker.call(kind(values)), expected, rtol=1e-14)  # in another order in memory
    same(taker.call(kind(values, index=[7, 3, 3, 1])), expected, rtol=1e-14)
    nullable = kind(values).convert_dtypes()
    same(taker.call(nullable), expected, rtol=1e-14)
    same(taker.call(kind(values.astype(object))), expected, rtol=1e-14)
    if taker in LABELS or "returns" in taker.label:
        return
    nullable.iloc[index if len(index) > 1 else index[0]] = pd.NA
    wrong(taker, nullable, (TypeError, ValueError), rf"(<NA>|holds nan) at index {shown}")
    wrong(taker, kind(values.astype(str)), TypeError, "got '.*' at index")
    if values.ndim == 1:
        wrong(taker, pd.Series(values).astype(str).astype("category"), TypeError, "got '.*' at")


@each_and_labels
def test_polars(taker):
    pl = pytest.importorskip("polars")
    values, expected = taker.values, taker.call(taker.values)
    index, shown = entry(taker)
    kind = pl.Series if values.ndim == 1 else pl.DataFrame
    same(taker.call(kind(values)), expected, rtol=1e-14)  # in another order in memory
    if values.ndim == 1 and taker not in LABELS and "forward" not in taker.label:
        holes = [None if i == index[0] else v for i, v in enumerate(values.tolist())]
        if "returns" not in taker.label:
            wrong(taker, pl.Series(holes), ValueError, f"holds nan at index {shown}")
        wrong(taker, pl.Series(values.astype(str)), TypeError, "got '.*' at index 0|holds strings")


@each_and_labels
def test_torch(taker):
    torch = pytest.importorskip("torch")
    values = taker.values
    tensor = torch.tensor(values)
    same(taker.call(tensor), taker.call(values))
    name = re.escape(taker.name)
    with pytest.raises(TypeError, match=rf"^{name} is a torch.Tensor .* {name}\.to_dense\(\)$"):
        taker.call(tensor.to_sparse())
    if values.dtype.kind == "i":
        return
    same(taker.call(tensor.half()), taker.call(values))
    with pytest.raises(TypeError, match=rf"^{name} is a torch.Tensor .* {name}\.float\(\)$"):
        taker.call(tensor.bfloat16())
    tensor.requires_grad_()
    with pytest.raises(TypeError, match=rf"^{name} is a torch.Tensor .* {name}\.detach\(\)$"):
        taker.call(tensor)


# The single checks


MSE = losses.MeanSquaredError()


def test_the_first_of_many_objects_that_are_no_numbers_is_shown():
    with pytest.raises(TypeError, match=r"^y_true holds .*, got None at index 500$"):
        MSE([0.0] * 500 + [None], [0.0] * 501)


def test_the_cure_for_a_column_works_on_what_was_given():
    column, vector = np.array([[1.0], [2]]), np.zeros(2)
    given = [column, column.tolist(), Column([[1.0], [2.0]])]
    if find_spec("pandas"):
        given.append(pytest.importorskip("pandas").DataFrame(column))
    for y_true in given:
        with pytest.raises(ValueError, match="expected equal shapes") as info:
            MSE(y_true, vector)
        cure = re.search(r".*; (.*) turns the column into a vector", str(info.value))[1]
        assert MSE(eval(cure, {"np": np, "y_true": y_true}), vector) == 2.5


@pytest.mark.parametrize("kind", [list, np.uint8, np.uint64, bool, float, np.float16, tuple])
def test_the_cure_for_labels_0_and_1_works_on_what_was_given(kind):
    labels = kind([0, 1]) if kind in (list, tuple) else np.array([0, 1], dtype=kind)
    with pytest.raises(ValueError, match="expected labels -1 or") as info:
        losses.Hinge()(labels, [0.3, 0.4])
    cure = re.search(r".*; (.*) turns labels 0 and 1 into these", str(info.value))[1]
    scores = [0.3, 0.4]
    assert losses.Hinge()(eval(cure, {"np": np, "y_true": labels}), scores) == pytest.approx(0.95)


def test_an_unsigned_integer_that_was_to_be_minus_one_is_explained():
    for dtype in (np.uint8, np.uint16, np.uint32, np.uint64):
        with pytest.raises(ValueError, match=r"expected labels -1 or \+1; an unsigned integer"):
            losses.Hinge()(dtype(2) * np.array([0, 1], dtype) - dtype(1), [0.3, 0.4])


def test_the_cure_for_classes_that_are_floats_works():
    loss = losses.CrossEntropy(from_logits=True)
    for dtype in (np.float64, np.float32, np.float16):
        given = np.array([1, 0], dtype)
        name = np.dtype(dtype).name
        with pytest.raises(TypeError, match=f"holds 1.0 at index 0, of dtype {name};") as info:
            loss(given, np.eye(2))
        cure = re.search(r".*: (.*) makes them", str(info.value))[1]
        assert loss(eval(cure, {"np": np, "y_true": given}), np.eye(2)) == loss([1, 0], np.eye(2))


def test_class_labels_of_every_type():
    logits = np.array([[0.5, 1, 2], [1, 0, 0]])
    loss = losses.CrossEntropy(from_logits=True)
    expected = loss.value_and_gradient([0, 1], logits)
    for dtype in ("uint8", "uint16", "uint32", "uint64", "int8", "int64", "bool", ">i4", object):
        same(loss.value_and_gradient(np.array([0, 1], dtype=dtype), logits), expected)
    same(loss.value_and_gradient([False, True], logits), expected)
    for y, shown in (
        (np.array([0, 2**64 - 1], np.uint64), "18446744073709551615"),
        (np.array([0, 3], np.uint64), "3"),
        (np.array([0, 255], np.uint8), "255"),
        (np.array([0, -1]), "-1"),
    ):
        with pytest.raises(ValueError, match=f"y_true holds {shown} at index 1.*expected class"):
            loss(y, logits)


def test_numbers_too_large_for_a_float():
    with pytest.raises(ValueError, match=r"y_pred\[1\] is 1000.*expected a finite number"):
        MSE([0.0, 0.0], [0.0, 10**400])
    assert MSE([0.0, 0.0], [2**70, 0]) == 2.0**139
    with pytest.raises(ValueError, match=r"delta is 1000.*expected a finite number"):
        losses.Huber(delta=10**400)


# Rows that sum to 1


def softmax(z, dtype):
    z = np.asarray(z, dtype)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True, dtype=dtype)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_the_softmax_of_every_type_is_a_distribution(dtype, classes):
    rng = np.random.default_rng(classes)
    for spread in (0.1, 1.0, 5.0, 20.0):
        p = softmax(spread * rng.normal(size=(40, classes)), dtype)
        for given in (p, p.astype(float)):  # converting it does not make it more exact
            y = given.argmax(axis=1)
            assert math.isfinite(losses.CrossEntropy()(y, given))
            assert math.isfinite(losses.CrossEntropy()(given, given))
            assert 1 <= metrics.perplexity(y, given) < classes + 0.1


def test_a_softmax_in_bfloat16_is_a_distribution_once_converted():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    p = torch.softmax(4 * torch.randn(200, 50), dim=1).bfloat16().float()
    assert np.abs(p.numpy().sum(axis=1) - 1).max() > 1e-4
    assert math.isfinite(losses.CrossEntropy()(np.zeros(200, int), p))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("factor", [0.98, 1.02])
def test_rows_that_are_off_by_more_than_their_rounding(dtype, factor):
    p = softmax(np.random.default_rng(0).normal(size=(5, 7)), dtype)
    p[3] *= np.asarray(factor, dtype)
    y = np.zeros(5, int)
    for function, name in ((losses.CrossEntropy(), "y_pred"), (metrics.perplexity, "y_prob")):
        with pytest.raises(ValueError, match=f"^{name} holds a row that sums to .* at index 3;"):
            function(y, p)
    if dtype != "float16":
        p[3] *= np.asarray((1 + 1e-5) / factor, dtype)
        with pytest.raises(ValueError, match=r"sums to 1\.00001\d* at index 3"):
            losses.CrossEntropy()(y, p)


# Labels of class_weights


class Strings(Column):
    """As a column of strings in pandas."""


def test_class_weights_of_labels_of_any_kind():
    for labels in (
        ["a", "b", "b"],
        Strings(["a", "b", "b"]),
        np.array(["a", "b", "b"], dtype=object),
        np.array(["a", "b", "b"], dtype="S1"),
        [1, "one", "one"],
        np.array([1, "one", "one"], dtype=object),
        [0.5, 2, 2],
        [True, False, False],
        np.array([0, 1, 1], np.uint64),
        np.array(["2026-01-01", "2026-01-02", "2026-01-02"], "M8[D]"),
    ):
        assert losses.class_weights(labels).tolist() == [1.5, 0.75, 0.75]
    for labels in (Strings(["a", "b"]), ["a", "b"], np.array(["a", "b"], object)):
        assert losses.class_weights(labels, {"a": 1, "b": 2}).tolist() == [1, 2]
        with pytest.raises(ValueError, match="weights has no entry for the label 'b'; expected"):
            losses.class_weights(labels, {"a": 1})


@pytest.mark.parametrize("missing", [math.nan, None, NA(), np.datetime64("NaT")], ids=repr)
def test_class_weights_refuse_a_missing_label(missing):
    given = [np.array(["a", missing, "b", missing], dtype=object)]
    if isinstance(missing, float):
        given += [[1.0, missing, 2.0, missing], np.array([1, missing, 0], np.float16)]
    for labels in given:
        with pytest.raises(ValueError, match=r"y_true holds .* at index 1; expected a label"):
            losses.class_weights(labels)
        with pytest.raises(ValueError, match=r"y_true holds .* at index 1; expected a label"):
            losses.class_weights(labels, {"a": 1, "b": 1, 1.0: 1, 2.0: 1})


def test_class_weights_refuse_what_cannot_be_a_key():
    labels = np.empty(2, dtype=object)
    labels[:] = ["a", [1]]
    with pytest.raises(TypeError, match=r"y_true holds \[1\] at index 1; expected labels"):
        losses.class_weights(labels)


def test_class_weights_of_pandas():
    pd = pytest.importorskip("pandas")
    for dtype in (object, "str", "string", "category"):
        labels = pd.Series(["a", "b", "b"], dtype=dtype)
        assert losses.class_weights(labels).tolist() == [1.5, 0.75, 0.75]
        assert losses.class_weights(labels, {"a": 1, "b": 2}).tolist() == [1, 2, 2]
        labels[2] = None
        with pytest.raises(ValueError, match=r"y_true holds .* at index 2; expected a label"):
            losses.class_weights(labels)
    with pytest.raises(ValueError, match=r"y_true holds (<NA>|nan) at index 1; expected a label"):
        losses.class_weights(pd.Series([1, None], dtype="Int64"))
