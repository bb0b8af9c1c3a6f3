"""What makes training misbehave: each cause with a test of a minute, what it shows, and the cure.

In the code, `model`, `loss_fn`, `optimizer`, `loader` and a batch `x, y` are the reader's; `tests/teaching`
makes every fault on purpose, runs the test on it, and compares what it prints with what is said here.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cause"]


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Something that may be wrong, and how to tell.

    Parameters
    ----------
    key : str
        Its part of the page's address.
    name : str
        What may be wrong.
    test : str
        What to do to find out, in about a minute.
    code : str, default ""
        The test as code.
    shows : str
        What the test shows if this is the cause.
    cure : str
        What to do then.
    fix : str, default ""
        The cure as code.
    elsewhere : tuple of (str, str), default ()
        Where JAX or Keras differ: the framework, and its code.
    passage : str
        Where the book explains it: the page, "#" and the label or the heading's part of the address.
    runs : {"torch", "numpy"}, default "torch"
        What the code needs.

    Examples
    --------
    >>> cause = Cause(
    ...     key="dark",
    ...     name="The lamp is off",
    ...     test="Press the switch.",
    ...     shows="Light.",
    ...     cure="Leave it on.",
    ...     passage="mse#the-rivals",
    ... )
    >>> cause.code, cause.runs
    ('', 'torch')
    """

    key: str
    name: str
    test: str
    code: str = ""
    shows: str
    cure: str
    fix: str = ""
    elsewhere: tuple[tuple[str, str], ...] = ()
    passage: str
    runs: str = "torch"
