"""What the cards of losses of several predictions claim, as checks along lines in the space of all predictions.

A loss whose rows are apart is followed row by row, one whose rows meet as the sum over the batch.
"""

import math

import numpy as np

from benchmarks.cases import sample
from lossbook import losses

TINY = 1e-9
ROWS = 400


class Space:
    """Values and slopes of a loss where some arguments are, and along directions from there."""

    def __init__(self, loss, seed, size=1.0, n=ROWS):
        self.loss, self.meets = loss, isinstance(loss, losses.BatchLoss)
        self.rng = np.random.default_rng(seed)
        given = sample(loss, self.rng, 4 if self.meets else n)
        self.learned = [k for k, name in enumerate(loss.inputs) if name in loss.predicted]
        self.learned = [k for k in self.learned if np.ndim(given[k])]  # not a scale
        self.at = list(given)
        for k in self.learned:
            self.at[k] = size * np.asarray(given[k])

    def direction(self, size=1.0):
        """One for each argument, of about that length a row."""
        return [size * self.rng.normal(size=np.shape(self.at[k])) for k in self.learned]

    def towards_meeting(self):
        """From where all vectors of a row are the same: there distances and angles are 0.

        Of a batch of embeddings, past where all negatives of a row are further than a right angle.
        """
        if len(self.learned) == 1:
            self.at[0] = np.array([0, 0, 1, 1])
            turn = np.array([[0, 0, 0, 0], [0, 0, 0, 0], [-1.0, 0, 0, 0], [-1.0, 0, 0, 0]])
            fixed = np.array([[1.0, 0, 1, 0], [1, 0, -1, 0], [0, 1, 0, 1], [0, 1, 0, -1]])
            self.at[1] = np.abs(self.at[1]).max() * fixed
            return [np.abs(self.at[1]).max() * turn]
        first = self.at[self.learned[0]]
        ways = []
        for k in self.learned:
            way = self.at[k]
            if np.shape(way) == np.shape(first):
                ways.append(way - first)
                self.at[k] = first
            else:  # centers, which embeddings meet; close to each other, or the others do not count
                self.at[k] = way[:1] + 0.2 * way
                ways.append(0.0 * way)
        if len(ways) == 2 and np.shape(ways[0]) != np.shape(ways[1]):
            labels = self.at[0]
            ways[0] = first - self.at[self.learned[1]][labels]
            self.at[self.learned[0]] = self.at[self.learned[1]][labels]
        return ways

    def moved(self, way, t):
        given = list(self.at)
        for k, step in zip(self.learned, way, strict=True):
            given[k] = self.at[k] + t * step
        return given

    def value(self, way, t):
        found = self.loss.pointwise(*self.moved(way, t))
        return np.array([found.sum()]) if self.meets else found

    def gradient(self, way, t):
        found = self.loss.gradient(*self.moved(way, t))
        return found if isinstance(found, tuple) else (found,)

    def slope(self, way, t):
        parts = [
            (g * step).reshape(len(g), -1).sum(axis=1)
            for g, step in zip(self.gradient(way, t), way, strict=False)
        ]
        return np.array([sum(map(np.sum, parts))]) if self.meets else sum(parts)

    def steepness(self, way, t=0.0):
        """The length of the gradient, of all arguments of a row together."""
        parts = [
            np.square(g).reshape(len(g), -1).sum(axis=1)
            for g in self.gradient(way, t)[: len(self.learned)]
        ]
        return math.sqrt(sum(map(np.sum, parts))) if self.meets else np.sqrt(sum(parts)).max()


def _gaps(loss):
    """How far the middle of a chord lies above the loss."""
    for seed in range(40 if issubclass(type(loss), losses.BatchLoss) else 6):
        space = Space(loss, seed, 10.0 ** (seed % 3 - 1))
        way = space.direction(10.0 ** (seed % 3 - 1))
        yield from 0.5 * (space.value(way, -1) + space.value(way, 1)) - space.value(way, 0)


def convex(loss, claim):
    assert claim == all(gap >= -TINY for gap in _gaps(loss))


def strictly_convex(loss, claim):
    assert claim == all(gap > TINY for gap in _gaps(loss))


def _changes(space, way):
    """At the greatest changes of the slope, looked at closely: the jump, and the change a step."""
    t = np.linspace(-2.0, 2.0, 161) + 1.3e-4
    slopes = np.array([space.slope(way, v) for v in t])
    change = np.abs(np.diff(slopes, axis=0))
    length = [np.square(step).reshape(len(step), -1).sum(axis=1) for step in way]
    length = np.array([sum(map(np.sum, length))]) if space.meets else sum(length)
    worst = [(row, int(change[:, row].argmax())) for row in np.argsort(-change.max(axis=0))[:2]]
    for row, k in [*worst, (worst[0][0], int(np.flatnonzero(t < 0.0)[-1]))]:
        low, high = t[k], t[k + 1]
        if low < 0.0 < high:  # where the vectors meet
            low, high = -1e-9, 1e-9
        while high - low > 3e-8:
            middle = (low + high) / 2
            left, at, right = (space.slope(way, v)[row] for v in (low, middle, high))
            low, high = (low, middle) if abs(at - left) > abs(right - at) else (middle, high)
        jump = abs(space.slope(way, high)[row] - space.slope(way, low)[row])
        broad = change[k, row] / (t[1] - t[0])
        if length[row] > 0.0:
            yield (
                jump / (1.0 + np.abs(slopes[:, row]).max()),
                max(jump / (high - low), broad) / length[row],
            )


def _lines(loss, sizes=(1.0,)):
    for size in sizes:
        for seed in range(3):
            space = Space(loss, seed, size, n=40)
            yield space, space.direction(size)
            space = Space(loss, seed, size, n=40)
            yield space, space.towards_meeting()


def smooth(loss, claim):
    jumps = [jump for line in _lines(loss) for jump, _ in _changes(*line)]
    assert claim == (max(jumps) < 1e-4)


def lipschitz(loss, claim):
    steepest = 0.0
    for size in (1e-5, 1.0, 1e5):
        space = Space(loss, 1, size)
        steepest = max(steepest, space.steepness(space.direction(0.0)))
    if not space.meets:  # and along one line, where all that pulls may pull together
        space = Space(loss, 2, n=2000)
        for k in space.learned:
            if space.at[k].ndim > 1:
                space.at[k][:, 1:] = 0.0
        way = [0.0 * space.at[k] for k in space.learned]
        steepest = max(steepest, space.steepness(way))
    if math.isinf(claim):
        assert steepest > 1e3
    else:
        assert 0.999 * claim <= steepest <= claim * (1 + 1e-12)


def gradient_lipschitz(loss, claim):
    """Across a kink, or where vectors are short, a small step changes the gradient by much."""
    steepest = max(step for line in _lines(loss, (1.0, 1e-5)) for _, step in _changes(*line))
    assert claim == (math.inf if steepest > 1e4 else steepest)


def bounded(loss, claim):
    far, very_far = (
        max(np.max(Space(loss, seed, size).value(Space(loss, seed).direction(0.0), 0.0))
            for seed in range(5))
        for size in (1e6, 1e12)
    )  # fmt: skip
    assert claim == (very_far <= far * 1.001)


def reference(loss, claim):
    assert claim


def kinks(loss, claim):
    assert claim == ()


CLAIMS = {
    f.__name__: f
    for f in (
        convex,
        strictly_convex,
        smooth,
        lipschitz,
        gradient_lipschitz,
        bounded,
        reference,
        kinks,
    )
}
