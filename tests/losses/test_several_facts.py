"""What the cards of losses of pairs and of embeddings say holds, and a wrong card is caught."""

import dataclasses
import math
import re

import pytest

from benchmarks.cases import instances_of_several
from lossbook import losses
from lossbook.losses import Facts

from ..text import keys_of_the_bibliography
from . import several_claims

LOSSES = [
    loss
    for loss in instances_of_several()
    if type(loss).__module__.endswith(("pairs", "embeddings"))
]
LOSSES += [  # at the ends of what a hyperparameter may be
    losses.CosineEmbedding(margin=-1.0),
    losses.Circle(gamma=4.0, margin=0.0),
    losses.Triplet(p=math.inf, swap=True),
]
TEXT = {"name", "task", "formula", "gradient"}
each_loss = pytest.mark.parametrize("loss", LOSSES, ids=repr)


def claims():
    return [
        pytest.param(loss, field.name, id=f"{loss!r}-{field.name}")
        for loss in LOSSES
        for field in dataclasses.fields(Facts)
        if field.name not in TEXT and getattr(loss.facts, field.name) is not None
    ]


@pytest.mark.parametrize("loss, name", claims())
def test_the_card_is_right(loss, name):
    several_claims.CLAIMS[name](loss, getattr(loss.facts, name))


def wrong_claims():
    """Each claim of each loss, made wrong."""
    for loss in LOSSES:
        for name in ("convex", "strictly_convex", "smooth", "bounded"):
            yield loss, name, not getattr(loss.facts, name)
        for name in ("lipschitz", "gradient_lipschitz"):
            value = getattr(loss.facts, name)
            if value is not None:
                yield loss, name, 3.5 if value == float("inf") else 2 * value
        yield loss, "kinks", (0.7321,)


@pytest.mark.parametrize("loss, name, wrong", list(wrong_claims()))
def test_a_wrong_card_is_caught(loss, name, wrong):
    with pytest.raises(AssertionError):
        several_claims.CLAIMS[name](loss, wrong)


@each_loss
def test_the_card_is_complete(loss):
    facts = loss.facts
    for name in (*sorted(TEXT), "convex", "strictly_convex", "smooth", "bounded", "reference"):
        assert getattr(facts, name) is not None, name


@each_loss
def test_the_source_is_in_the_bibliography(loss):
    keys = {*keys_of_the_bibliography()}
    assert loss.facts.reference in keys
    named = re.findall(r"`([a-zA-Z]+\d{4}[a-zA-Z0-9]*)`", type(loss).__doc__)
    assert named and set(named) <= keys and loss.facts.reference in named
