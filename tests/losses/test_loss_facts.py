"""One property test for every loss: what its card says holds, and a wrong card is caught."""

import dataclasses
import math
import re

import numpy as np
import pytest
from mpmath import mp, mpf

from benchmarks.cases import instances, instances_of_several, sample
from benchmarks.references import reference
from lossbook import losses
from lossbook.losses import Facts
from lossbook.losses.arithmetic import Terms
from lossbook.losses.preference import PreferenceLoss

from ..text import keys_of_the_bibliography
from . import loss_claims
from .loss_slices import slices

CHECKED = [*instances(), *(a for a in instances_of_several() if isinstance(a, PreferenceLoss))]
TEXT = {"name", "task", "formula", "gradient"}
each_elementwise = pytest.mark.parametrize("loss", instances(elementwise=True), ids=repr)
each_loss = pytest.mark.parametrize("loss", instances(), ids=repr)


def claims():
    return [
        pytest.param(loss, field.name, id=f"{loss!r}-{field.name}")
        for loss in CHECKED
        for field in dataclasses.fields(Facts)
        if field.name not in TEXT and getattr(loss.facts, field.name) is not None
    ]


@pytest.mark.parametrize("loss, name", claims())
def test_the_card_is_right(loss, name):
    loss_claims.check(loss, name, getattr(loss.facts, name))


def wrong_claims():
    """Each claim of each loss, made wrong."""
    for loss in CHECKED:
        facts = loss.facts
        for field in dataclasses.fields(Facts):
            value = getattr(facts, field.name)
            wrong = None
            if isinstance(value, bool):
                wrong = not value
            elif isinstance(value, float):
                wrong = 2 * value if math.isfinite(value) and value > 0 else 3.5
            elif field.name == "kinks":
                wrong = (*value, 0.7321)
            elif field.name == "best_constant":
                wrong = value and "below all"
            elif field.name == "noise" and value is not None and value.distribution:
                changed = tuple((k, 1.5 * v) for k, v in value.parameters)
                wrong = dataclasses.replace(value, parameters=changed)
                if not changed:
                    other = {"norm": "laplace", "bernoulli": "geom", "poisson": "geom"}
                    wrong = dataclasses.replace(value, distribution=other[value.distribution])
                    if value.distribution == "poisson":
                        wrong = dataclasses.replace(value, link="logit", predicted="mu")
            elif field.name == "noise" and value is not None:
                other = "Gaussian in log(1 + y)"
                wrong = dataclasses.replace(value, name="none" if value.name == other else other)
            elif field.name == "link" and value is not None:
                wrong = "multinomial logit" if value == "log" else "log"
            if wrong is not None:
                yield pytest.param(loss, field.name, wrong, id=f"{loss!r}-{field.name}")


@pytest.mark.parametrize("loss, name, wrong", list(wrong_claims()))
def test_a_wrong_card_is_caught(loss, name, wrong):
    with pytest.raises(AssertionError):
        loss_claims.check(loss, name, wrong)


@each_loss
def test_the_card_is_complete(loss):
    facts = loss.facts
    for name in (*sorted(TEXT), "convex", "strictly_convex", "smooth", "bounded", "reference"):
        assert getattr(facts, name) is not None, name
    assert type(loss)().facts == type(loss)().facts


@each_loss
def test_what_is_strictly_proper_is_proper(loss):
    facts = loss.facts
    assert (facts.strictly_proper is None) == (facts.proper is None)
    assert facts.proper or not facts.strictly_proper


def test_proper_and_strictly_proper_are_two_things():
    """Where one believes in 3 in 10, the error rate is least for every negative score; the squared
    hinge only for the one that says 0.3; the hinge for one that says nothing but a side."""
    shares = np.array([0.3, 0.2])

    def best(loss, q):
        t = np.linspace(-2, 2, 401)
        plus, minus = loss.pointwise(np.ones(401), t), loss.pointwise(-np.ones(401), t)
        risk = q * plus + (1 - q) * minus
        return t[risk <= risk.min() + 1e-12]

    assert [best(losses.ZeroOne(), q).size for q in shares] == [200, 200]
    for loss in (losses.SquaredHinge(), losses.ModifiedHuber()):
        assert [best(loss, q).tolist() for q in shares] == [
            pytest.approx([2 * q - 1]) for q in shares
        ]
    assert [best(losses.Hinge(), q).tolist() for q in shares] == [[-1.0], [-1.0]]
    assert [best(losses.Perceptron(), q).tolist() for q in shares] == [[0.0], [0.0]]


@pytest.mark.parametrize("q, side", [(0.0, -1.0), (1.0, 1.0)])
def test_a_certain_label_has_every_score_from_the_margin_on(q, side):
    """At 0 and 1 the best scores of these losses are all that say so by their links."""
    for loss in (losses.SquaredHinge(), losses.ModifiedHuber(), losses.SmoothedHinge()):
        inverse = loss_claims.LINKS[loss.facts.link][1]
        t = np.linspace(-3, 3, 601)
        free = t[loss.pointwise(np.full(601, side), t) == 0]
        np.testing.assert_array_equal(free, t[inverse(t) == q])


@pytest.mark.parametrize("loss", CHECKED, ids=repr)
def test_the_source_is_in_the_bibliography(loss):
    keys = {*keys_of_the_bibliography()}
    assert loss.facts.reference in keys
    named = re.findall(r"`([a-zA-Z]+\d{4}[a-zA-Z0-9]*)`", type(loss).__doc__)
    assert named and set(named) <= keys


@each_elementwise
def test_gradient_is_the_derivative_of_the_definition(loss):
    """By high-precision differences of the definition in mpmath: the reference is right too."""
    y, p = sample(loss, np.random.default_rng(8), 60)
    truth = reference(loss)
    gradient = loss.gradient(y, p)
    for i in range(len(y)):
        a, b = mpf(float(y[i])), mpf(float(p[i]))
        h = mpf(10) ** -20
        numeric = (truth.value(a, b + h) - truth.value(a, b - h)) / (2 * h)
        assert mp.almosteq(numeric, truth.gradient(a, b), 1e-15, 1e-15)
        assert math.isclose(gradient[i], numeric, rel_tol=1e-13, abs_tol=1e-15)


@each_elementwise
def test_hessian_is_the_derivative_of_the_gradient(loss):
    y, p = sample(loss, np.random.default_rng(9), 60)
    truth = reference(loss)
    hessian = loss.hessian(y, p)
    assert hessian.shape == p.shape
    for i in range(len(y)):
        a, b = mpf(float(y[i])), mpf(float(p[i]))
        h = mpf(10) ** -20
        numeric = (truth.gradient(a, b + h) - truth.gradient(a, b - h)) / (2 * h)
        assert math.isclose(hessian[i], numeric, rel_tol=1e-12, abs_tol=1e-14)


@each_loss
def test_at_a_kink_the_subgradient_of_least_norm(loss):
    for s in slices(loss):
        if isinstance(loss, losses.Perceptron):
            assert s.slope(np.zeros(1)) != 0  # the one exception, or training would never start
            continue
        for kink in s.kinks if s.center == 0 else ():  # elsewhere the residual is rounded
            left, at, right = s.slope(np.array([kink - 1e-9, kink, kink + 1e-9]))
            least = 0.0 if left * right <= 0 else min(left, right, key=abs)
            assert at == pytest.approx(least, abs=1e-6)


def test_all_losses_are_all_losses_of_the_package():
    def below(cls):
        for sub in cls.__subclasses__():
            if sub.__module__.startswith("lossbook.losses"):  # not those that tests define
                yield sub
                yield from below(sub)

    public = {
        cls
        for cls in below(losses.AnyLoss)
        if not any(below(cls)) and not issubclass(cls, Terms) and not cls.__name__.startswith("_")
    }
    assert public == set(losses.all_losses())
    assert all(getattr(losses, cls.__name__) is cls for cls in public)
    assert len({cls().facts.name for cls in public}) == len(public)
