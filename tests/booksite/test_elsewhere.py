"""The line of a loss in a chapter: its names elsewhere, and who has it where the frameworks do not."""

import pytest
from booksite import elsewhere

from lossbook import losses
from lossbook.losses.entries import entry_of


@pytest.mark.parametrize("cls", losses.all_losses(), ids=lambda c: c.__name__)
def test_each_line_says_who_has_the_loss_or_that_the_frameworks_have_not(cls):
    said, words = entry_of(cls), elsewhere.line(cls, "chapters/mse").astext()
    assert words.startswith(cls().facts.name)
    assert ("not in PyTorch, Keras or JAX itself" in words) == (not said.peers)
    for library, name in said.beyond:
        assert f" · {library} {name}" in words
    assert not (said.peers and said.beyond)


def test_what_people_train_with_every_day_is_found_somewhere():
    for name in (
        "DPO",
        "IPO",
        "KTO",
        "CLIP",
        "SigLIP",
        "InfoNCE",
        "SupervisedContrastive",
        "ArcFace",
    ):
        assert entry_of(getattr(losses, name)).beyond, name


def test_scipy_has_the_losses_that_are_said_to_be_there():
    import numpy as np
    from scipy.optimize import least_squares

    data = np.array([0.0, 0.3, 0.5, 9.0])
    for cls, name in ((losses.PseudoHuber, "soft_l1"), (losses.Cauchy, "cauchy")):
        assert entry_of(cls).beyond == (("SciPy", f'least_squares(loss="{name}")'),)
        cost = least_squares(lambda c: c - data, 0.4, loss=name, f_scale=2.0, max_nfev=1).cost
        assert cost == pytest.approx(np.sum(cls(scale=2.0).pointwise(data, np.full(4, 0.4))))
