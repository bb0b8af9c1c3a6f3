import matplotlib.pyplot as plt
import pytest

from live_figures import LiveFigureError, handle, render


@pytest.fixture
def ax():
    _, ax = plt.subplots()
    yield ax
    plt.close("all")


def test_bad_handles_are_named(ax):
    with pytest.raises(ValueError, match="expected a single marker"):
        handle(ax.plot([1, 2], [1, 2], "o"), "x")
    with pytest.raises(ValueError, match="expected a single marker"):
        handle(ax.plot([1], [1], "-"), "x")
    with pytest.raises(ValueError, match="artist holds 2 artists"):
        handle(ax.plot([1], [1], "o", [2], [2], "o"), "x")
    with pytest.raises(ValueError, match="expected the names of one or two arguments"):
        handle(ax.plot([1], [1], "o"))


def test_a_handle_of_no_control_fails_the_build():
    def shown(x=1):
        """A point that nothing moves."""
        fig, ax = plt.subplots()
        handle(ax.plot([x], [1], "o"), "y")
        return fig

    with pytest.raises(
        LiveFigureError, match="bound to 'y', which is no control; expected one of x"
    ):
        render(shown, x=(0, 2))


def test_a_handle_is_marked_in_the_figure():
    def shown(x=1):
        """A point on a line."""
        fig, ax = plt.subplots()
        handle(ax.plot([x], [1], "o"), "x")
        ax.set(xlim=(0, 2))
        return fig

    html = render(shown, x=(0, 2)).html()
    assert html.count('data-handle="x"') == 2 and 'role="group"' in html
