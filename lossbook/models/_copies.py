"""Copies and pickles of models whose attributes are views of one array."""

from __future__ import annotations

from typing import Any, ClassVar


class WithViews:
    """A model some of whose attributes follow from the others: a copy makes its own of them."""

    #: names of the attributes that `_prepare` makes
    _follows: ClassVar[frozenset[str]]

    def _prepare(self) -> None:
        """Make the attributes that follow from the rest."""
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        return {name: v for name, v in self.__dict__.items() if name not in self._follows}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._prepare()
