"""The versions that `constraints.txt` pins, of which this environment is made."""

import tomllib
from importlib.metadata import distributions

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from ..paths import ROOT


def test_each_runs_on_the_oldest_python_that_we_promise():
    # Debian 12 has 3.11.2; what a 3.11.7 installs may ask for 3.11.5
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (promised,) = SpecifierSet(project["requires-python"])
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    pinned = {
        canonicalize_name(pin.name): pin.specifier
        for pin in pins
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
