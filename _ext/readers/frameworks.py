"""The code of the tabs: the files of `frameworks/`, and what each printed when it last ran.

A subject is a folder such as `frameworks/cross_entropy/class_indices`. It holds a file for each framework
(`with_torch.py`, `with_jax.py`, `with_keras.py`, `with_lossbook.py`) and `record.json`. `python -m tools.frameworks`
runs the files and writes the record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .lines import fence_around

FOLDER = Path(__file__).resolve().parents[2] / "frameworks"
#: what a tab is called, and the distributions whose versions its record holds
TABS = {
    "torch": ("PyTorch", ("torch",)),
    "jax": ("JAX", ("jax", "optax")),
    "keras": ("Keras", ("keras", "jax")),
    "lossbook": ("NumPy", ("numpy",)),
}
#: how a library writes its own name
NAMES = {"torch": "PyTorch", "jax": "JAX", "optax": "Optax", "keras": "Keras", "numpy": "NumPy"}


@dataclass(frozen=True)
class Subject:
    """A folder of files that do the same thing, one a framework."""

    name: str
    folder: Path = field(default=FOLDER, repr=False)

    @property
    def files(self) -> dict[str, Path]:
        """The files by their framework, in the order of the tabs."""
        found = {name: self.folder / self.name / f"with_{name}.py" for name in TABS}
        return {name: path for name, path in found.items() if path.exists()}

    @property
    def record(self) -> Path:
        return self.folder / self.name / "record.json"

    @cached_property
    def records(self) -> dict[str, dict]:
        """What each file printed, with a digest of it and the versions with which it ran."""
        return json.loads(self.record.read_text("utf-8")) if self.record.exists() else {}

    def faults(self) -> list[str]:
        """Where the files and the record do not belong together."""
        where = f"frameworks/{self.name}"
        if not self.files:
            return [f"{where} holds no file such as with_torch.py"]
        found = [
            f"{path.name} of {where} {what}: run make frameworks RECORD=1"
            for name, path in self.files.items()
            for what in [self._fault(name, path)]
            if what
        ]
        gone = [name for name in self.records if name not in self.files]
        return found + [f"{where}: the record of with_{name}.py has no file" for name in gone]

    def _fault(self, name: str, path: Path) -> str:
        if name not in self.records:
            return "has no record"
        return (
            "" if self.records[name]["digest"] == digest(path) else "was changed since its record"
        )

    def panes(self) -> Iterator[tuple[str, list[str], list[str], str]]:
        """Of each framework its name, the lines of its file, the lines printed, and a fence around either."""
        if faults := self.faults():
            raise ValueError("; ".join(faults))
        for name, path in self.files.items():
            code, printed = path.read_text("utf-8").strip(), self.records[name]["printed"].rstrip()
            yield name, code.split("\n"), printed.split("\n"), fence_around(code + printed)

    def tabs(self) -> list[str]:
        """The subject in MyST: a set of tabs with code, output and versions."""
        out = ["::::{tab-set}", ":sync-group: framework", ""]
        for name, code, printed, fence in self.panes():
            out += [f":::{{tab-item}} {TABS[name][0]}", f":sync: {name}", ""]
            out += [f"{fence}{{code-block}} python", *code, fence, ""]
            out += [f"{fence}{{code-block}} text", "", *printed, fence, "", ":::", ""]
        ran = {lib: v for record in self.records.values() for lib, v in record["versions"].items()}
        versions = ", ".join(f"{NAMES[lib]} {ran[lib]}" for lib in NAMES if lib in ran)
        return [*out, "::::", "", f"*As printed by {versions}.*", ""]


def subjects(folder: Path = FOLDER) -> list[Subject]:
    """All of them, in the order of their names."""
    names = {path.parent.relative_to(folder).as_posix() for path in folder.glob("*/*/with_*.py")}
    names |= {path.parent.relative_to(folder).as_posix() for path in folder.glob("*/*/record.json")}
    return [Subject(name, folder) for name in sorted(names)]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
