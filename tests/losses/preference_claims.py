"""The claims of losses of preferences: of the difference that is learned where w wins with the chance p."""

import numpy as np
import scipy.special
import scipy.stats

from lossbook import losses

SHARES = (0.03, 0.2, 0.45, 0.5, 0.6, 0.9)
M = np.linspace(-60, 60, 24_001)


def costs(loss, m):
    """The loss where w wins, and where l does: of a difference m of scores, or of log-ratios."""
    zero = np.zeros_like(m)
    if isinstance(loss, losses.KTO):
        return tuple(loss.pointwise(np.full_like(m, y), m, zero, 0.0) for y in (1.0, 0.0))
    rest = (zero,) * (len(loss.inputs) - 2)
    return loss.pointwise(m, zero, *rest), loss.pointwise(zero, m, *rest)


def risk(loss, p, m):
    win, lose = costs(loss, m)
    return p * win + (1 - p) * lose


def reach(loss):
    """Differences far enough to hold the best of all shares."""
    return M / getattr(loss, "beta", 1.0)


LINKS = {
    "logit": (lambda loss, p: scipy.special.logit(p), lambda loss, m: scipy.special.expit(m)),
    "logit / beta": (
        lambda loss, p: scipy.special.logit(p) / loss.beta,
        lambda loss, m: scipy.special.expit(loss.beta * m),
    ),
    "(2 p - 1) / (2 beta)": (
        lambda loss, p: (2 * p - 1) / (2 * loss.beta),
        lambda loss, m: np.clip(loss.beta * m + 0.5, 0, 1),
    ),
}
STATISTICS = {
    "difference of the scores: log-odds of the share of wins": "logit",
    "$m$: log-odds of the share of wins, divided by $\\beta$": "logit / beta",
    "$m$: the share of wins less that of losses, divided by $2 \\beta$": "(2 p - 1) / (2 beta)",
}


def best(loss, p):
    m = reach(loss)
    cost = risk(loss, p, m)
    return m[cost <= cost.min() + 1e-13 * abs(cost.min())]


def best_constant(loss, claim):
    assert claim in STATISTICS
    found = LINKS[STATISTICS[claim]][0]
    for p in SHARES:
        due = np.array([found(loss, p)])
        assert risk(loss, p, due)[0] <= risk(loss, p, reach(loss)).min() * (1 + 1e-12)
        assert abs(best(loss, p) - due).max() < 0.01 * (1 + 1 / getattr(loss, "beta", 1.0))


def strictly_proper(loss, claim):
    """The best differences, and only they, say the chance."""
    holds = loss.facts.link is not None
    for p in SHARES if holds else ():
        said = LINKS[loss.facts.link][1](loss, best(loss, p))
        holds = holds and bool(np.all(np.abs(said - p) < 3e-3))
    assert claim == holds


def proper(loss, claim):
    """Without a link: no two chances share their only best difference, or none could be inverted."""
    holds, only = True, []
    for p in SHARES:
        if loss.facts.link is None:
            at = best(loss, p)
            only += np.unique(at).tolist() if np.ptp(at) < 1e-9 else []
        else:
            said = np.array([LINKS[loss.facts.link][0](loss, p)])
            least = risk(loss, p, reach(loss)).min()
            holds = holds and risk(loss, p, said)[0] <= least * (1 + 1e-12)
    assert claim == (holds and len(set(only)) == len(only))


def link(loss, claim):
    assert claim in LINKS
    forward, inverse = LINKS[claim]
    p = np.linspace(0.001, 0.999, 999)
    assert np.all(np.diff(forward(loss, p)) > 0)
    assert np.allclose(inverse(loss, forward(loss, p)), p)


def classification_calibrated(loss, claim):
    """The best difference is on the side of who wins more often, strictly better than 0."""
    holds = True
    for p in (0.03, 0.2, 0.45, 0.6, 0.9):
        m = reach(loss)
        cost = risk(loss, p, m)
        holds = holds and bool(cost[m * (2 * p - 1) <= 0].min() > cost.min() + 1e-9)
    assert claim == holds


def noise(loss, claim):
    """Loss plus the log of the chance of the outcome: a constant."""
    m = np.linspace(-9, 9, 37)
    chance = LINKS[claim.link][1](loss, getattr(loss, "beta", 1.0) * m)
    family = getattr(scipy.stats, claim.distribution)
    for outcome, cost in zip((1, 0), costs(loss, m), strict=True):
        given = {claim.predicted: chance, **dict(claim.parameters)}
        assert np.ptp(cost + family.logpmf(outcome, **given)) < 1e-9


def kinks(loss, claim):
    """They are no points on a line; none are claimed."""
    assert claim == ()


CLAIMS = {
    "best_constant": best_constant,
    "strictly_proper": strictly_proper,
    "proper": proper,
    "link": link,
    "classification_calibrated": classification_calibrated,
    "noise": noise,
    "kinks": kinks,
}
