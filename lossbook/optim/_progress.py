"""A progress bar for long work, on stderr."""

from __future__ import annotations

from collections.abc import Iterable

from .._extras import extra


def steps(n: int, label: str, progress: bool) -> Iterable[int]:
    """range(n), with a progress bar once it has taken two seconds."""
    if not progress:
        return range(n)
    tqdm = extra("tqdm", "progress", "progress=True")
    return tqdm.trange(n, desc=label, delay=2.0, leave=False)
