"""Bibliography, glossary and notation: what they say is used, and is so."""

import re
from functools import cache

import numpy as np
import pytest

from lossbook import losses

from ..paths import BIBLIOGRAPHY, CATALOG, CHAPTERS, NOTEBOOKS, ROOT
from ..text import cited_in, keys_of_the_bibliography, prose_of

KEYS = keys_of_the_bibliography()


def cited():
    pages = [*NOTEBOOKS, *CATALOG, *ROOT.glob("*.md"), *CHAPTERS.glob("*.md")]
    return cited_in("\n".join(map(prose_of, pages)))


def named_in_the_package():
    """Keys that the package names, as "Source: `key`." or as the reference of a loss."""
    sources = "\n".join(p.read_text("utf-8") for p in (ROOT / "lossbook").rglob("*.py"))
    return {key for key in KEYS if re.search(rf"""[`"]{key}[`"]""", sources)}


def test_each_entry_of_the_bibliography_is_cited_and_once():
    assert len(KEYS) > 100 and len(set(KEYS)) == len(KEYS)
    assert not {*KEYS} - cited() - named_in_the_package()


def test_each_citation_of_the_catalog_is_in_the_bibliography():
    assert not cited() - {*KEYS}


def test_recipe_is_cited_where_it_is_followed():
    before = prose_of(CHAPTERS / "conclusion.ipynb").split("## Before you train")[1]
    assert "{cite}`karpathy2019`" in before.split("**1. ")[0]
    entry = BIBLIOGRAPHY.read_text("utf-8").split("@misc{karpathy2019,")[1].split("\n}")[0]
    assert "https://karpathy.github.io/2019/04/25/recipe/" in entry


def test_the_subgradient_at_a_kink_is_the_one_that_the_glossary_names():
    seen = {}
    for kind in losses.all_losses():
        loss = kind()
        margins = loss.facts.task != "regression"
        for kink in loss.facts.kinks:
            if isinstance(loss, losses.ZeroOne):
                continue  # a jump
            y = 1.0 if margins or kind is losses.MeanAbsolutePercentageError else 0.0
            y = -1.0 if kind is losses.HingeEmbedding else y  # a pair that differs
            at = kink if margins else y + kink
            low, here, high = (float(loss.gradient(y, at + d)) for d in (-1e-7, 0, 1e-7))
            assert low < high and low <= here <= high
            seen[kind] = here == pytest.approx(float(np.clip(0, low, high)), abs=1e-6)
    assert len(seen) >= 4 and [k for k, nearest in seen.items() if not nearest] == [
        losses.Perceptron
    ]
    entry = (CHAPTERS / "glossary.md").read_text("utf-8").split("\nsubgradient\n")[1]
    assert "except for the perceptron loss" in entry.split("\n\n")[0]


def entries_of_the_glossary():
    """The names of each term, and its definition."""
    body = (CHAPTERS / "glossary.md").read_text("utf-8").split("```{glossary}\n")[1]
    for entry in re.split(r"\n\n(?=\S)", body.rsplit("```", 1)[0].strip()):
        names = re.findall(r"^\S.*", entry, re.M)
        yield names, entry.split("\n", len(names))[-1]


@cache
def places():
    """Label: the text of the section that has it or, of an equation, that it stands in."""
    found = {}
    for path in NOTEBOOKS:
        for section in re.split(r"(?m)^(?=(?:\([\w-]+\)=\n)?#{1,4} )", prose_of(path)):
            labels = re.findall(r"^\(([\w-]+)\)=$|^\$\$ \(([\w-]+)\)$", section, re.M)
            found |= dict.fromkeys((a or b for a, b in labels), section)
    return found


def test_each_term_of_the_glossary_leads_to_a_chapter():
    text = "\n".join(map(prose_of, NOTEBOOKS))
    used = {re.sub(r".*<(.+)>", r"\1", t) for t in re.findall(r"\{term\}`([^`]+)`", text)}
    names = [name for names, _ in entries_of_the_glossary() for name in names]
    assert len(names) > 200 and len({*map(str.lower, names)}) == len(names)
    assert not used - {*names}
    for names, definition in entries_of_the_glossary():
        leads = re.findall(r"\{(?:ref|eq)\}`([^`]+)`", definition)
        assert leads or used & {*names}, names
        assert not {*leads} - {*places()}, names


def test_the_glossary_is_in_order():
    firsts = [names[0].lower() for names, _ in entries_of_the_glossary()]
    assert firsts == sorted(firsts)


def rows_of_letters():
    table = (CHAPTERS / "notation.md").read_text("utf-8").split("## One letter")[1]
    return re.findall(r"^\| \$(.+?)\$ \| (.+) \|$", table, re.M)


@pytest.mark.parametrize(("letter", "meanings"), rows_of_letters(), ids=lambda v: v[:8])
def test_a_letter_of_several_meanings_is_used_in_each_chapter_named(letter, meanings):
    chapters = re.findall(r"\{doc\}`(\w+)`", meanings)
    assert len(chapters) >= 2
    for chapter in chapters:
        math = re.findall(r"\$\$.+?\$\$|\$[^$]+\$", prose_of(CHAPTERS / f"{chapter}.ipynb"), re.S)
        found = rf"(?<![A-Za-z\\]){re.escape(letter)}(?![A-Za-z])"
        assert any(re.search(found, m.replace("\\mathbf ", "")) for m in math), chapter
