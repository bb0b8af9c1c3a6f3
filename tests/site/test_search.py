"""The engine of the search, asked in Node over the built index: what readers ask finds what answers it."""

import gzip
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.browser.chromium import NODE

from ..paths import SITE

QUERIES = tomllib.loads(Path(__file__).with_name("queries.toml").read_text("utf-8"))
FIRST = QUERIES.pop("first")
ALL = {query: wanted for some in QUERIES.values() for query, wanted in some.items()}
LONG = (
    "I train a small network on images of cells, with a sigmoid at the end and binary cross-entropy, "
    "and after some epochs the training loss goes on falling while the validation loss rises; the accuracy "
    "on unseen images stays where it is, or even rises a little. I have tried a smaller learning rate, "
    "dropout, weight decay, another seed and another split, and nothing of it has changed the picture. "
    "Is this overfitting, or is my model only too sure of itself, and should I stop training early? "
)[:500].ljust(500, "?")
HARD = [
    "p",
    "∇",
    "C++",
    "функция потерь",
    "what is it",
    "nan",
    "<script>",
    LONG,
    "",
    "  ",
    "\\",
    "'\"%&",
]
HARD += [
    r"\frac{1}{n}\sum_i (y_i - \hat y_i)^2",
    "δ",
    "imbalanced",
    "imbalance",
    "optimisation",
    "optimization",
]
#: the entries of the catalog, the terms of the glossary, the objects of the package that readers use
OWN = re.compile(r"chapters/(?:catalog_\w+#.|glossary#term-|api#lossbook\.(?!teaching))")


def asked(queries, typing=False):
    done = subprocess.run(
        [NODE, Path(__file__).with_name("search.js"), SITE],
        input=json.dumps({"queries": queries, "typing": typing}),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def book():
    return asked([*ALL, *FIRST, *HARD])


@pytest.fixture(scope="module")
def answers(book):
    return {answer["query"]: answer for answer in book["answers"]}


def addresses(wanted):
    """The places that are named by labels, as the index names them."""
    found = set()
    for place in wanted:
        page, _, label = place.partition("#")
        html = (SITE / "chapters" / f"{page}.html").read_text("utf-8")
        named = rf'<(?:section|dt|div)\b[^>]*\bid="{re.escape(label)}"'
        below = (
            rf'<section id="([^"]+)">\s*(?:<span id="[^"]+"></span>)*<span id="{re.escape(label)}">'
        )
        if not label or re.search(named, html):
            found.add((f"chapters/{page}", label))
        elif section := re.search(below, html):
            found.add((f"chapters/{page}", section[1]))
    return found


def places(answer, first=3):
    return [(hit["page"], hit["anchor"]) for hit in answer["hits"][:first]]


def test_most_queries_are_the_words_of_real_questions():
    assert len(ALL) >= 60 and len(QUERIES["asked"]) >= len(ALL) / 2


@pytest.mark.parametrize("query", ALL)
def test_a_query_finds_what_answers_it_in_its_first_three_hits(query, answers):
    wanted = addresses(ALL[query])
    assert wanted, "no page has these sections"
    assert wanted & set(places(answers[query])), [h["title"] for h in answers[query]["hits"][:4]]


@pytest.mark.parametrize("query", FIRST)
def test_a_plain_question_finds_its_answer_before_all_else(query, answers):
    assert set(places(answers[query], 1)) <= addresses(FIRST[query])


def test_the_same_queries_find_it_while_they_are_typed():
    found = {a["query"]: set(places(a)) for a in asked(list(ALL), typing=True)["answers"]}
    assert not [query for query in ALL if not addresses(ALL[query]) & found[query]]


def test_each_loss_term_and_object_is_found_by_its_own_name(book):
    named = [s for s in book["sections"] if OWN.match(s["page"] + "#" + s["anchor"])]
    assert len(named) > 200
    names = [
        (name, s["title"])
        for s in named
        for name in (s["title"].split(", ") if "glossary" in s["page"] else [s["title"]])
    ]
    found = {a["query"]: a["hits"][:3] for a in asked([name for name, _ in names])["answers"]}
    assert not [name for name, title in names if title not in [h["title"] for h in found[name]]]


def test_what_is_half_typed_finds_what_begins_so():
    begun = asked(
        ["imbal", "imbala", "imbalan", "BCEWithL", "regulariza", "regularizat"], typing=True
    )
    first = [answer["hits"][0] for answer in begun["answers"]]
    assert all(re.search("imbalance|unbalanced", hit["title"]) for hit in first[:3])
    assert "BCEWithLogitsLoss" in first[3]["text"]
    assert [hit["title"] for hit in first[4:]] == ["regularization"] * 2


def test_forms_and_spellings_of_a_word_are_one(answers):
    american, british = (set(places(answers[f"optimi{z}ation"], 5)) for z in "zs")
    assert american == british and ("chapters/optimization", "") in american
    assert set(places(answers["imbalance"], 2)) == set(places(answers["imbalanced"], 2))


def test_a_word_is_no_part_of_another(answers, book):
    assert any("malignant" in s["text"] for s in book["sections"])
    for hit in answers["nan"]["hits"]:
        assert not [stem for stem in hit["stems"] if stem.startswith("malig")]
        assert re.search(
            r"\b(nan|infin\w+|inf|overflow\w*)\b",
            " ".join((hit["title"], hit["place"], hit["text"])),
            re.I,
        )


@pytest.mark.parametrize("query", ["C++", "функция потерь", "∇", "", "  ", "\\", "'\"%&"])
def test_what_the_book_does_not_speak_of_finds_nothing(query, answers):
    assert answers[query]["count"] == 0


def test_one_letter_finds_titles_with_a_word_that_begins_so(answers):
    hits = answers["p"]["hits"]
    assert len(hits) > 10
    assert all(re.search(r"(?:\b|_|(?<=[a-z]))p", hit["title"], re.I) for hit in hits)


def test_words_that_say_nothing_find_titles_made_of_them(answers):
    assert "What it is" in [hit["title"] for hit in answers["what is it"]["hits"][:3]]


def test_tex_finds_the_formulas_that_it_sets(answers):
    assert answers[r"\frac{1}{n}\sum_i (y_i - \hat y_i)^2"]["count"] > 5
    assert any("Huber" in hit["title"] for hit in answers["δ"]["hits"][:20])


def test_five_hundred_letters_are_answered_at_once(answers):
    assert len(LONG) == 500 and answers[LONG]["ms"] < 500
    hits = answers[LONG]["hits"][:3]
    assert any(re.search("validation|overconfiden|heart", h["title"], re.I) for h in hits)


def test_every_address_of_the_index_is_there(book):
    pages = {}
    for section in book["sections"]:
        page = section["page"]
        if page not in pages:
            html = (SITE / f"{page}.html").read_text("utf-8")
            pages[page] = set(re.findall(r'\bid="([^"]+)"', html)) | {""}
        assert section["anchor"] in pages[page], section
        assert section["title"], section


def test_texts_hold_no_listing_and_each_formula_once_and_readable(book):
    said = {s["page"] + "#" + s["anchor"]: s["text"] for s in book["sections"]}
    whole = "\n".join(said.values())
    assert not re.findall(r"\\[a-zA-Z]+", re.sub(r"\\n\b", "", whole))
    assert not re.findall(r"^.*(?:import numpy|plt\.|style\.use|>>> ).*$", whole, re.M)
    assert "Show the code" not in whole and "Link to this" not in whole
    huber = next(t for place, t in said.items() if place.endswith("catalog_regression#huber-loss"))
    assert huber.count("ŷ − y") < 12 and "1/2(ŷ − y)²" in huber and "δ" in huber


def test_an_excerpt_holds_what_was_found_and_marks_whole_words(answers):
    found = 0
    for query in QUERIES["asked"]:
        for hit in answers[query]["hits"][:3]:
            excerpt = "".join(piece for piece, _ in hit["excerpt"])
            assert len(excerpt) <= 180
            marked = [piece for piece, mark in hit["excerpt"] if mark]
            assert not [piece for piece in marked if not re.fullmatch(r"[\w‑-]+", piece)]
            found += bool(marked)
            assert excerpt.removeprefix("… ").removesuffix(" …").strip() in hit["text"]
    assert found > 2.8 * len(QUERIES["asked"])  # the others are titles above what is found


def test_exercises_their_solutions_and_references_come_late(answers):
    for query in QUERIES["asked"]:
        first = answers[query]["hits"][:3]
        assert not [h for h in first if re.search("solutions|bibliography", h["page"])]
        assert not [h for h in first if h["title"].startswith("Exercise")]


def test_the_index_is_light_and_sphinx_s_own_is_not_published():
    index = (SITE / "_static" / "search" / "index.js").read_bytes()
    # fetched by who searches only
    assert len(gzip.compress(index, 6)) < 180_000
    names = {path.name for path in SITE.rglob("*.js")}
    old = {"searchindex.js", "searchtools.js", "language_data.js", "sphinx_highlight.js"}
    assert not names & (old | {"doctools.js"})
