"""The claims of losses of K classes that need all K predictions at once.

Where the classes have the probabilities q, every prediction on a fine grid gets its expected loss;
what a claim says is then checked of the best of them. The corners of the hinge losses, at score
differences of 0 and 1, lie on the grid.
"""

import functools

import numpy as np
import scipy.special

SHARES = [(0.5, 0.3, 0.2), (0.15, 0.25, 0.6), (0.42, 0.3, 0.28), (0.36, 0.34, 0.3)]


@functools.cache
def risks(loss, q):
    """A grid of predictions for three classes, and the expected loss of each."""
    if loss._predicts_distributions or loss._predicts_log_distributions:
        a, b = np.meshgrid(np.arange(1, 99), np.arange(1, 99))
        inside = a + b < 100
        z = np.stack([a[inside], b[inside], 100 - a[inside] - b[inside]], axis=1) / 100
        z = z if loss._predicts_distributions else np.log(z)
    else:
        a, b = np.meshgrid(np.arange(-60, 61) / 20, np.arange(-60, 61) / 20)
        z = np.stack([a.ravel(), b.ravel(), np.zeros(a.size)], axis=1)
    if loss._takes_indices:
        expected = sum(q[k] * loss.pointwise(np.full(len(z), k), z) for k in range(3))
    else:
        expected = loss.pointwise(np.tile(q, (len(z), 1)), z)
    return z, expected


def recovers(loss, weights=(1.0, 1.0, 1.0)):
    """Whether the best predictions, and only they, say the true probabilities, times the weights."""
    found = True
    for q in SHARES:
        z, expected = risks(loss, q)
        q = np.multiply(q, weights) / np.dot(q, weights)
        best = z[expected <= expected.min() + 1e-9]
        said = best if loss._predicts_distributions else scipy.special.softmax(best, axis=1)
        found = found and np.allclose(said, q, atol=0.02)
    return bool(found)


def best_constant(loss, claim):
    weights = loss.class_weight or (1.0, 1.0, 1.0)
    shares = "class shares" if len(set(weights)) == 1 else "weighted class shares"
    due = shares if loss._predicts_distributions else f"log of the {shares}"
    assert claim == due and recovers(loss, weights)


def strictly_proper(loss, claim):
    assert claim == recovers(loss)


def proper(loss, claim):
    """No prediction is better than the link of q; where there is none, some probabilities share
    their only best prediction, so that none could be invertible."""
    scores = not loss._predicts_distributions and loss.facts.link is None
    holds, only = True, []
    for q in [*SHARES, (0.8, 0.15, 0.05), (0.85, 0.1, 0.05)]:
        z, expected = risks(loss, q)
        if scores:
            best = z[expected <= expected.min() + 1e-9]
            only += [tuple(best[0])] if len(best) == 1 else []
        else:
            said = np.array([q if loss._predicts_distributions else np.log(q)])
            if loss._takes_indices:
                cost = sum(q[k] * loss.pointwise(np.array([k]), said)[0] for k in range(3))
            else:
                cost = loss.pointwise(np.array([q]), said)[0]
            holds = holds and cost <= expected.min() + 1e-12
    assert claim == (holds and len(set(only)) == len(only))


def link(loss, claim):
    """The logarithms of the probabilities are logits that say them (tested as `proper`)."""
    logs = loss._predicts_log_distributions
    assert claim == ("log" if logs else "multinomial logit") and (logs or loss.from_logits)


def classification_calibrated(loss, claim):
    """The most probable class has the highest score; to miss that, or to tie, costs more."""
    found = True
    for q in SHARES:
        z, expected = risks(loss, q)
        right = int(np.argmax(q))
        others = np.delete(z, right, axis=1).max(axis=1)
        wrong = z[:, right] <= others
        found = found and expected[wrong].min() > expected.min() + 1e-9
    assert claim == bool(found)


def noise(loss, claim):
    """The loss of a class is minus the log of its probability."""
    assert claim.name == "Categorical"
    z = np.random.default_rng(0).normal(size=(5, 3))
    p = scipy.special.softmax(z, axis=1)
    for k in range(3):
        y = np.full(5, k)
        given = p if loss._predicts_distributions else z
        given = np.log(p) if loss._predicts_log_distributions else given
        assert np.allclose(loss.pointwise(y, given), -np.log(p[:, k]), rtol=1e-12)


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
