"""What each line on the card of a loss claims, as a check that fails if the claim is wrong.

`check(loss, name, claim)` raises AssertionError when the claim does not hold of the loss.
"""

import math
from itertools import pairwise

import numpy as np
import scipy.integrate
import scipy.optimize
import scipy.special
import scipy.stats

from lossbook import losses
from lossbook.losses.binary import BinaryLoss
from lossbook.losses.margin import MarginLoss
from lossbook.losses.multiclass import MulticlassLoss
from lossbook.losses.preference import PreferenceLoss
from lossbook.losses.ranking import RankingLoss

from . import multiclass_claims, preference_claims, ranking_claims
from .loss_slices import slices

TINY = 1e-9
OWN_CLAIMS = {
    MulticlassLoss: multiclass_claims,
    RankingLoss: ranking_claims,
    PreferenceLoss: preference_claims,
}


def check(loss, name, claim):
    """Check the fact `name` with the value `claim`; None claims nothing."""
    if claim is None:
        return
    own = {}
    for family, claims in OWN_CLAIMS.items():
        own = claims.CLAIMS if isinstance(loss, family) else own
    with np.errstate(invalid="ignore"):  # far out losses and slopes are infinite: inf - inf
        (own if name in own else CLAIMS)[name](loss, claim)


def convex(loss, claim):
    """No chord lies below the function."""
    assert claim == all(_least_chord_gap(s) >= -TINY for s in slices(loss))


def strictly_convex(loss, claim):
    """Every chord lies above the function, over a range in which float64 can tell."""
    found = True
    for s in slices(loss):
        t = s.grid()
        t = t[np.abs(t - s.center) <= 12]
        t = t[:: max(1, t.size // 120)]
        slope = s.slope(t)
        steps = np.diff(t) > 1e-3
        found = found and bool(np.all(np.diff(slope)[steps] > 0))
    assert claim == found


def smooth(loss, claim):
    """The gradient has no jump that survives a closer look."""
    assert claim == (not any(_jumps(s) for s in slices(loss)))


def kinks(loss, claim):
    """The jumps of the gradient are these and no others."""
    for s in slices(loss, kinks=claim):
        seen = sorted(_jumps(s))
        due = sorted(k for k in s.kinks if _jump_at(s, k))
        assert len(due) == len(s.kinks), f"no kink at one of {s.kinks}"
        assert len(seen) == len(due), (seen, due)
        assert np.allclose(seen, due, atol=1e-6)


def lipschitz(loss, claim):
    """The steepest slope is the claimed one, or there is none."""
    steepest = max(_finite_max(np.abs(s.slope(_wide(s)))) for s in slices(loss))
    for s in slices(loss):
        for k in s.kinks:
            below, above = s.value(np.array([k - 1e-12, k + 1e-12]))
            steepest = max(steepest, abs(above - below) / 2e-12 - 1e-2)
    _assert_bound(steepest, claim)


@np.errstate(over="ignore", invalid="ignore")  # far out, slopes are infinite
def gradient_lipschitz(loss, claim):
    """The steepest slope of the gradient is the claimed one, or there is none."""
    steepest = 0.0
    for s in slices(loss):
        t = s.grid()
        pairs = [(t[:-1], t[1:])]
        pairs += [(t, t + h * np.maximum(np.abs(t - s.center), 1e-3)) for h in (1e-3, 1e-7)]
        for k in {*s.kinks, *_jumps(s)}:
            pairs.append((np.array([k - 1e-12]), np.array([k + 1e-12])))
        for a, b in pairs:
            inside = (b > s.ends[0]) & (b < s.ends[1]) & (b > a)
            a, b = a[inside], b[inside]
            change = s.slope(b) - s.slope(a)
            noise = 1e-14 * (np.abs(s.slope(a)) + np.abs(s.slope(b)))
            steepest = max(steepest, _finite_max((np.abs(change) - noise) / (b - a)))
    _assert_bound(steepest, claim)


def bounded(loss, claim):
    """From far to very far the loss stays, or it grows."""
    growth = max(
        abs(float(s.value(np.array([very_far]))[0]) - float(s.value(np.array([far]))[0]))
        for s in slices(loss)
        for far, very_far in s.extremes()
    )
    assert claim == (growth < 1e-6)


def symmetric(loss, claim):
    """Errors of either sign cost the same."""
    same = True
    for s in slices(loss):
        r = np.array([0.01, 0.3, 0.9, 1.7, 12.0, 300.0])
        r = r[s.center - r > s.ends[0]]
        same = same and np.allclose(s.value(s.center + r), s.value(s.center - r), rtol=1e-12)
    assert claim == same


def noise(loss, claim):
    """Loss plus log density is a constant."""
    if claim.distribution is None:
        _shape(loss, claim.name)
        return
    if isinstance(loss, losses.GaussianNLL):
        y, mean, variance = np.random.default_rng(0).uniform(0.1, 3, (3, 20))
        scale = {"scale": np.sqrt(variance), **dict(claim.parameters)}
        density = getattr(scipy.stats, claim.distribution).logpdf(y, mean, **scale)
        total = loss.pointwise(y, np.stack([mean, variance], axis=1)) + density
        assert np.ptp(total) < 1e-12
        return
    family, inverse = getattr(scipy.stats, claim.distribution), LINKS[claim.link][1]
    log_density = getattr(family, "logpdf", None) or family.logpmf
    outcomes, predictions = observations(loss)
    for y in outcomes:
        outcome = (y + 1) / 2 if isinstance(loss, MarginLoss) else y
        totals = []
        for prediction in predictions:
            given = {claim.predicted: inverse(prediction), **dict(claim.parameters)}
            totals.append(loss(y, prediction) + log_density(outcome, **given))
        assert np.isfinite(totals).all()
        assert np.ptp(totals) <= 1e-9 * max(1.0, np.abs(totals).max())


def _shape(loss, name):
    """The named shape is that of a density, and minus its logarithm is the loss and a constant."""
    assert name in SHAPES, name
    log_shape, low = SHAPES[name]
    areas = []
    for prediction in (0.0, 0.4, 7.5):
        outcomes = np.concatenate([np.linspace(-0.9, 9, 38), prediction + np.linspace(-3, 3, 61)])
        outcomes = outcomes[outcomes > low]
        totals = [loss(y, prediction) + log_shape(loss, y, prediction) for y in outcomes]
        own = [log_shape(loss, y, 0.0) + loss(y, 0.0) for y in outcomes]
        assert np.allclose(totals, own, rtol=1e-9, atol=1e-9)

        def density(y, prediction=prediction):
            return math.exp(log_shape(loss, y, prediction))

        ends = [low, prediction, np.inf]
        areas.append(sum(scipy.integrate.quad(density, *pair)[0] for pair in pairwise(ends)))
    assert np.isfinite(areas).all() and np.ptp(areas) < 1e-6 * areas[0]


def _two_scales(loss, y, p):
    return -(loss.expectile if p < y else 1 - loss.expectile) * (p - y) ** 2


def _gauss_then_laplace(loss, y, p):
    a, d = abs(p - y), loss.delta
    return -a * a / 2 if a <= d else -d * a + d * d / 2


def _barron(loss, y, p):
    a = loss.alpha
    return -(2 - a) / a * ((((p - y) / loss.scale) ** 2 / (2 - a) + 1) ** (a / 2) - 1)


# log of each density that has no name in SciPy, up to a constant, and where its outcomes begin
SHAPES = {
    "Gaussian with a different scale on each side": (_two_scales, -np.inf),
    "Gaussian center with Laplace tails": (_gauss_then_laplace, -np.inf),
    "Uniform in the tube with Laplace tails": (
        lambda loss, y, p: -max(abs(p - y) - loss.epsilon, 0),
        -np.inf,
    ),
    "Uniform in the tube with Gaussian tails": (
        lambda loss, y, p: -(max(abs(p - y) - loss.epsilon, 0) ** 2),
        -np.inf,
    ),
    "Gaussian in log(1 + y)": (
        lambda loss, y, p: -((np.log1p(p) - np.log1p(y)) ** 2) - np.log1p(y),
        -1.0,
    ),
    "Barron's general distribution": (_barron, -np.inf),
}


def observations(loss):
    """Outcomes and predictions on which to test a noise model."""
    if loss.facts.task == "regression":
        outcomes = np.concatenate([np.linspace(-9, 9, 37), [-40.0, 25.0]])
        return outcomes, [-3.0, 0.0, 0.4, 7.5]
    if isinstance(loss, BinaryLoss):
        return [0.0, 1.0], [-4.0, 0.3, 9.0] if loss.from_logits else [0.01, 0.4, 0.999]
    if isinstance(loss, MarginLoss):
        return [-1.0, 1.0], [-4.0, 0.3, 9.0]
    if isinstance(loss, losses.PoissonNLL):
        return [0.0, 1.0, 7.0], [-2.0, 0.1, 2.5] if loss.log_input else [0.1, 1.0, 9.0]
    raise NotImplementedError(loss)


def _less_the_odds(q):
    likely = np.maximum(q, 1 - q)
    return np.sign(2 * q - 1) * (1 - (1 - likely) / likely)


def _from_the_odds(t):
    likely = 1 / (2 - np.minimum(np.abs(t), 1))
    return np.where(t < 0, 1 - likely, likely)


# what a probability becomes as a prediction, and what a prediction says
LINKS = {
    "identity": (lambda q: q, lambda t: t),
    "logit": (scipy.special.logit, scipy.special.expit),
    "half the logit": (
        lambda q: scipy.special.logit(q) / 2,
        lambda t: scipy.special.expit(2 * t),
    ),
    "log": (np.log, np.exp),
    "2 p - 1": (lambda q: 2 * q - 1, lambda t: np.clip((1 + t) / 2, 0, 1)),
    "1 less the odds of the minority, signed": (_less_the_odds, _from_the_odds),
}


def _conditional_risk(loss, q, t):
    """The expected loss of the prediction t where the probability of the positive class is q."""
    negative = -1.0 if isinstance(loss, MarginLoss) else 0.0
    positive = loss.pointwise(np.ones_like(t), t)
    return q * positive + (1 - q) * loss.pointwise(np.full_like(t, negative), t)


def _predictions(loss):
    """A fine grid of predictions."""
    if isinstance(loss, BinaryLoss) and not loss.from_logits:
        return np.linspace(0.001, 0.999, 1997)
    return np.linspace(-12, 12, 9601)


SHARES = (0.03, 0.2, 0.45, 0.5, 0.6, 0.9)


def strictly_proper(loss, claim):
    """Where the probability is q, the best predictions all say q."""
    inverse = _link(loss)[1]
    holds = inverse is not None
    for q in SHARES if holds else ():
        best, _ = _best(loss, q)
        holds = holds and bool(np.all(np.abs(inverse(best) - q) < 2e-3))
    assert claim == holds


def proper(loss, claim):
    """Where the probability is q, no prediction is better than the link of q. Without a link: no
    two probabilities have one and the same best prediction, or none could be invertible."""
    link = _link(loss)[0]
    holds, only = True, []
    for q in SHARES:
        best, lowest = _best(loss, q)
        if link is None:
            only += np.unique(np.round(best, 9)).tolist() if np.ptp(best) < 1e-9 else []
        elif q != 0.5 or not isinstance(loss, losses.ZeroOne):  # there a score of 0 is an error
            holds = holds and _conditional_risk(loss, q, np.array([link(q)]))[0] <= lowest + 1e-12
    assert claim == (holds and len(set(only)) == len(only))


def link(loss, claim):
    """It can be inverted; scores beyond its range say 0 or 1."""
    forward, inverse = LINKS[claim]
    q = np.linspace(0.001, 0.999, 999)
    assert np.all(np.diff(forward(q)) > 0) and np.allclose(inverse(forward(q)), q)
    if claim != "identity":
        assert np.allclose(inverse(np.array([-50.0, 50.0])), [0, 1])


def _link(loss):
    """Link and inverse; the identity for probabilities, none where a score says no probability."""
    name = loss.facts.link or (None if isinstance(loss, MarginLoss) else "identity")
    return LINKS[name] if name else (None, None)


def _best(loss, q):
    """The best predictions of a fine grid where the probability is q, and what they cost."""
    t = _predictions(loss)
    if _link(loss)[0]:
        t = np.append(t, _link(loss)[0](q))
    risk = _conditional_risk(loss, q, t)
    return t[risk <= risk.min() + 1e-12], risk.min()


def classification_calibrated(loss, claim):
    """Every best prediction is on the side of the more probable class, strictly better than 0."""
    middle = 0.0 if isinstance(loss, MarginLoss) or loss.facts.link else 0.5
    holds = True
    for q in (0.03, 0.2, 0.45, 0.6, 0.9):
        t = _predictions(loss)
        risk = _conditional_risk(loss, q, t)
        wrong = (t - middle) * (2 * q - 1) <= 0
        holds = holds and bool(risk[wrong].min() > risk.min() + 1e-9)
    assert claim == holds


def _labels():
    return np.where(np.random.default_rng(6).random(301) < 0.7, 1.0, -1.0)


def best_constant(loss, claim):
    """On a skewed sample no constant has a lower mean loss than the named statistic."""
    if isinstance(loss, losses.GaussianNLL):
        _best_mean_and_variance(loss, claim)
        return
    sample = np.random.default_rng(5).lognormal(0.3, 1.1, 301)
    if isinstance(loss, losses.PoissonNLL):
        sample = np.floor(sample)
    if isinstance(loss, (MarginLoss, BinaryLoss)):
        sample = _labels() if isinstance(loss, MarginLoss) else (_labels() + 1) / 2
    best = STATISTICS[claim](loss, sample)

    def mean_loss(c):
        return loss(sample, np.full_like(sample, c))

    reach = np.ptp(sample) if _scores(loss) else 0.0
    grid = np.linspace(sample.min() - reach, sample.max() + reach, 1001)
    if loss.facts.task != "regression" and not _scores(loss):
        grid = grid[1:-1]
    means = np.array([mean_loss(c) for c in grid])
    at = int(means.argmin())
    bracket = grid[max(0, at - 2)], grid[min(grid.size - 1, at + 2)]
    found = scipy.optimize.minimize_scalar(
        mean_loss, bounds=bracket, method="bounded", options={"xatol": 1e-10}
    )
    assert mean_loss(best) <= found.fun * (1 + 1e-9) + 1e-12
    assert abs(best - found.x) <= 1e-4 * np.ptp(sample) or math.isclose(
        mean_loss(best), found.fun, rel_tol=1e-12
    )


def reference(loss, claim):
    """The key stands in the bibliography (checked for all losses at once elsewhere)."""
    assert claim


def _root(equation, sample):
    """Where an estimating equation, increasing in the constant, is solved."""
    return scipy.optimize.brentq(equation, sample.min(), sample.max(), xtol=1e-13)


def _balance(pull):
    """The constant at which the pulls of the samples cancel."""
    return lambda loss, sample: _root(lambda c: np.sum(pull(loss, c - sample)), sample)


def _best_balance(pull, cost):
    """Of all constants at which the pulls cancel, the one of least cost: a non-convex loss."""

    def estimate(loss, sample):
        grid = np.linspace(sample.min(), sample.max(), 2001)
        total = [np.sum(pull(loss, c - sample)) for c in grid]
        roots = [
            scipy.optimize.brentq(lambda c: np.sum(pull(loss, c - sample)), a, b, xtol=1e-13)
            for a, b, fa, fb in zip(grid, grid[1:], total, total[1:], strict=False)
            if fa < 0 <= fb
        ]
        return min(roots, key=lambda c: np.sum(cost(loss, c - sample)))

    return estimate


def _huber_pull(loss, r):
    return np.minimum(np.maximum(r, -loss.delta), loss.delta)


def _excess(loss, r):
    return np.sign(r) * np.maximum(np.abs(r) - loss.epsilon, 0)


def _expectile_pull(loss, r):
    return np.where(r < 0, loss.expectile, 1 - loss.expectile) * r


def _tukey_pull(loss, r):
    return np.where(np.abs(r) < loss.scale, r * (1 - (r / loss.scale) ** 2) ** 2, 0)


def _tukey_cost(loss, r):
    return 1 - np.maximum(1 - (r / loss.scale) ** 2, 0) ** 3


def _cauchy_pull(loss, r):
    return r / (loss.scale**2 + r * r)


def _cauchy_cost(loss, r):
    return np.log(loss.scale**2 + r * r)


def _barron_pull(loss, r):
    v = (r / loss.scale) ** 2
    if math.isinf(loss.alpha):
        return r * np.exp(-v / 2)
    return r * (v / (2 - loss.alpha) + 1) ** (loss.alpha / 2 - 1)


def _barron_cost(loss, r):
    v = (r / loss.scale) ** 2
    if math.isinf(loss.alpha):
        return -np.exp(-v / 2)
    b = 2 - loss.alpha
    if loss.alpha == 0:
        return np.log(v / b + 1)
    return (v / b + 1) ** (loss.alpha / 2) / loss.alpha


def _scores(loss):
    """Whether predictions are any real numbers though the labels are not."""
    return isinstance(loss, MarginLoss) or any(
        getattr(loss, name, False) for name in ("from_logits", "log_input")
    )


def _best_mean_and_variance(loss, claim):
    assert claim == "mean and variance"
    sample = np.random.default_rng(5).lognormal(0.3, 0.5, 301)
    best = np.array([sample.mean(), sample.var()])

    def risk(prediction):
        return loss(sample, np.tile(prediction, (sample.size, 1)))

    for change in ((1e-3, 0), (-1e-3, 0), (0, 1e-3), (0, -1e-3), (0.5, 0.5), (-0.5, 0.7)):
        assert risk(best) < risk(best + np.array(change))


def _share(sample):
    return np.mean(sample > 0)


def _smoothed_mean(loss, sample):
    return (1 - loss.label_smoothing) * np.mean(sample) + loss.label_smoothing / 2


def _mean_of_ones(loss, sample):
    """The share of the labels 1, each of which counts as often as its weight says."""
    mean, w = _smoothed_mean(loss, sample), loss.pos_weight
    return w * mean / (w * mean + 1 - mean)


STATISTICS = {
    "smoothed mean": _smoothed_mean,
    "mean in which a 1 counts $w$ times": _mean_of_ones,
    "log-odds of the mean in which a 1 counts $w$ times": lambda loss, sample: scipy.special.logit(
        _mean_of_ones(loss, sample)
    ),
    "log-odds of the smoothed mean in which a 1 counts $w$ times": lambda loss, sample: (
        scipy.special.logit(_mean_of_ones(loss, sample))
    ),
    "log-odds of the mean": lambda loss, sample: scipy.special.logit(np.mean(sample)),
    "log-odds of the smoothed mean": lambda loss, sample: scipy.special.logit(
        _smoothed_mean(loss, sample)
    ),
    "zero": lambda loss, sample: 0.0,
    "majority class, as -1 or +1": lambda loss, sample: 2.0 * (_share(sample) > 0.5) - 1.0,
    "log-odds of the share of +1": lambda loss, sample: scipy.special.logit(_share(sample)),
    "half the log-odds of the share of +1": lambda loss, sample: (
        scipy.special.logit(_share(sample)) / 2
    ),
    "1 less the odds of the minority, with the sign of the majority": lambda loss, sample: (
        1.0 - (1 - _share(sample)) / _share(sample)
    ),
    "mean": lambda loss, sample: np.mean(sample),
    "below all": lambda loss, sample: (  # minimizes none of them: a wrong claim
        -0.9 if loss.facts.task == "regression" or _scores(loss) else 0.01
    ),
    "median": lambda loss, sample: np.median(sample),
    "median of the targets, each weighted by 1 / |y|": lambda loss, sample: np.quantile(
        sample, 0.5, weights=1 / np.abs(sample), method="inverted_cdf"
    ),
    "quantile": lambda loss, sample: np.quantile(sample, loss.quantile, method="inverted_cdf"),
    "log of the mean": lambda loss, sample: np.log(np.mean(sample)),
    "expectile": _balance(_expectile_pull),
    "geometric mean of 1 + y, less 1": lambda loss, sample: scipy.stats.gmean(1 + sample) - 1,
    "Huber's M-estimate": _balance(_huber_pull),
    "log-cosh M-estimate": _balance(lambda loss, r: np.tanh(r)),
    "pseudo-Huber M-estimate": _balance(lambda loss, r: r / np.sqrt(loss.scale**2 + r * r)),
    "center of a tube with as many samples above as below": _balance(
        lambda loss, r: np.sign(_excess(loss, r))
    ),
    "point where the excesses over the tube balance": _balance(_excess),
    "Cauchy M-estimate": _best_balance(_cauchy_pull, _cauchy_cost),
    "Tukey's M-estimate": _best_balance(_tukey_pull, _tukey_cost),
    "Barron's M-estimate": _best_balance(_barron_pull, _barron_cost),
}


@np.errstate(over="ignore", invalid="ignore")  # far out, sums of two values are infinite
def _least_chord_gap(s):
    """The least height of a chord over the function, relative to the size of both."""
    t = s.grid()
    least = 0.0
    rng = np.random.default_rng(3)
    for _ in range(20):
        a, b = rng.choice(t, 500), rng.choice(t, 500)
        near = rng.random(500) < 0.5
        b = np.where(near, np.clip(a + rng.normal(size=500), t[0], t[-1]), b)
        lam = rng.random(500)
        m = lam * a + (1 - lam) * b
        fa, fb, fm = s.value(a), s.value(b), s.value(m)
        scale = np.maximum(1.0, np.abs(fa) + np.abs(fb))
        least = min(least, float(np.min((lam * fa + (1 - lam) * fb - fm) / scale)))
    return least


def _jump_at(s, t, width=1e-9):
    around = np.array([t - width, t + width])
    return any(
        abs(right - left) > 1e-5 * (1 + abs(left))
        for left, right in (s.slope(around), s.value(around))
    )


def _jumps(s):
    """Where the gradient jumps, or the loss itself."""
    found = []
    for function in (s.slope, s.value):
        for t in _jumps_of(function, s):
            if not any(abs(t - k) < 1e-6 for k in found):
                found.append(t)
    return found


def _jumps_of(function, s):
    """Halve all suspicious intervals until only jumps are left."""
    t = s.grid()
    t = t[np.abs(t - s.center) <= 50]
    suspicious = np.flatnonzero(np.abs(np.diff(function(t))) > 1e-4)
    a, b = t[suspicious], t[suspicious + 1]
    if not a.size:
        return []
    fa, fb = function(a), function(b)
    for _ in range(50):
        m = (a + b) / 2
        fm = function(m)
        left = np.abs(fm - fa) >= np.abs(fb - fm)
        a, fa = np.where(left, a, m), np.where(left, fa, fm)
        b, fb = np.where(left, m, b), np.where(left, fm, fb)
    return a[np.abs(fb - fa) > 1e-5 * (1 + np.abs(fa))].tolist()


def _wide(s):
    far = [t for pair in s.extremes() for t in pair]
    return np.concatenate([s.grid(), far])


def _finite_max(values):
    return float(np.nanmax(np.where(np.isfinite(values), values, 1e308))) if values.size else 0.0


def _assert_bound(steepest, claim):
    if math.isinf(claim):
        assert steepest > 1e5, steepest
    else:
        assert 0.99 * claim <= steepest <= claim * (1 + 1e-6) + 1e-12, (steepest, claim)


CLAIMS = {
    "convex": convex,
    "strictly_convex": strictly_convex,
    "smooth": smooth,
    "kinks": kinks,
    "lipschitz": lipschitz,
    "gradient_lipschitz": gradient_lipschitz,
    "bounded": bounded,
    "symmetric": symmetric,
    "noise": noise,
    "best_constant": best_constant,
    "reference": reference,
    "strictly_proper": strictly_proper,
    "proper": proper,
    "link": link,
    "classification_calibrated": classification_calibrated,
}
