"""Which tables are stacked on a phone, and which words of headings are kept on a line."""

import re

import pytest
from booksite import tables, typography
from docutils import nodes
from docutils.core import publish_doctree

WORDS = "a sentence that takes more than a line of a phone, and then some words"


def document(*rows):
    """A page with a heading and a table of these rows, the first of them its head."""
    lines = [f"   * - {row[0]}" + "".join(f"\n     - {c}" for c in row[1:]) for row in rows]
    text = "One-hot: ``pre-cut`` or Cross-entropy\n=====\n\n.. list-table::\n   :header-rows: 1\n\n"
    text = text.replace("=====", "=" * 40) + "\n".join(lines) + "\n\nThe end.\n"
    return publish_doctree(text, settings_overrides={"doctitle_xform": False})


@pytest.mark.parametrize(
    ("rows", "stacked"),
    [
        ([("a", "b", "c"), ("x", WORDS, WORDS)], True),
        ([("a", "b", "c"), ("x", "1", "2"), ("x", WORDS, WORDS)], False),
        ([("a", "b"), ("x", 2 * WORDS)], False),
        ([("a", "b", "c"), ("x", "1", ":math:`" + "x + " * 40 + "1`")], False),
    ],
)
def test_a_table_of_three_columns_of_words_is_stacked(rows, stacked):
    page = document(*rows)
    tables.StackWordyTables(page).apply()
    (table,) = page.findall(nodes.table)
    assert (tables.STACK in table["classes"]) is stacked


def written(*rows):
    """The markup of a table of these rows, the first of them its head."""

    def cells(row, tag):
        return "".join(f"<{tag}><p>{cell}</p></{tag}>" for cell in row)

    head, *body = rows
    markup = f"<table><thead><tr>{cells(head, 'th')}</tr></thead><tbody>"
    markup += "".join(f"<tr>{cells(row, 'td')}</tr>" for row in body) + "</tbody></table>"
    return tables.written(re.match("(?s:.*)", markup))


def test_each_cell_has_its_head_but_where_the_second_column_is_code():
    heads = ("Who", "What, a &quot;b&quot;", "Why")
    found = re.findall('data-head="(.*?)"', written(heads, ("x", "y", "z")))
    assert found == ["What, a &quot;b&quot;", "Why"]
    assert "data-head" not in written(heads, ("x", "<code>y</code>", "z"))
    assert written((*heads, "D"), ("x", "<code>y</code>", "z", "d")).count("data-head") == 3
    assert written(heads, ("x", "y", "z")).count('role="cell"') == 3


def test_words_with_a_hyphen_stay_on_a_line_of_a_heading():
    page = document(("a", "b"), ("x", "one-hot"))
    typography.keep_hyphens(page)
    kept = [e.astext() for e in page.findall(nodes.inline) if "keep" in e["classes"]]
    assert kept == ["One-hot", "Cross-entropy"]
    assert next(page.findall(nodes.title)).astext() == "One-hot: pre-cut or Cross-entropy"
