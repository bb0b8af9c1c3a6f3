"""What the index says of a term of the glossary."""

import pytest
from sphinx.testing.util import SphinxTestApp

GLOSSARY = """# Glossary

```{glossary}
mean
average
  Half way, see {ref}`half` and {eq}`eq-a_mean`.

odd one
  Nobody treats it.

median
  The middle, see {ref}`half`.
```
"""
CHAPTER = """---
orphan: true
---
# A chapter

## First

Of a {term}`mean` and an {term}`odd one`.

(half)=
## Half

Half way.
"""
OTHER = """---
orphan: true
---
# Another

$$
m
$$ (eq-a_mean)

A {term}`mean`.
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    """The entries of each page below a name: the title, and where the link leads."""
    source = tmp_path_factory.mktemp("book")
    settings = 'extensions = ["myst_parser", "booksite.index_entries"]\nroot_doc = "glossary"\n'
    settings += 'myst_enable_extensions = ["dollarmath"]\n'
    pages = {"glossary.md": GLOSSARY, "chapter.md": CHAPTER, "other.md": OTHER}
    for name, text in {**pages, "conf.py": settings}.items():
        (source / name).write_text(text, "utf-8")
    app = SphinxTestApp(srcdir=source, buildername="dummy")
    try:
        app.build()
        assert not app.warning.getvalue()
        entries = app.env.get_domain("index").entries
        return {
            (page, *value.split("; ")): anchor
            for page, found in entries.items()
            for _, value, anchor, main, _ in found
            if main != "main"
        }
    finally:
        app.cleanup()


def test_each_name_of_a_term_leads_to_what_its_definition_refers_to(index):
    for name in ("mean", "average", "median"):
        assert index["chapter", name, "A chapter"] == "half"
    for name in ("mean", "average"):
        assert index["other", name, "Another"] == "equation-eq-a-mean"


def test_a_term_that_is_only_used_leads_to_the_first_section_that_does(index):
    assert index["chapter", "odd one", "A chapter"] == "first"


def test_there_is_no_other_entry(index):
    assert len(index) == 6
