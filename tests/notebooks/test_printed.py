"""What the cells print: a reader with a phone sees each line of it whole, the last column too."""

import nbformat
import pytest

from ..paths import NOTEBOOKS

#: letters that fit on a phone 390 pixels wide
WIDE = 44
#: cells that print what is not theirs to break (the words of a check, of an error), or a table that is for a wide page
WIDER = {
    ("conclusion", "custom.check_gradient("),
    ("custom_losses", "custom.check_gradient("),
    ("custom_losses", "custom.check_properties("),
    ("fundamentals", "facts.noise"),
}


def wide_cells(path):
    """The source of each cell that prints a longer line, with that line."""
    for cell in nbformat.read(path, as_version=4).cells:
        lines = [line for out in cell.get("outputs", ()) for line in out.text.splitlines()]
        if lines and len(longest := max(lines, key=len)) > WIDE:
            yield cell.source, longest


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_what_is_printed_fits_on_a_phone(path):
    allowed = [part for chapter, part in WIDER if chapter == path.stem]
    found = list(wide_cells(path))
    assert not [line for source, line in found if not any(part in source for part in allowed)]
    # what is allowed is needed
    assert all(any(part in source for source, _ in found) for part in allowed)
