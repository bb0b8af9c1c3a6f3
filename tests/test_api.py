"""The API reference names every public object once, as what it is, and nothing else."""

import inspect
import re

import pytest

from .figures import ROOT
from .public_names import lookup, public_modules

DIRECTIVE = re.compile(
    r"^\.\. (?:currentmodule:: (?P<module>\S+)|auto(?P<kind>\w+):: (?P<name>\S+))"
    r"(?:\n   :members:(?P<members>.*))?",
    re.M,
)


def entries(text):
    """Full name, kind and listed members of each entry."""
    module = ""
    for found in DIRECTIVE.finditer(text):
        if found["module"]:
            module = found["module"]
            continue
        members = [m.strip() for m in (found["members"] or "").split(",") if m.strip()]
        yield f"{module}.{found['name']}", found["kind"], members


ENTRIES = list(entries((ROOT / "chapters/api.md").read_text("utf-8")))


def api():
    """The names of the outermost modules with an `__all__`: what a user imports, and from where."""
    found = {}
    for name, module in sorted(public_modules().items(), key=lambda item: item[0].count(".")):
        if hasattr(module, "__all__") and not any(name.startswith(f"{outer}.") for outer in found):
            found[name] = [f"{name}.{public}" for public in module.__all__]
    return {name for names in found.values() for name in names}


def kind(value):
    if inspect.isclass(value):
        return "exception" if issubclass(value, Exception) else "class"
    return "function" if callable(value) else "data"


def test_every_public_name_is_in_the_reference_once():
    names = [name for name, _, _ in ENTRIES]
    missing, unknown = sorted(api() - {*names}), sorted({*names} - api())
    assert not missing, f"not in chapters/api.md: {missing}"
    assert not unknown, f"in chapters/api.md, and not public: {unknown}"
    assert len(names) == len({*names})


@pytest.mark.parametrize(("name", "said", "members"), ENTRIES)
def test_an_entry_is_what_the_reference_says(name, said, members):
    value = lookup(name)
    assert said == kind(value), f"{name} is a {kind(value)}"
    missing = [member for member in members if not hasattr(value, member)]
    assert not missing, f"{name} has no {missing}"


def test_the_outermost_modules_are_those_a_user_imports_from():
    names = api()
    assert {"lossbook.losses.Huber", "lossbook.teaching.style.C", "live_figures.pair"} <= names
    assert "lossbook.losses.regression.Huber" not in names and "lossbook.optim.Adam" in names
