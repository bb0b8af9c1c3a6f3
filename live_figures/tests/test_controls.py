"""What ipywidgets accepts becomes a control with a finite list of values; bad input is named."""

import ipywidgets as w
import pytest
from live_figures.controls import LiveFigureError, controls_for, label_of, widgets_for

from live_figures import interact


def control(abbreviation, default=None):
    if default is None:

        def shown(x):
            pass
    else:

        def shown(x=default):
            pass

    return controls_for("shown", widgets_for(shown, {"x": abbreviation}))[0]


@pytest.mark.parametrize(
    ("abbreviation", "default", "kind", "values", "texts"),
    [
        ((0, 3), 1, "range", (0, 1, 2, 3), ("0", "1", "2", "3")),
        ((-2, 2, 2), 0, "range", (-2, 0, 2), ("−2", "0", "2")),
        ((0.0, 0.3), 0.2, "range", (0.0, 0.1, 0.2, 0.3), ("0.0", "0.1", "0.2", "0.3")),
        ((0.0, 0.5, 0.25), 0.25, "range", (0.0, 0.25, 0.5), ("0.00", "0.25", "0.50")),
        (True, False, "checkbox", (False, True), ("off", "on")),
        (["a", "b"], "b", "select", ("a", "b"), ("a", "b")),
        ({"one": 1, "two": 2}, 2, "select", (1, 2), ("one", "two")),
        ([("one", 1), ("two", 2)], 1, "select", (1, 2), ("one", "two")),
        (w.IntSlider(min=1, max=3), 2, "range", (1, 2, 3), ("1", "2", "3")),
        (w.FloatSlider(min=0, max=1, step=0.5), 0.5, "range", (0, 0.5, 1), ("0.0", "0.5", "1.0")),
        (
            w.FloatLogSlider(min=-1, max=1, step=1, value=1),
            1.0,
            "range",
            (0.1, 1.0, 10.0),
            ("0.1", "1", "10"),
        ),
        (
            w.FloatLogSlider(min=3, max=4, step=0.5, value=1000),
            1000.0,
            "range",
            (1000.0, 3162.27766017, 10000.0),
            ("1000", "3160", "10000"),
        ),
        (w.SelectionSlider(options=[1, 10]), 10, "range", (1, 10), ("1", "10")),
        (w.Dropdown(options=["p", "q"]), "q", "select", ("p", "q"), ("p", "q")),
        (w.ToggleButtons(options=["p", "q"]), "p", "radio", ("p", "q"), ("p", "q")),
        (w.RadioButtons(options=["p", "q"]), "p", "radio", ("p", "q"), ("p", "q")),
        (w.Checkbox(), True, "checkbox", (False, True), ("off", "on")),
        (w.Play(min=0, max=2, interval=50), 0, "play", (0, 1, 2), ("0", "1", "2")),
    ],
)
def test_kinds(abbreviation, default, kind, values, texts):
    made = control(abbreviation, default)
    assert made.kind == kind
    assert made.values == pytest.approx(values) if isinstance(values[0], float) else values
    assert tuple(made.texts) == texts
    assert made.values[made.default] == default


def test_values_are_what_a_reader_would_type():
    assert control((0.1, 5.0, 0.1), 1.0).values[2] == 0.3  # not 0.30000000000000004


def test_integers_stay_integers():
    assert all(type(v) is int for v in control((0, 5), 1).values)


def test_labels():
    assert label_of("delta") == "δ"
    assert label_of("lambda_") == "λ"
    assert label_of("learning_rate") == "learning rate"


def takes_x(x=1):
    """An shown."""


@pytest.mark.parametrize(
    ("abbreviations", "message"),
    [
        ({"y": (0, 3)}, "control 'y' is no argument of the function, which takes x"),
        ({"x": (2, 5)}, r"argument 'x' has the default 1, which is none of the values .*\(2, 3"),
        ({"x": (0.0, 2.0, 0.3)}, "has the default 1"),
        ({"x": "free text"}, "is a Text, which has no finite list"),
        ({"x": object()}, "expected what ipywidgets.interact takes"),
        ({"x": (5, 1)}, "control 'x'"),
        ({"x": w.IntRangeSlider()}, "is a IntRangeSlider, which has no finite list"),
        ({"x": w.SelectMultiple(options=[1, 2])}, "is a SelectMultiple, which has no finite list"),
        ({"x": w.BoundedFloatText(min=0, max=2)}, "has the step None; expected a positive number"),
        ({"x": [1]}, "has only 1 value; expected 2 or more"),
        ({"x": w.FloatSlider(min=0, max=2, readout_format="$.2f")}, r"format '\$.2f'"),
        ({"x": True}, "has the default 1, which is none of the values"),  # 1 is not True
    ],
)
def test_bad_input_is_named(abbreviations, message):
    with pytest.raises(LiveFigureError, match="live figure 'takes_x'.*" + message):
        controls_for("takes_x", widgets_for(takes_x, abbreviations))


def test_an_argument_without_control_and_default():
    def shown(x, y):
        pass

    with pytest.raises(LiveFigureError, match="argument 'y' has neither a control nor a default"):
        widgets_for(shown, {"x": (0, 1)})


def test_without_a_default_a_range_starts_at_the_step_nearest_to_its_middle():
    assert control((0.1, 5.0, 0.1)).values[control((0.1, 5.0, 0.1)).default] in (2.5, 2.6)


def test_two_steps_never_read_the_same():
    made = control(w.FloatSlider(min=0, max=1, step=0.25, readout_format=".0f"), 0.0)
    assert len(set(made.texts)) == 5


def test_fixed_is_no_control_and_reaches_the_function(monkeypatch):
    import matplotlib.pyplot as plt

    monkeypatch.setattr("IPython.display.display", lambda *a, **k: None)
    seen = []

    @interact(x=(0, 2), y=w.fixed(7))
    def shown(x, y):
        """A fixed argument."""
        seen.append((x, y))
        return plt.subplots()[0]

    assert seen == [(1, 7)]
    plt.close("all")
