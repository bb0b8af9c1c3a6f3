"""The code of the clinic runs, and shows what is said of it: on faults made on purpose, in the frameworks themselves.

The book is built without them. Where `make frameworks` has set up its environment, or LOSSBOOK_FRAMEWORKS names a
Python that has them, all code runs there; elsewhere these tests are skipped, by name. What needs NumPy and lossbook
alone runs here.
"""

import contextlib
import io
import json
import os
import re
import subprocess
from functools import cache

import pytest

from lossbook.teaching import clinic
from lossbook.teaching.clinic import causes

from ..paths import ROOT
from . import snippets
from .faults import FAULTS, JAX, JAX_OF, KERAS, KERAS_OF, PRELUDE

PYTHON = os.environ.get("LOSSBOOK_FRAMEWORKS", str(ROOT / ".venv-frameworks" / "bin" / "python"))
CAUSES = {c.key: c for c in vars(causes).values() if isinstance(c, clinic.Cause)}
needs = pytest.mark.skipif(not os.path.exists(PYTHON), reason=f"no frameworks: {PYTHON} is missing")


def run(jobs):
    """The results of jobs, in one process of the frameworks' Python."""
    done = subprocess.run(
        [PYTHON, snippets.__file__],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
        timeout=500,
        env={**os.environ, "JAX_PLATFORMS": "cpu", "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def torch_jobs():
    """For each cause: the fault, the test, the cure; and the same test without the fault, which must not show it."""
    jobs = {}
    for key, cause in CAUSES.items():
        case = FAULTS.get(key)
        if case is None:
            continue
        steps = [["run", case.fault]]
        if cause.code and cause.runs == "torch":
            steps.append(["may raise" if case.raises else "run", cause.code])
            steps.append(["check", case.shows])
        if cause.fix:
            steps += [["run", case.names], ["run", cause.fix]]
            if case.healed:
                steps.append(["check", case.healed])
        jobs[key] = {"prelude": PRELUDE, "steps": steps}
        if cause.code and cause.runs == "torch" and case.sound is not None:
            kind = "may raise" if case.raises else "run"
            steps = [["run", case.sound], [kind, cause.code], ["check", f"not ({case.shows})"]]
            jobs[f"{key}, sound"] = {"prelude": PRELUDE, "steps": steps}
    return jobs


def lines_of(framework, prelude, special):
    """For each line that stands for JAX or for Keras, a job."""
    return {
        f"{key} {n}": {"prelude": prelude, "steps": [["run", special.get(key, "")], ["run", code]]}
        for key, cause in CAUSES.items()
        for n, (name, code) in enumerate(cause.elsewhere)
        if name.startswith(framework)
    }


@cache
def results(framework):
    jobs = {
        "torch": torch_jobs,
        "jax": lambda: lines_of("JAX", JAX, JAX_OF),
        "keras": lambda: lines_of("Keras", KERAS, KERAS_OF),
    }[framework]()
    return dict(zip(jobs, run(list(jobs.values())), strict=True))


@needs
@pytest.mark.parametrize("name", torch_jobs())
def test_the_test_shows_the_fault_and_the_cure_runs(name):
    for result, (kind, code) in zip(
        results("torch")[name], torch_jobs()[name]["steps"], strict=False
    ):
        assert not str(result).startswith("FAILED"), result
        assert kind != "check" or result is True, (code, results("torch")[name])
    assert len(results("torch")[name]) == len(torch_jobs()[name]["steps"])


#: tests that say yes on a neighbor's fault: what the cause says of it, or why it is right
BOTH = {
    ("convention", "reduction"): "it prints three conventions, to be compared with the other side",
    ("convention", "weighted-mean"): "the same",
    ("logits-or-probabilities", "reduction"): "it prints what each costs, to be compared",
    ("logits-or-probabilities", "weighted-mean"): "the same",
    ("few-samples", "easy-most"): "merely the rare class",
    ("overconfident", "small-split"): "some hundreds of samples",
    ("overconfident", "other-accuracy"): "the scores say little",
    (
        "small-split",
        "overconfident",
    ): "the error is large there; two of them are compared with the gap",
    ("small-model", "softmax-twice"): "none of the other tests",
    ("seeds", "small-split"): "it prints nothing",
    ("seeds", "still-training"): "it prints nothing",
    ("not-shuffled", "short-batch"): "that loader does not shuffle either",
    ("schedule", "rate"): "another optimizer, whose rate is higher and does not change",
}


#: faults that stand in the optimizer
OF_THE_OPTIMIZER = {"no-step", "rate", "rate-sweep", "rate-floor", "schedule"}


def neighbors():
    """For each two causes of one symptom: the test of the one, on the fault of the other."""
    pairs = {(a.key, b.key) for _, s in clinic.paths() for a in s.causes for b in s.causes}
    jobs = {}
    for mine, other in sorted(pairs):
        cause, case, wrong = CAUSES[mine], FAULTS.get(mine), FAULTS.get(other)
        testable = case and wrong and cause.code and cause.runs == "torch" and case.shows
        if mine == other or not testable or not wrong.fault:
            continue
        anew = "optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)"
        steps = [["run", case.sound or ""], ["run", wrong.fault]]
        steps += [["run", anew]] * ("model = " in wrong.fault and other not in OF_THE_OPTIMIZER)
        steps += [["may raise" if case.raises else "run", cause.code], ["check", case.shows]]
        jobs[mine, other] = {"prelude": PRELUDE, "steps": steps}
    return jobs


@needs
def test_a_test_tells_a_cause_from_its_neighbors():
    jobs = neighbors()
    ran = {
        pair: got[-1]
        for (pair, job), got in zip(jobs.items(), run(list(jobs.values())), strict=True)
        if len(got) == len(job["steps"]) and isinstance(got[-1], bool)
    }  # many faults do not fit to another loss, and raise
    assert {pair for pair, yes in ran.items() if yes} == set(BOTH)
    assert sum(not yes for yes in ran.values()) > 240


@needs
@pytest.mark.parametrize("name", lines_of("JAX", "", {}))
def test_the_lines_for_jax_run(name):
    assert not [r for r in results("jax")[name] if str(r).startswith("FAILED")]


@needs
@pytest.mark.parametrize("name", lines_of("Keras", "", {}))
def test_the_lines_for_keras_run(name):
    assert not [r for r in results("keras")[name] if str(r).startswith("FAILED")]


def test_all_code_of_the_clinic_is_run():
    """Every cause with code for PyTorch has a fault, and every line for another framework a job."""
    with_code = {k for k, c in CAUSES.items() if c.fix or (c.code and c.runs == "torch")}
    assert with_code <= set(FAULTS) <= set(CAUSES)
    assert all(FAULTS[k].shows for k in with_code if CAUSES[k].code and CAUSES[k].runs == "torch")
    lines = sum(len(c.elsewhere) for c in CAUSES.values())
    assert lines == len(lines_of("JAX", "", {})) + len(lines_of("Keras", "", {}))


#: what the code that needs NumPy and lossbook alone prints, as its cause says it
PRINTED = {
    "smoothing-floor": lambda n: round(n[0], 2) == 0.50,
    "density": lambda n: n[0] < 0 < n[1] and abs(n[1] - n[0] - 6.908) < 0.01,
    "noise-floor": lambda n: n[0] > 0.2,
    "batch-means": lambda n: n == [2.5, 1.75],
    "binned": lambda n: n[1] > 0.03 and len({round(v, 3) for v in n[1::2]}) == 3,
    "asks-otherwise": lambda n: n[0] < n[2] and n[3] < n[1],
}


@pytest.mark.parametrize("key", [k for k, c in CAUSES.items() if c.runs == "numpy"])
def test_what_needs_numpy_alone_runs_here(key):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(CAUSES[key].code, {})
    numbers = [float(n) for n in re.findall(snippets.NUMBER, printed.getvalue())]
    assert PRINTED[key](numbers), printed.getvalue()


def test_a_fault_that_is_not_shown_would_be_noticed():
    job = {
        "prelude": "",
        "steps": [["run", "print(1.5)"], ["check", "numbers == [2]"], ["run", "1/0"]],
    }
    result = snippets.done(job)
    assert result[:2] == ["1.5\n", False] and result[2].startswith("FAILED ZeroDivisionError")
