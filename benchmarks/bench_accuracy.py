"""Accuracy of values and gradients beside other libraries, against mpmath.

The tests take their reference formulas and inputs from here too. They hold this package to its
bounds over all of float64; the comparison leaves out what hardly anyone meets: inputs beyond 1e4 or
below 1e-20, and results below 1e-300.
"""

import os

import numpy as np

from benchmarks import cases as cases_of_losses
from benchmarks import peers, references, timing

os.environ.setdefault("KERAS_BACKEND", "jax")
from benchmarks.peers import jax, optax, sklearn_loss, torch
from lossbook import losses

keras = timing.optional("keras") if jax else None
if keras:
    keras.config.set_floatx("float64")

COLUMNS = ("lossbook", "torch", "optax", "keras", "scikit-learn")


def run():
    """The worst error of each library for each loss; a Markdown section."""
    parts = [
        "## Accuracy in float64",
        "The largest error in units in the last place (ulp) of the true result, and the input on "
        "which it occurs, for inputs of a size from 1e-20 to 1e4 (and 0). *all digits* stands for "
        "an error of more than 10⁸ ulp: a wrong 0, infinity or NaN, or half of the digits lost.",
    ]
    for what in ("value", "gradient"):
        rows = []
        for name, loss, others in cases():
            y, p = cases_of_losses.accuracy_points(loss, np.random.default_rng(11))
            size = np.abs(p)
            usual = (size == 0) | ((size >= 1e-20) & (size <= 1e4))
            y, p = y[usual], p[usual]
            exact = getattr(references.reference(loss), what)
            truth = [exact(references.mpf(a), references.mpf(b)) for a, b in pairs(y, p)]
            own = {"lossbook": (loss.pointwise, loss.gradient), **others}
            cells = []
            for library in COLUMNS:
                if library not in own:
                    cells.append("–")
                    continue
                function = own[library][what == "gradient"]
                computed = np.asarray(function(y, p), dtype=float)
                cells.append(worst(computed, truth, inputs=list(zip(y, p, strict=True))))
            rows.append([name, *cells])
        rows.append(["softmax cross-entropy of 3 logits, label 0", *softmax_cells(what)])
        parts += [f"### {what}", timing.table(["loss", *COLUMNS], rows)]
    return "\n\n".join(parts)


def softmax_cells(what):
    """The row of softmax cross-entropy: y is 0, and each input a row of logits."""
    z = three_logits(np.random.default_rng(11))
    y = np.zeros(len(z), dtype=np.int64)
    truth = [references.softmax(row, 0)[what == "gradient"] for row in z]
    cells = []
    for functions in softmax_cases():
        if functions is None:
            cells.append("–")
            continue
        computed = np.asarray(functions[what == "gradient"](y, z), dtype=float)
        if what == "value":
            cells.append(worst(computed, truth, inputs=z))
        else:  # every entry of the gradient, beside its row of logits
            flat = [entry for row in truth for entry in row]
            cells.append(worst(computed.ravel(), flat, inputs=np.repeat(z, 3, axis=0)))
    return cells


def three_logits(rng, count=400):
    """Rows of 3 logits: usual, from 1e-20 to 1e4 in size, and with the label's class far ahead."""
    usual = 3 * rng.normal(size=(count, 3))
    wide = 10 ** rng.uniform(-20, 4, (count, 3)) * rng.choice([-1.0, 1.0], (count, 3))
    ahead = rng.normal(size=(count, 3))
    ahead[:, 0] += rng.uniform(0, 300, count)
    return np.concatenate([usual, wide, ahead, [[40.0, 0.0, 0.0], [0.0, 0.0, 0.0]]])


def softmax_cases():
    """For each of `COLUMNS` its value and gradient of class indices and logits, or None."""
    own = losses.CrossEntropy(from_logits=True)
    cross_entropy = torch and torch.nn.functional.cross_entropy
    multinomial = sklearn_loss and sklearn_loss.HalfMultinomialLoss(n_classes=3)
    found = libraries(
        torch and (lambda y, z: cross_entropy(z, y, reduction="none")),
        optax and (lambda y, z: optax.softmax_cross_entropy_with_integer_labels(z, y)),
        keras
        and (lambda y, z: keras.losses.sparse_categorical_crossentropy(y, z, from_logits=True)),
    )
    if multinomial:
        found["scikit-learn"] = (
            lambda y, z: multinomial.loss(y_true=y.astype(float), raw_prediction=z),
            lambda y, z: multinomial.gradient(y_true=y.astype(float), raw_prediction=z),
        )
    found["lossbook"] = (own.pointwise, own.gradient)
    return [found.get(library) for library in COLUMNS]


def pairs(y, p):
    return [(float(a), float(b)) for a, b in zip(y, p, strict=True)]


def worst(computed, truth, inputs):
    """The largest error in ulp and where, as a cell of the table."""
    errors = [
        references.ulps(float(c), t) if t == 0 or abs(t) > 1e-300 else 0.0
        for c, t in zip(computed, truth, strict=True)
    ]
    at = int(np.argmax(errors))
    size = f"{errors[at]:,.2g}" if errors[at] < 100 else f"{errors[at]:,.0f}"
    if errors[at] > 1e8:
        size = "all digits"
    if isinstance(inputs, np.ndarray):
        where = f"ŷ = [{', '.join(f'{v:.4g}' for v in inputs[at])}]"
    else:
        where = "y = {:g}, ŷ = {:.4g}".format(*inputs[at])
    return f"{size} ({where}: {computed[at]:.4g})"


def cases():
    """Name, loss, and for each library that is installed its pointwise loss and gradient."""
    functional = torch.nn.functional if torch else None
    return [
        (
            "Huber, δ = 1",
            losses.Huber(),
            libraries(
                torch and (lambda y, p: functional.huber_loss(p, y, reduction="none")),
                optax and (lambda y, p: optax.huber_loss(p, y)),
                keras and (lambda y, p: keras.losses.huber(y[..., None], p[..., None])),
                sklearn_loss and peers.sklearn_huber(),
            ),
        ),
        (
            "log-cosh",
            losses.LogCosh(),
            libraries(
                None,
                optax and (lambda y, p: optax.log_cosh(p, y)),
                keras and (lambda y, p: keras.losses.log_cosh(y[..., None], p[..., None])),
            ),
        ),
        (
            "cross-entropy of probabilities",
            losses.BinaryCrossEntropy(),
            libraries(
                torch and (lambda y, p: functional.binary_cross_entropy(p, y, reduction="none")),
                None,
                keras
                and (lambda y, p: keras.losses.binary_crossentropy(y[..., None], p[..., None])),
            ),
        ),
        (
            "cross-entropy of logits",
            losses.BinaryCrossEntropy(from_logits=True),
            libraries(
                torch
                and (
                    lambda y, x: functional.binary_cross_entropy_with_logits(x, y, reduction="none")
                ),
                optax and (lambda y, x: optax.sigmoid_binary_cross_entropy(x, y)),
                keras
                and (
                    lambda y, x: keras.losses.binary_crossentropy(
                        y[..., None], x[..., None], from_logits=True
                    )
                ),
                sklearn_loss and sklearn_loss.HalfBinomialLoss(),
            ),
        ),
        (
            "logistic margin loss",
            losses.Logistic(),
            libraries(
                torch and (lambda y, f: functional.soft_margin_loss(f, y, reduction="none")),
                None,
                None,
            ),
        ),
        (
            "squared hinge",
            losses.SquaredHinge(),
            libraries(
                None,
                None,
                keras and (lambda y, f: keras.losses.squared_hinge(y[..., None], f[..., None])),
            ),
        ),
    ]


def libraries(in_torch, in_optax, in_keras, in_sklearn=None):
    """Pairs of value and gradient functions on NumPy arrays."""
    found = {}
    if in_sklearn:
        found["scikit-learn"] = (
            lambda y, p: in_sklearn.loss(y_true=y, raw_prediction=p),
            lambda y, p: in_sklearn.gradient(y_true=y, raw_prediction=p),
        )
    if in_torch:
        found["torch"] = (
            lambda y, p: in_torch(torch.from_numpy(y), torch.from_numpy(p)),
            lambda y, p: _torch_gradient(in_torch, y, p),
        )
    for name, function in (("optax", in_optax), ("keras", in_keras)):
        if function:
            found[name] = (
                lambda y, p, f=function: f(jax.numpy.asarray(y), jax.numpy.asarray(p)),
                lambda y, p, f=function: jax.grad(lambda q: f(jax.numpy.asarray(y), q).sum())(
                    jax.numpy.asarray(p)
                ),
            )
    return found


def _torch_gradient(function, y, p):
    p = torch.from_numpy(p.copy()).requires_grad_()
    function(torch.from_numpy(y), p).sum().backward()
    return p.grad
