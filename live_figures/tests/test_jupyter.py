"""In a kernel: real widgets, wired to the function."""

import ipywidgets
import matplotlib.pyplot as plt
import pytest

from live_figures import figure, interact


@pytest.fixture
def displayed(monkeypatch):
    seen = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: seen.extend(a))
    return seen


def test_a_slider_redraws_the_figure(displayed):
    @interact(height=(0, 3), upside_down=False)
    def bar(height=1, upside_down=False):
        """A bar.

        Its height is $h$.
        """
        fig, ax = plt.subplots()
        ax.bar([0], [-height if upside_down else height], color="#123456")
        ax.set_title(f"height {height}")
        return fig, {"$h$": height}

    (box,) = displayed
    view, panel, readouts, caption = box.children
    slider, check = panel.children
    assert isinstance(slider, ipywidgets.IntSlider) and isinstance(check, ipywidgets.Checkbox)
    assert 'aria-label="A bar."' in view.value and "height 1" in view.value
    before = view.value
    slider.value = 3
    assert "height 3" in view.value and view.value != before
    before = view.value
    check.value = True
    assert view.value != before
    assert (
        readouts.value == "$h$ <b>3</b>" and 'is <span class="lf-keep">$h$.</span>' in caption.value
    )
    assert not plt.get_fignums()
    assert isinstance(bar(height=2)[0], plt.Figure)  # still a function; the caller has its figure
    plt.close("all")


def test_an_error_at_one_setting_is_shown_and_passes(displayed):
    @interact(k=(0, 2))
    def fragile(k=0):
        """A figure that fails at one."""
        if k == 1:
            raise ValueError("one is not allowed")
        return plt.subplots()[0]

    view, panel, *_ = displayed[0].children
    panel.children[0].value = 1
    assert "fragile raised at k=1" in view.value and "one is not allowed" in view.value
    panel.children[0].value = 2
    assert "<svg" in view.value


def test_a_still_figure(displayed):
    @figure
    def still():
        """A still figure."""
        return plt.subplots()[0]

    assert "<svg" in displayed[0].data
