"""What a card says of kinks, jumps and slopes."""

from lossbook import losses
from lossbook.teaching.cards import answers


def test_a_jump_is_no_kink_and_its_slope_does_not_grow():
    says = answers(losses.ZeroOne())
    assert says["Smooth"] == "no: jump at 0"
    assert says["Slope"] == "infinite at the jump"


def test_kinks_and_slopes():
    assert answers(losses.Hinge())["Smooth"] == "no: kink at 1"
    assert answers(losses.Hinge())["Slope"] == "at most 1"
    assert answers(losses.MeanSquaredError())["Slope"] == "grows without bound"
    assert answers(losses.Huber(delta=2.0))["Slope"] == "at most 2"


def test_strictly_proper_proper_and_neither():
    rows = {loss: answers(loss()) for loss in losses.all_losses()}
    assert rows[losses.SquaredHinge]["Proper"] == "strictly"
    assert rows[losses.ZeroOne]["Proper"] == "not strictly"
    assert rows[losses.Hinge]["Proper"] == rows[losses.Focal]["Proper"] == "no"
    assert "Proper" not in rows[losses.MeanSquaredError]
    assert rows[losses.Hinge]["Classification-calibrated"] == "yes"
    assert "Classification-calibrated" not in rows[losses.Huber]
