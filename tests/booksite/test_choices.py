"""The choices that a question lists: found as an author writes them, and said once."""

import pytest
from booksite.choices import words_of
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from myst_parser.docutils_ import Parser


def content(text):
    settings = get_default_settings(Parser)
    settings.myst_enable_extensions = {"dollarmath"}
    document = new_document("question", settings)
    Parser().parse(text, document)
    return document


def said(text, names):
    """(The words of each choice, what a reader of the page is shown)."""
    found = content(text)
    words = {n: "".join(w.astext() for w in ws) for n, ws in words_of(found, names).items()}
    for node in list(found.findall(nodes.Element)):
        if "asked-below" in node.get("classes", ()):
            node.parent.remove(node)
    shown = "".join(
        {"?</span>": "?", ".</span>": "."}.get(n.astext()[-8:], n.astext())
        for n in found.findall(nodes.Text)
    )
    return words, shown.strip()


@pytest.mark.parametrize("name", ['`"a"`', "**a**", "`a`"])
def test_a_list_at_the_end_moves_to_the_buttons(name):
    text = f"What is it?\n\n- {name}: the rate $x$ is *low*.\n- {name.replace('a', 'b')}: no\n"
    words, shown = said(text, ["a", "b"])
    assert words == {"a": "the rate x is low.", "b": "no"} and shown == "What is it?"


def test_a_list_that_the_question_goes_on_about_stays():
    text = 'A proof.\n\n- `"a"`: First.\n- `"b"`: Second.\n\nWhich step fails?\n'
    words, shown = said(text, ["a", "b"])
    assert words == {"a": "", "b": ""} and "Second." in shown


def test_the_steps_of_a_numbered_proof_stay_and_the_others_have_words():
    text = '1. First.\n2. Second.\n\nWhich step fails: `"1"`, `"2"` or `"none"`?\n'
    words, shown = said(text, ["1", "2", "none"])
    assert words == {"1": "", "2": ""}
    assert shown.endswith("Which step fails?") and "Second." in shown


def test_a_sentence_that_says_how_to_answer():
    text = (
        'What is it?\nAnswer `"a"` the rate, `f()` too; `"b"` the batch; or `"c"` *luck*.\nGo on.'
    )
    words, shown = said(text, ["a", "b", "c"])
    assert words == {"a": "the rate, f() too", "b": "the batch", "c": "luck"}
    assert shown.split() == ["What", "is", "it?", "Go", "on."]


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ('Which is it: `"x y"`, or `"z"`?\nThink.', ["x y", "z"], "Which is it?\nThink."),
        ("Which: (a) one, (b) two?", ["a", "b"], "Which?"),
        ("Which of them is it?", ["a", "b"], "Which of them is it?"),
        ('Answer `"a"` or `"b"`.', ["a", "b"], ""),
        ('The `"a"` stands alone: why?', ["a", "b"], 'The "a" stands alone: why?'),
    ],
)
def test_a_question_without_its_list(text, names, shown):
    words, left = said(text, names)
    assert left == shown and not any(words.values())
