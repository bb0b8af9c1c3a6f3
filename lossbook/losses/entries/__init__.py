"""What is said of the losses, beside the mathematics: one entry a loss, a module a family.

The families are read when something is asked of a loss, and not with the package.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .facts import Facts, Noise, facts_of_sum

if TYPE_CHECKING:
    from .entry import Entry

__all__ = ["FAMILIES", "Facts", "Noise", "entry_of", "facts_of", "facts_of_sum"]

#: the modules of losses, and of their entries
FAMILIES = (
    "regression",
    "quantile",
    "robust",
    "binary",
    "multiclass",
    "margin",
    "likelihood",
    "pairs",
    "embeddings",
    "ranking",
    "preference",
    "sequences",
)
_PACKAGE = __name__.rpartition(".")[0]


def entry_of(kind: type) -> Entry | None:
    """The entry of a class of the package, or of the nearest one that it is a subclass of.

    Parameters
    ----------
    kind : type
        A class of losses.

    Returns
    -------
    Entry or None
        None of a class that the package does not know.

    Examples
    --------
    >>> from lossbook import losses
    >>> entry_of(losses.Huber).reference
    'huber1964'
    """
    for base in kind.__mro__:
        package, _, family = base.__module__.rpartition(".")
        if package == _PACKAGE and family in FAMILIES:
            entries = importlib.import_module(f"{__name__}.{family}").ENTRIES
            if base.__name__ in entries:
                return entries[base.__name__]
    return None


def facts_of(loss: Any) -> Facts:
    """The facts of a loss; of one that has no entry, its name.

    Parameters
    ----------
    loss : Loss
        Any loss.

    Returns
    -------
    Facts
        With its hyperparameters.

    Examples
    --------
    >>> from lossbook import losses
    >>> facts_of(losses.Huber(delta=2.0)).lipschitz
    2.0
    """
    entry = entry_of(type(loss))
    return Facts(name=type(loss).__name__) if entry is None else entry.facts(loss)
