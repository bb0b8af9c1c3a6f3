"""The versions that `constraints.txt` pins, of which this environment is made."""

import tomllib
from importlib.metadata import distributions

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from ..paths import ROOT

LINES = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
PINS = [Requirement(line) for line in LINES if line and not line.startswith("#")]


def project(folder=""):
    return tomllib.loads((ROOT / folder / "pyproject.toml").read_text("utf-8"))["project"]


def test_each_runs_on_the_oldest_python_that_we_promise():
    # Debian 12 has 3.11.2; what a 3.11.7 installs may ask for 3.11.5
    (promised,) = SpecifierSet(project()["requires-python"])
    pinned = {
        canonicalize_name(pin.name): pin.specifier
        for pin in PINS
        if pin.marker is None or pin.marker.evaluate({"python_version": promised.version})
    }
    asks = {
        found.name: found.metadata.get("Requires-Python")
        for found in distributions()
        if found.version in pinned.get(canonicalize_name(found.name), ())
    }
    assert len(asks) > 100
    oldest = f"{promised.version}.0"
    assert {n: a for n, a in asks.items() if a and not SpecifierSet(a).contains(oldest)} == {}


def test_whatever_we_ask_for_is_pinned_to_a_version_that_we_allow():
    asked = []
    for found in (project(), project("live_figures")):
        for needs in (found["dependencies"], *found["optional-dependencies"].values()):
            asked += needs
    for need in map(Requirement, asked):
        name = canonicalize_name(need.name)
        if name in ("lossbook", "live-figures"):
            continue
        pins = [pin.specifier for pin in PINS if canonicalize_name(pin.name) == name]
        assert pins, f"{need.name} has no pin"
        for exact in pins:
            assert str(exact).removeprefix("==") in need.specifier, f"{need} and {exact}"
