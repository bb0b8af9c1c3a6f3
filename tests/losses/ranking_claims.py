"""The claims of losses of lists: of all orders of a list, and of two items that change places."""

import itertools
import math

import numpy as np


def noise(loss, claim):
    """The loss of an order is minus the log of its chance: of all orders together it is 1."""
    assert claim.name == "Plackett-Luce"
    orders = np.array(list(itertools.permutations(range(1, 5)))) * 1.0
    for scores in np.random.default_rng(0).normal(size=(5, 4)):
        chance = np.exp(-loss.pointwise(orders, np.tile(scores, (len(orders), 1))))
        assert np.isclose(chance.sum(), 1, rtol=1e-12)


def lipschitz(loss, claim):
    """There is a jump, where one score passes another: no slope bounds it."""
    assert math.isinf(claim) and jump(loss, lambda y, s: loss.pointwise(y, s)) > 0.01


def gradient_lipschitz(loss, claim):
    assert math.isinf(claim) and jump(loss, lambda y, s: loss.gradient(y, s)[0]) > 0.01


def jump(loss, function):
    """The change of a function when the scores of two of three items change places by a hair."""
    y, s = np.array([2.0, 0.0, 1.0]), np.array([0.5, 0.5, 0.7])
    before, after = (function(y, s + h * np.array([1.0, -1.0, 0.0])) for h in (1e-12, -1e-12))
    return abs(float(before - after))


def kinks(loss, claim):
    """They are no points on a line; none are claimed."""
    assert claim == ()


CLAIMS = {
    "noise": noise,
    "lipschitz": lipschitz,
    "gradient_lipschitz": gradient_lipschitz,
    "kinks": kinks,
}
