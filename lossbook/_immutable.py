"""Objects with hyperparameters that nobody can change: equal if these are equal."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Self, TypeVar

import numpy as np

T = TypeVar("T")


class _Freezing(type):
    """Makes instances that nobody can change once their `__init__` is over."""

    def __call__(cls: type[T], *args: Any, **kwargs: Any) -> T:
        try:
            made = super().__call__(*args, **kwargs)  # type: ignore[misc]
        except TypeError:
            _check_call(cls, args, kwargs)
            raise
        made.__dict__["_frozen"] = True
        return made

    @property
    def __signature__(cls) -> inspect.Signature:
        if cls.__init__ is object.__init__:  # type: ignore[misc]
            return inspect.Signature()
        own = inspect.signature(cls.__init__)  # type: ignore[misc]
        return own.replace(parameters=list(own.parameters.values())[1:])


def _check_call(cls: type, args: tuple, kwargs: dict[str, Any]) -> None:
    """Raise if the hyperparameters are not those that the class has, and name those."""
    parameters = list(inspect.signature(cls).parameters.values())
    if any(p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in parameters):
        return
    has = ", ".join(p.name for p in parameters) or "none"
    for name in kwargs.keys() - {p.name for p in parameters}:
        raise TypeError(
            f"{cls.__name__} has no hyperparameter {name!r}; expected one of: {has}"
        ) from None
    if len(args) > sum(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters):
        raise TypeError(
            f"{cls.__name__} is given {args[0]!r} without a name; expected hyperparameters by "
            f"keyword: {has}"
        ) from None


class Immutable(metaclass=_Freezing):
    """Its hyperparameters are the arguments of `__init__`, and attributes of the same names."""

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """The hyperparameters by name, in the order of the signature."""
        return {name: getattr(self, name) for name in _hyperparameter_names(type(self))}

    def replace(self, **changes: Any) -> Self:
        """The same with other hyperparameters.

        Parameters
        ----------
        **changes : object
            New values by name.

        Returns
        -------
        object of the same class
            Another one; this one stays as it is.

        Raises
        ------
        TypeError
            If there is no hyperparameter of that name.

        Examples
        --------
        >>> from lossbook import losses
        >>> losses.Huber(delta=1.0).replace(delta=2.0)
        Huber(delta=2.0)
        """
        known = self.hyperparameters
        for name in changes:
            if name not in known:
                has = ", ".join(known) or "none"
                raise TypeError(f"{self!r} has no hyperparameter {name!r}; expected one of: {has}")
        return type(self)(**{**known, **changes})

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.hyperparameters.items())
        return f"{type(self).__name__}({inside})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Immutable) or type(self) is not type(other):
            return NotImplemented
        return same(self.hyperparameters, other.hyperparameters)

    def __hash__(self) -> int:
        return hash((type(self), *map(_hash, self.hyperparameters.values())))

    def __setattr__(self, name: str, value: Any) -> None:
        self._refuse_if_frozen(name, f"replace({name}={value!r})")
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        self._refuse_if_frozen(name, f"replace({name}=...)")
        super().__delattr__(name)

    def _refuse_if_frozen(self, name: str, instead: str) -> None:
        if "_frozen" in self.__dict__:
            cure = f": {instead} makes another" if name in self.hyperparameters else ""
            raise AttributeError(f"{self!r} is immutable, so {name} cannot be set{cure}")


@functools.cache
def _hyperparameter_names(cls: type) -> tuple[str, ...]:
    parameters = inspect.signature(cls).parameters.values()
    return tuple(p.name for p in parameters if p.kind in (p.KEYWORD_ONLY, p.POSITIONAL_OR_KEYWORD))


def same(a: Any, b: Any) -> bool:
    """Whether hyperparameters agree; arrays among them entry by entry."""
    if type(a) is type(b) is dict:
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if type(a) is type(b) is tuple:
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return type(a) is type(b) and np.array_equal(a, b)
    return a is b or bool(a == b)


def _hash(value: Any) -> int:
    try:
        return hash(value)
    except TypeError:  # an array, say
        return 0
