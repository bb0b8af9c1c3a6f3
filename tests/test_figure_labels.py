"""Every dashed, dotted or gray line of every figure says what it is, or is declared to need no word."""

import matplotlib.pyplot as plt
import pytest

from lossbook.teaching import style

from .figures import all_figures, figures_of, path_of


@pytest.mark.parametrize(("page", "name"), all_figures())
def test_no_dashed_or_gray_line_is_without_a_word(page, name):
    func, controls = figures_of(path_of(page))[name]
    result = func(**{c.name: c.values[c.default] for c in controls})
    fig = result[0] if isinstance(result, tuple) else result or plt.gcf()
    found = [(type(a).__name__, a.get_label(), a.get_color()) for a in style.unlabeled(fig)]
    plt.close("all")
    assert not found
