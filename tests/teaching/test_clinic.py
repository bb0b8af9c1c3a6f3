"""The clinic: every path ends in causes, each with a test, a cure, and a passage of the book that exists."""

import ast
import re
from html.parser import HTMLParser
from unittest.mock import patch

import pytest

from live_figures import configure
from lossbook.teaching import clinic
from lossbook.teaching.clinic import causes

from ..text import parts

PATHS = list(clinic.paths())
IDS = ["-".join(a.key for a in path) for path, _ in PATHS]
CAUSES = {c.key: c for c in vars(causes).values() if isinstance(c, clinic.Cause)}
#: what the issue asks the clinic to have, by the keys of the path
ASKED = {
    "nan-first-step",
    "nan-later",
    "nan-half",
    "nan-scale",
    "flat-log-k",
    "flat-constant",
    "falls-then-flat",
    "one-class",
    "validation-stays",
    "validation-below",
    "validation-rises",
    "spikes",
    "saw-passes",
    "jumps",
    "negative-binary",
    "bad-predictions",
    "floor",
    "differs-framework",
    "differs-mean",
    "metric",
    "no-gauge-gan",
    "no-gauge-rl",
    "no-gauge-grpo",
    "no-gauge-diffusion",
    "comparisons-triplet",
    "comparisons-dpo",
}


@pytest.fixture(scope="module")
def html():
    configure(publish=True)
    with patch("IPython.display.display") as display:
        clinic.show()
    configure(publish=False)
    return display.call_args.args[0].data


def test_what_the_reader_may_see_is_there():
    assert set(IDS) >= ASKED
    assert len(set(IDS)) == len(IDS)


@pytest.mark.parametrize(("path", "symptom"), PATHS, ids=IDS)
def test_a_path_has_one_question_at_most_and_leads_to_causes(path, symptom):
    assert len(path) <= 2
    keys = [c.key for c in symptom.causes]
    assert len(keys) >= 2 and len(set(keys)) == len(keys)
    assert symptom.note and symptom.order
    # where the order comes from is one of three things
    assert re.search(r"Judgment|judgment|Named sources|public threads", symptom.order)


def test_every_cause_is_reached_and_no_key_stands_for_two():
    reached = {id(c): c.key for _, s in PATHS for c in s.causes}
    assert sorted(reached.values()) == sorted(CAUSES)
    assert len(CAUSES) == len(causes.__all__)


@pytest.mark.parametrize("key", CAUSES)
def test_a_cause_says_what_to_do_and_its_code_is_code(key):
    cause = CAUSES[key]
    for text in (cause.name, cause.test, cause.shows, cause.cure):
        assert text == text.strip() and text
        assert text.count("`") % 2 == 0 and "$" not in text and "*" not in text
    assert all(text.endswith((".", ":", ".)")) for text in (cause.test, cause.shows, cause.cure))
    assert not cause.name.endswith(".") and cause.runs in ("torch", "numpy")
    for code in (cause.code, cause.fix, *(line for _, line in cause.elsewhere)):
        ast.parse(code)
        assert max(map(len, code.split("\n"))) <= 100
    assert all(name.startswith(("JAX", "Keras")) for name, _ in cause.elsewhere)


@pytest.mark.parametrize("key", CAUSES)
def test_read_more_leads_to_a_passage(key, html):
    page, sign, part = CAUSES[key].passage.partition("#")
    assert sign and part in parts(page), sorted(parts(page))
    assert f'<a href="{page}.html#{part}">Read more</a>' in html


def test_a_passage_that_is_not_there_would_be_noticed():
    assert "the-rivals" in parts("mse") and "the-rivalz" not in parts("mse")


class Tree(HTMLParser):
    """The addresses, the groups of disclosures, and whether every element is closed."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.open, self.groups, self.tags = [], [], [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        self.open.append(tag)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "details":
            self.groups.append(attrs["name"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_it_is_html_with_disclosures_that_needs_no_script(html):
    tree = Tree(html)
    assert not tree.open and not tree.tags & {"script", "style", "input", "button", "svg"}
    assert len(set(tree.ids)) == len(tree.ids) == len(tree.groups)
    assert html.startswith('<div class="loss-guide">')  # what the site's script and styles look for
    for path, (_, symptom) in zip(IDS, PATHS, strict=True):
        for cause in symptom.causes:
            assert f"clinic-{path}-{cause.key}" in tree.ids
    # one of a group is open at a time, and a group is the answers to one question
    assert tree.groups.count("clinic") == len(clinic.CLINIC.answers)


def test_code_is_escaped_and_nothing_of_it_is_lost(html):
    assert (
        "<pre>for group in optimizer.param_groups:\n    group[&quot;lr&quot;] /= 10</pre>" in html
    )
    assert "torch.where(s &gt; 0, safe.sqrt(), 0.0)" in html


def test_the_page_stays_small(html):
    import gzip

    assert len(gzip.compress(html.encode(), 6)) < 35_000
