"""The lines for PyTorch, Keras and JAX: each computes what the loss does, and is named as its peer."""

import json
import os
import re
import subprocess
from functools import cache
from html import unescape

import numpy as np
import pytest

from lossbook import losses
from lossbook.teaching import calls, catalog, guide

from ..paths import ROOT
from . import snippets

PYTHON = os.environ.get("LOSSBOOK_FRAMEWORKS", str(ROOT / ".venv-frameworks" / "bin" / "python"))
needs = pytest.mark.skipif(not os.path.exists(PYTHON), reason=f"no frameworks: {PYTHON} is missing")
NUMBERS = {
    "y": [1.0, 4.0, 2.0],
    "pred": [2.0, 1.0, 2.05],
    "variance": [0.5, 4.0, 2.0],
    "log_rate": [0.3, 1.0, -0.2],
}
TWO = {"y": [1.0, 0.0, 1.0], "logits": [2.0, 1.0, -0.5]}
SIGNS = {"sign": [1.0, -1.0, 1.0], "score": [2.0, 0.4, -0.5]}
ROWS = [[2.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
SHARES = [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]]


def softmax(z):
    e = np.exp(z)
    return e / e.sum(axis=-1, keepdims=True)


#: the numbers of a line, and what the loss of the package is asked
ASKED = {
    **dict.fromkeys(
        [
            "MeanSquaredError",
            "Huber",
            "Tukey",
            "MeanAbsoluteError",
            "Pinball",
            "MeanSquaredLogarithmicError",
            "EpsilonInsensitive",
        ],
        (NUMBERS, lambda n: (n["y"], n["pred"])),
    ),
    "GaussianNLL": (
        NUMBERS,
        lambda n: (n["y"], np.transpose([n["pred"], n["variance"]])),
    ),
    "PoissonNLL": (NUMBERS, lambda n: (n["y"], n["log_rate"])),
    "BinaryCrossEntropy": (TWO, lambda n: (n["y"], n["logits"])),
    "Brier": (TWO, lambda n: (n["y"], 1 / (1 + np.exp(-np.array(n["logits"]))))),
    "Focal": (TWO, lambda n: (n["y"], n["logits"])),
    "Hinge": (SIGNS, lambda n: (n["sign"], n["score"])),
    "CrossEntropy": ({"y": [0, 2], "logits": ROWS}, lambda n: (n["y"], n["logits"])),
    "KLDivergence": ({"y": SHARES, "logits": ROWS}, lambda n: (n["y"], softmax(n["logits"]))),
}
ADVICE = {
    repr(end.losses[0]): end.losses[0] for _, end in guide.paths() if isinstance(end, guide.Advice)
}
SECTIONS = {
    path[-1].key: end.lines for path, end in guide.paths() if isinstance(end, guide.Section)
}
#: for each section the numbers, and what comes out
IN_SECTIONS = {
    "numbers": ({"y": SHARES, "pred": ROWS}, np.mean((np.array(ROWS) - SHARES) ** 2)),
    "ordered": (
        {"y": [2, 0], "logits": ROWS, "K": 4},
        losses.BinaryCrossEntropy(from_logits=True)([[1, 1, 0], [0, 0, 0]], ROWS),
    ),
    "mask": (
        {"y": [[[1.0, 0.0, 0.0]]], "logits": [[[2.0, 1.0, -1.0]]], "p": [[[0.9, 0.6, 0.2]]]},
        losses.BinaryCrossEntropy(from_logits=True)([1, 0, 0], [2.0, 1.0, -1.0])
        + 1
        - 2 * 0.9 / 2.7,
    ),
    "embeddings": (
        {"a": [[0.6, 0.8], [1.0, 0.0]], "b": [[0.8, 0.6], [0.0, 1.0]]},
        losses.CrossEntropy(from_logits=True)([0, 1], np.array([[0.96, 0.8], [0.8, 0.0]]) / 0.07),
    ),
    "ranking": (
        {"better": [2.0, 0.0], "worse": [1.0, 0.5]},
        np.mean(np.logaddexp(0, [-1.0, 0.5])),
    ),
    "preferences": (
        {"chosen": [2.0, 0.0], "rejected": [1.0, 0.5], "beta": 0.5},
        np.mean(np.logaddexp(0, [-0.5, 0.25])),
    ),
    "text": (
        {"y": [[0, 2], [1, -100]], "logits": [ROWS, ROWS]},
        losses.CrossEntropy(from_logits=True)([0, 2, 1], [*ROWS, ROWS[0]]),
    ),
    "time": (
        {"t": [1.0, 3.0], "seen": [1.0, 0.0], "log_h": [0.5, -1.0]},
        np.mean([np.exp(0.5) - 0.5, 3 * np.exp(-1.0)]),
    ),
    "amount": (  # at p = 1.5: twice the root of the mean, and twice y over it
        {"y": [0.0, 3.0], "z": [0.0, float(np.log(4.0))], "p": 1.5},
        np.mean([2.0, 2 * 2.0 + 2 * 3.0 / 2.0]),
    ),
    "sequence": (None, 0.0),  # of each framework's own shapes: run alone
}
START = {
    "PyTorch": "import torch, torch.nn.functional as F\nthe = torch.tensor",
    "Keras": "import os; os.environ.setdefault('KERAS_BACKEND', 'jax')\n"
    "import keras, numpy as np\nfrom keras import ops\n"
    "the = lambda v: np.array(v, np.float32 if np.array(v).dtype.kind == 'f' else np.int64)",
    "JAX": "import jax, jax.numpy as jnp, optax\nthe = jnp.array",
}
SEQUENCE = {
    "PyTorch": "log_probs = torch.zeros(4, 1, 3).log_softmax(-1); targets = torch.tensor([[1, 2]])\n"
    "input_lengths, target_lengths = torch.tensor([4]), torch.tensor([2])",
    "JAX": "logits, labels = jnp.zeros((1, 4, 3)), jnp.array([[1, 2]])\n"
    "logit_paddings, label_paddings = jnp.zeros((1, 4)), jnp.zeros((1, 2))",
}


def job(framework, line, numbers):
    names = "\n".join(f"{name} = the({values!r})" for name, values in numbers.items())
    return {
        "prelude": START[framework],
        "steps": [["run", names], ["run", f"print(float({line}))"]],
    }


@cache
def computed():
    """What each line gives, by (framework, loss or section)."""
    jobs = {}
    for name, loss in ADVICE.items():
        for framework, line in calls.in_frameworks(loss).items():
            jobs[framework, name] = job(framework, line, ASKED[type(loss).__name__][0])
    for name, lines in SECTIONS.items():
        for framework, line in lines.items():
            if name == "sequence":
                one = job(framework, line, {})
                one["steps"][0] = ["run", SEQUENCE[framework]]
                jobs[framework, name] = one
            elif not line.startswith("torchvision"):
                numbers = IN_SECTIONS[name][0]
                plain = {k: v for k, v in numbers.items() if not np.ndim(v)}
                jobs[framework, name] = job(framework, line, {**numbers, **plain})
                jobs[framework, name]["steps"].insert(
                    1, ["run", "\n".join(f"{k} = {v}" for k, v in plain.items())]
                )
    done = subprocess.run(
        [PYTHON, snippets.__file__],
        input=json.dumps(list(jobs.values())),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
        env={
            **os.environ,
            "JAX_PLATFORMS": "cpu",
            "KERAS_BACKEND": "jax",
            "OMP_NUM_THREADS": "1",
        },
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {key: got[-1] for key, got in zip(jobs, json.loads(done.stdout), strict=True)}


@needs
@pytest.mark.parametrize("name", ADVICE)
def test_a_line_computes_what_the_loss_computes(name):
    loss = ADVICE[name]
    numbers, asked = ASKED[type(loss).__name__]
    wanted = loss(*map(np.asarray, asked(numbers)))
    for framework in calls.FRAMEWORKS:
        assert float(computed()[framework, name]) == pytest.approx(wanted, rel=2e-5), framework


@needs
@pytest.mark.parametrize("name", IN_SECTIONS)
def test_a_line_of_a_section_computes_it(name):
    values = {f: computed()[f, name] for f in SECTIONS[name]}
    if (
        name == "sequence"
    ):  # four steps of three symbols: 15 of 81 paths say "1 2"; PyTorch divides by the letters
        wanted = -np.log(15 / 81)
        assert float(values["JAX"]) == pytest.approx(wanted, rel=1e-4)
        assert float(values["PyTorch"]) == pytest.approx(wanted / 2, rel=1e-5)
        return
    for framework, value in values.items():
        assert float(value) == pytest.approx(IN_SECTIONS[name][1], rel=2e-5), framework


def test_every_line_is_run_but_that_of_torchvision():
    lines = [line for lines in SECTIONS.values() for line in lines.values()]
    assert sum(line.startswith("torchvision") for line in lines) == 1
    assert set(IN_SECTIONS) == set(SECTIONS) - {"boxes", "samples"}


#: a peer whose name a line does not use: another form of the same, or, by its note, another loss
OTHERWISE = {
    ("PyTorch", "HingeEmbeddingLoss"),
    ("Keras", "CategoricalCrossentropy"),  # the line takes class indices
    ("Keras", "CategoricalFocalCrossentropy"),  # the line has one logit
}


def plain(name):
    return (
        name.lower()
        .replace("_", "")
        .removesuffix("loss")
        .replace("bcewithlogits", "binarycrossentropywithlogits")
    )


@pytest.mark.parametrize("name", ADVICE)
def test_the_names_are_those_of_the_peers(name):
    lines = calls.in_frameworks(ADVICE[name])
    for peer in catalog.entry(type(ADVICE[name])).peers:
        library = {"optax": "JAX"}.get(peer.library, peer.library)
        if library in lines and (library, peer.name) not in OTHERWISE:
            called = lines[library].replace("kl_div(", "kl_div_loss(").replace("_", "").lower()
            assert plain(peer.name) in called, (peer, lines[library])


def test_a_loss_without_lines_is_named():
    with pytest.raises(ValueError, match=r"loss is ZeroOne\(\)"):
        calls.in_frameworks(losses.ZeroOne())


def _lines(end):
    """The lines that the guide shows at the end of a path."""
    if isinstance(end, guide.Section):
        return end.lines.values()
    return calls.in_frameworks(end.losses[0]).values()


def test_a_line_breaks_behind_signs_and_is_the_same_when_copied():
    lines = [line for _, end in guide.paths() for line in _lines(end)]
    for line in lines:
        shown = re.findall("<code>(.*?)</code>", calls.listed({"x": line}))[0]
        assert unescape(shown.replace("<wbr>", "")) == line
        assert all(re.search(r"[(._)]$", piece) for piece in shown.split("<wbr>")[:-1])
        assert max(map(len, re.split("<wbr>| ", shown))) <= 36, shown
