"""What `_ext/ahead.py` gives to the page: a line that a busy kernel sent in two pieces is one line."""

import sys

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from .explorers import ROOT

sys.path.insert(0, str(ROOT / "_ext"))

import ahead


def test_what_is_printed_is_one_text_and_all_else_stays_in_its_place():
    def said(text, name="stdout"):
        return new_output("stream", name=name, text=text)

    picture = new_output("display_data", data={"image/png": "x"})
    pieces = [
        said("wrong:"),
        said(" 19.8\n"),
        said("oh\n", "stderr"),
        said("a"),
        picture,
        said("b"),
    ]
    cells = [new_markdown_cell("Text."), new_code_cell("1"), new_code_cell("2", outputs=pieces)]
    ahead.join_streams(new_notebook(cells=cells))
    whole = [said("wrong: 19.8\n"), said("oh\n", "stderr"), said("a"), picture, said("b")]
    assert cells[2].outputs == whole
    assert cells[1].outputs == []
