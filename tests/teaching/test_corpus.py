"""The text of the book that comes with the package is what the chapters give."""

from pathlib import Path

import pytest

from lossbook.teaching import corpus
from tools.corpus import COPY, copy_of

from ..paths import CHAPTERS


def test_the_copy_is_what_the_chapters_give():
    """If not: python -m tools.corpus, then tools/outputs.py for the chapter on sequences."""
    texts = corpus.written(CHAPTERS)
    assert COPY.read_text("utf-8") == copy_of(texts)
    assert corpus.chapters() == texts


def test_without_the_chapters_beside_it_the_copy_is_read(monkeypatch, tmp_path):
    with_them = corpus.chapters()
    monkeypatch.setattr(corpus, "_BESIDE", tmp_path / "nowhere")
    assert corpus.chapters() == with_them == corpus.written(CHAPTERS)
    assert tuple(with_them) == corpus.CHAPTERS


def test_it_is_small_and_plain():
    texts = corpus.chapters()
    assert 150_000 < sum(map(len, texts.values())) < 300_000
    assert min(map(len, texts.values())) > 5000
    assert set("".join(texts.values())) <= set("abcdefghijklmnopqrstuvwxyz0123456789 \n.,;:?!'()-")
    assert "the margin" in texts["hinge"]
    assert all(s[-1] in ".?!" for text in texts.values() for s in text.split("\n"))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("(label)=\n## A heading.\n\nA {term}`margin` is *here*.", "a margin is here."),
        ("As {cite}`a2000,b2001` says.\nIt is {ref}`far <x>`, not near.", "as says.\nit is far, not near."),
        ("It is `code`.\nIt is $x$.\n- An item.\n| a | b |", ""),
        ("$$\nA formula.\n$$ (eq-a)\n:::{guess}\nWhich?\n:::\n```\nCode.\n```\nCafé’s end!", "cafe's end!"),
        ("::::{tip}\n:::{note}\nInside.\n:::\n::::\nOutside.", "outside."),
    ],
)  # fmt: skip
def test_plain(markdown, expected):
    assert corpus.plain(markdown) == expected


def test_it_is_in_the_package():
    assert Path(corpus.__file__).parents[1] / "data" / "chapters.txt" == COPY
