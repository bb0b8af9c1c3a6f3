"""Comparisons of things that were trained or sampled, each held over several seeds in one line.

    over_seeds(lambda seed: accuracy("A", seed) - accuracy("B", seed), above=0)

Where each comparison of the book is held, chapter by chapter:

"""

from collections.abc import Callable, Iterable

import numpy as np


def over_seeds(
    measure: Callable[[int], float],
    *,
    above: float | None = None,
    below: float | None = None,
    mean_above: float | None = None,
    mean_below: float | None = None,
    seeds: Iterable[int] = range(5),
    at_least: int | None = None,
) -> np.ndarray:
    """The values of `measure` at each seed, after asserting what is claimed of them.

    Parameters
    ----------
    measure : callable
        What is compared, at one seed: a difference, a ratio, a count.
    above, below : float
        Each value is strictly above, below this; if `at_least` is given, at least so many of them.
    mean_above, mean_below : float
        The mean is above, below this by at least twice its standard error.
    seeds : iterable of int
        Five or more.

    Raises
    ------
    AssertionError
        With all the values, where a claim fails, or where the seed changes nothing.
    """
    seeds = list(seeds)
    assert len(set(seeds)) >= 5, f"{len(set(seeds))} seeds; a comparison takes five or more"
    claims = (above, below, mean_above, mean_below)
    assert any(claim is not None for claim in claims), "nothing is claimed"
    values = np.array([float(measure(seed)) for seed in seeds])
    shown = f"values at the seeds {seeds}: {values.tolist()}"
    assert np.ptp(values) > 0, f"the seed changes nothing; {shown}"
    for limit, holds in [(above, np.greater), (below, np.less)]:
        if limit is not None:
            kept = int(holds(values, limit).sum())
            wanted = len(seeds) if at_least is None else at_least
            assert kept >= wanted, f"{holds.__name__} {limit}: {kept} of {len(seeds)}; {shown}"
    error = values.std(ddof=1) / np.sqrt(len(values))
    if mean_above is not None:
        assert values.mean() - 2 * error > mean_above, f"mean above {mean_above}; {shown}"
    if mean_below is not None:
        assert values.mean() + 2 * error < mean_below, f"mean below {mean_below}; {shown}"
    return values
