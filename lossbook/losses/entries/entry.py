"""The entry of a loss: everything that is said of it, in one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from .facts import Facts, Noise

__all__ = ["Entry", "Peer"]

_T = TypeVar("_T")
#: what holds for all hyperparameters, or a function of the loss that has them
Said: TypeAlias = _T | Callable[[Any], _T]


def by_flag(flag: str, without: _T, with_it: _T) -> Callable[[Any], _T]:
    """What is said of losses without a flag, such as `from_logits`, and what of those with it."""
    return lambda loss: with_it if getattr(loss, flag) else without


def unsmoothed(loss: Any) -> bool:
    """Whether the labels of the loss are taken as they are."""
    return loss.label_smoothing == 0.0


@dataclass(frozen=True)
class Peer:
    """The same loss in another library.

    Parameters
    ----------
    library : str
        "PyTorch" (`torch.nn`), "Keras" (`keras.losses`), "optax" (`optax.losses`) or
        "scikit-learn".
    name : str
        What it is called there, without the module; for scikit-learn with it.
    defaults : mapping of str to object, default {}
        Arguments worth knowing, with their default values.
    note : str, default ""
        Where it differs from ours; one or two sentences of Markdown.

    Examples
    --------
    >>> Peer("PyTorch", "HuberLoss", {"delta": 1.0}).note
    ''
    """

    library: str
    name: str
    defaults: Mapping[str, object] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is said of a loss: its facts, when to use it and when not, and its names elsewhere.

    A field of `Facts` holds what is true of all hyperparameters, or a function of the loss. Nothing
    has a default but what may be empty: `None` is said where a question does not apply.

    Parameters
    ----------
    name, task, formula, gradient : str or callable
        As in `Facts`, and so all down to `reference`; the task is one for all hyperparameters.
    best_constant, noise : str, Noise, None or callable
        What it estimates, and under which noise.
    convex, strictly_convex, smooth : bool or callable
        In the prediction.
    gradient_lipschitz, lipschitz : float, None or callable
        The steepest slopes of gradient and loss.
    bounded, symmetric, strictly_proper, proper, classification_calibrated : bool, None or callable
        What it promises.
    link, kinks, reference : str, tuple of float, None or callable
        How it says a probability, where it is not smooth, and its source.
    use, avoid : str
        When to use the loss, and when not: sentences of Markdown.
    claim : str
        What its live figure shows, at every setting of its control.
    where : str, default ""
        What the letters of the formula stand for, if not for truth and prediction: Markdown.
    peers : tuple of Peer, default ()
        The same loss in other libraries.
    beyond : tuple of (str, str), default ()
        Where none of those has it: a library that does, and its name there. Looked up, not run.

    Examples
    --------
    >>> from lossbook import losses
    >>> from lossbook.losses.entries import entry_of
    >>> entry_of(losses.Huber).facts(losses.Huber(delta=2.0)).lipschitz
    2.0
    """

    name: Said[str]
    task: str
    formula: Said[str]
    gradient: Said[str]
    best_constant: Said[str | None]
    noise: Said[Noise | None]
    convex: Said[bool]
    strictly_convex: Said[bool]
    smooth: Said[bool]
    gradient_lipschitz: Said[float | None]
    lipschitz: Said[float | None]
    bounded: Said[bool]
    symmetric: Said[bool | None]
    strictly_proper: Said[bool | None]
    proper: Said[bool | None]
    classification_calibrated: Said[bool | None]
    link: Said[str | None]
    kinks: Said[tuple[float, ...]] = ()
    reference: str
    use: str
    avoid: str
    claim: str
    where: str = ""
    peers: tuple[Peer, ...] = ()
    beyond: tuple[tuple[str, str], ...] = ()

    def facts(self, loss: Any) -> Facts:
        """The facts of the loss with its hyperparameters.

        Parameters
        ----------
        loss : Loss
            An instance of the class that the entry is about.

        Returns
        -------
        Facts
            With all functions of the loss evaluated.
        """
        said = {f.name: getattr(self, f.name) for f in dataclasses.fields(Facts)}
        return Facts(**{k: v(loss) if callable(v) else v for k, v in said.items()})
