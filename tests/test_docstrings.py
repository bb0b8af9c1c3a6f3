"""Every public object is documented in one dialect, numpydoc with types, and its examples run."""

import doctest
import inspect
import re

import numpy as np
import pytest
from numpydoc.validate import validate

from .figures import ROOT
from .public_names import lookup, modules, own, public_modules, public_names

# What numpydoc has to say nothing about. Left out: on which line a docstring begins (GL01, GL02), "See
# also" (SA), a text beyond the summary (ES01); examples (EX01) are asked for below.
CHECKS = {
    *("GL03", "GL05", "GL06", "GL07", "GL08", "GL10"),  # sections: known ones, in order
    *("SS01", "SS02", "SS03", "SS04", "SS06"),  # a summary: one line, one sentence
    *(
        f"PR{k:02}" for k in range(1, 11)
    ),  # parameters: all, in order, each with type and description
    *("RT01", "RT02", "RT03", "RT04", "RT05", "YD01"),  # what is returned: type and description
}
CITED = re.compile(r":cite:[pt]:`([^`]+)`")
KEYS = set(re.findall(r"^@\w+\{([^,\s]+),", (ROOT / "chapters/references.bib").read_text(), re.M))

OBJECTS = {name: value for name, value in public_names().items() if callable(value)}


def methods(name, cls):
    """The public methods and properties that a class defines, by full name."""
    for attribute, value in vars(cls).items():
        value = getattr(value, "__func__", value)  # of a static or a class method
        public = attribute == "__call__" or not attribute.startswith("_")
        if public and (inspect.isfunction(value) or isinstance(value, property)):
            yield f"{name}.{attribute}", value


def is_class_of_ours(value):
    return inspect.isclass(value) and value.__module__ in modules()


METHODS = {
    name: value
    for cls_name, cls in OBJECTS.items()
    if is_class_of_ours(cls)
    for name, value in methods(cls_name, cls)
}
EVERYTHING = OBJECTS | METHODS


def text(name):
    """The docstring, that of a base class where a method has none of its own."""
    if name in OBJECTS:
        return inspect.getdoc(OBJECTS[name]) or ""
    cls, _, attribute = name.rpartition(".")
    return inspect.getdoc(getattr(OBJECTS[cls], attribute)) or ""


def examples(name):
    return doctest.DocTestParser().get_examples(text(name))


@pytest.mark.parametrize("name", public_modules())
def test_a_public_module_says_what_is_public_in_it(name):
    module = public_modules()[name]
    assert module.__doc__, f"{name} has no docstring"
    if not own(module):
        return  # a package of modules
    assert hasattr(module, "__all__"), f"{name} has no __all__, and defines {own(module)}"
    assert len(set(module.__all__)) == len(module.__all__)
    missing = [public for public in module.__all__ if not hasattr(module, public)]
    assert not missing, f"{name}.__all__ holds {missing}"


@pytest.mark.parametrize("name", EVERYTHING)
def test_it_is_documented_in_the_dialect(name):
    assert text(name), f"{name} has no docstring"
    if name in METHODS and not METHODS[name].__doc__:
        return  # what the base class says holds
    found = [f"{code}: {what}" for code, what in validate(name)["errors"] if code in CHECKS]
    assert not found, f"{name}: {found}"


@pytest.mark.parametrize("name", EVERYTHING)
def test_it_is_shown_in_an_example(name):
    value = EVERYTHING[name]
    if inspect.isclass(value) and issubclass(value, Exception):
        return
    if name in OBJECTS:
        assert examples(name), f"{name} has no example"
        return
    cls, _, method = name.rpartition(".")
    if examples(name) or isinstance(value, property) or not value.__doc__:
        return
    call = rf"(\.|\bdef ){method}\b" if method != "__call__" else r"\w\("
    shown = "".join(example.source for example in examples(cls))
    assert re.search(call, shown), f"{method} is in no example of its own, nor in one of {cls}"


@pytest.mark.parametrize("name", modules())
def test_the_examples_run(name):
    module = modules()[name]
    found = doctest.DocTestFinder().find(module, name, extraglobs={"np": np})
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    report = []
    for test in found:
        if test.examples:
            runner.run(test, out=report.append)
    assert not runner.failures, "".join(report)


@pytest.mark.parametrize("name", EVERYTHING)
def test_its_sources_are_in_the_bibliography(name):
    cited = {key.strip() for keys in CITED.findall(text(name)) for key in keys.split(",")}
    assert cited <= KEYS, f"{name} cites {cited - KEYS}"
    bare = KEYS & set(re.findall(r"`(\w+)`", CITED.sub("", text(name))))
    assert not bare, f"{name} names {bare} without a citation: :cite:p:`...`"


def test_what_is_public_is_found():
    for name in ("lossbook.losses.Huber", "lossbook.optim.Adam", "live_figures.interact"):
        assert OBJECTS[name] is lookup(name)
    assert "lossbook.optim.Optimizer.step" in METHODS and "lossbook.datasets.engel" in OBJECTS
