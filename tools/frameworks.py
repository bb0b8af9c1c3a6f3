"""Run the code of the tabs: python -m tools.frameworks [--record] [--python PATH] [SUBJECT ...].

Each file of `frameworks/` runs in a process of its own, on Linux a fork of one that has imported the framework. What
it prints is compared with the record, and with what `with_lossbook.py` of the same subject prints; with --record it
becomes the record. Where a framework is missing, its files are named as not run, and the run has failed.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "_ext"))

from readers.frameworks import TABS, Subject, digest, subjects  # noqa: E402

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\b(?:nan|inf)\b")
_SETTINGS = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclass(frozen=True)
class Run:
    """What became of a file: its lines, or why there are none."""

    subject: Subject
    name: str
    printed: str = ""
    error: str = ""
    digest: str = ""  # of the file as it ran: it may be changed before the record is written

    @property
    def label(self) -> str:
        return f"{self.subject.name}/with_{self.name}.py"


def versions_of(python: str, libraries: set[str]) -> dict[str, str]:
    """The versions of those libraries that this Python can import from."""
    code = (
        "import json, sys\nfrom importlib.metadata import PackageNotFoundError, version\nfound = {}\n"
        "for name in sys.argv[1:]:\n    try: found[name] = version(name).partition('+')[0]\n"
        "    except PackageNotFoundError: pass\nprint(json.dumps(found))"
    )
    done = subprocess.run(
        [python, "-c", code, *sorted(libraries)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def environment(name: str) -> dict[str, str]:
    """What the files of a framework run in."""
    return {**os.environ, **_SETTINGS, "PYTHONPATH": str(ROOT) if name == "lossbook" else ""}


def run(subject: Subject, name: str, python: str) -> Run:
    """Run one file, as its reader would."""
    before = digest(subject.files[name])
    done = subprocess.run(
        [python, subject.files[name]],
        capture_output=True,
        text=True,
        env=environment(name),
        cwd=subject.files[name].parent,
    )
    error = "" if done.returncode == 0 else done.stderr.strip() or f"status {done.returncode}"
    return Run(subject, name, done.stdout, error, before)


class Forks:
    """Runs files of one framework, which is imported once (`tools.forked`)."""

    def __init__(self, name: str, python: str, libraries: Iterable[str]) -> None:
        self.name = name
        self.process = subprocess.Popen(
            [python, ROOT / "tools" / "forked.py", *libraries],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(name),
        )

    def run(self, subject: Subject) -> Run:
        """As the function `run`."""
        before = digest(subject.files[self.name])
        assert self.process.stdin and self.process.stdout
        print(subject.files[self.name], file=self.process.stdin, flush=True)
        return Run(subject, self.name, **json.loads(self.process.stdout.readline()), digest=before)

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


def run_all(jobs: list[tuple[Subject, str]], pythons: dict[str, str], at_once: int) -> list[Run]:
    """Run files, so many at once."""
    if sys.platform != "linux":  # elsewhere a child may lack what its parent's libraries hold
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(lambda job: run(*job, pythons[job[1]]), jobs))
    local, started = threading.local(), []

    def forked(job: tuple[Subject, str]) -> Run:
        subject, name = job
        if name not in (forks := vars(local)):
            forks[name] = Forks(
                name, pythons[name], [*TABS[name][1], *["lossbook"] * (name == "lossbook")]
            )
            started.append(forks[name])
        return forks[name].run(subject)

    with ThreadPoolExecutor(at_once) as pool:
        done = list(pool.map(forked, jobs))
    for forks in started:
        forks.close()
    return done


def entries(printed: str) -> dict[str, list[str]]:
    """The numbers of each line by its words; a line without words goes on with the one before."""
    found: dict[str, list[str]] = {}
    label = ""
    for line in printed.strip().split("\n"):
        words = re.sub(r"[\[\](){},:=]", " ", _NUMBER.sub(" ", line)).split()
        label = " ".join(words) or label
        found.setdefault(label, []).extend(_NUMBER.findall(line))
    return found


def difference(printed: str, other: str, every_line: bool = True) -> str:
    """Where two texts differ by more than the rounding of their numbers, or nothing.

    Without `every_line`, only lines of the same words are compared, and there must be one.
    """
    ours, theirs = entries(printed), entries(other)
    if every_line and ours.keys() != theirs.keys():
        return f"the lines {', '.join(ours)} where {', '.join(theirs)} are expected"
    both = [label for label in ours if label in theirs]
    if not both:
        return f"no line in common with {', '.join(theirs)}"
    for label in both:
        a, b = ours[label], theirs[label]
        if len(a) != len(b) or not all(map(_near, a, b)):
            return f"{label} {' '.join(a)} where {' '.join(b)} is expected"
    return ""


def _near(one: str, two: str) -> bool:
    """Equal but for a unit of the last digit that the coarser of the two shows."""
    a, b = float(one), float(two)
    if not (math.isfinite(a) and math.isfinite(b)):
        return one == two
    return abs(a - b) <= 1.01 * max(_unit(one), _unit(two)) + 1e-6 * abs(b)


def _unit(number: str) -> float:
    """One unit of the last digit that is shown; whole numbers are exact."""
    digits, _, exponent = number.lower().partition("e")
    decimals = len(digits.partition(".")[2])
    return 10.0 ** (int(exponent or 0) - decimals) if decimals or exponent else 0.0


def compare(runs: dict[str, Run], with_the_record: bool) -> list[str]:
    """What is wrong with the runs of one subject: errors, and what differs from the record and from lossbook."""
    found = [f"{r.label} failed:\n{r.error}" for r in runs.values() if r.error]
    good = {name: r for name, r in runs.items() if not r.error}
    ours = good.get("lossbook")
    for name, r in good.items():
        record = r.subject.records.get(name) if with_the_record else None
        if record and (what := difference(r.printed, record["printed"])):
            versions = ", ".join(f"{k} {v}" for k, v in record["versions"].items())
            found.append(f"{r.label}, against its record of {versions}: {what}")
        if (
            ours
            and ours is not r
            and (what := difference(r.printed, ours.printed, every_line=False))
        ):
            found.append(f"{r.label}, against lossbook: {what}")
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "subjects", nargs="*", help="such as cross_entropy/class_indices; all by default"
    )
    parser.add_argument(
        "--record", action="store_true", help="write what was printed as the record"
    )
    parser.add_argument("--python", default=sys.executable, help="a Python that has the frameworks")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    known = {subject.name: subject for subject in subjects()}
    if wrong := [name for name in options.subjects if name not in known]:
        parser.error(f"no subject {wrong[0]!r}; there are {', '.join(known)}")
    chosen = [known[name] for name in options.subjects or known]
    other = shutil.which(options.python) or parser.error(f"no program {options.python!r}")
    pythons = {
        name: sys.executable if name == "lossbook" else os.path.abspath(other) for name in TABS
    }
    wanted = {lib for _, libraries in TABS.values() for lib in libraries}
    installed = {python: versions_of(python, wanted) for python in set(pythons.values())}
    have = {
        name: {lib: v for lib, v in installed[pythons[name]].items() if lib in libraries}
        for name, (_, libraries) in TABS.items()
    }
    missing = {
        name: [lib for lib in libraries if lib not in have[name]]
        for name, (_, libraries) in TABS.items()
    }
    jobs = [(s, name) for s in chosen for name in s.files if not missing[name]]
    done = run_all(jobs, pythons, options.jobs)
    faults: list[str] = []
    for subject in chosen:
        runs = {r.name: r for r in done if r.subject is subject}
        faults += compare(runs, with_the_record=not options.record)
        if options.record:
            write(subject, runs, have)
        else:
            faults += subject.faults()
    for name, libraries in missing.items():
        left = [s.name for s in chosen if name in s.files and libraries]
        if left:
            faults.append(
                f"{', '.join(libraries)} not installed: not run with_{name}.py of {', '.join(left)}"
            )
    ran = {lib: v for versions in have.values() for lib, v in versions.items()}
    print(f"{len(done)} files ran with " + ", ".join(f"{lib} {v}" for lib, v in ran.items()))
    print("\n".join(faults) or "all of them print what is on record, and what lossbook computes")
    return 1 if faults else 0


def write(subject: Subject, runs: dict[str, Run], have: dict[str, dict[str, str]]) -> None:
    """The record of a subject: what ran now, and what did not run as it was."""
    new = {
        name: {"digest": r.digest, "versions": have[name], "printed": r.printed}
        for name, r in runs.items()
        if not r.error
    }
    kept = {n: r for n, r in subject.records.items() if n in subject.files and n not in runs}
    records = {name: r for name in TABS if (r := new.get(name) or kept.get(name))}
    subject.record.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
