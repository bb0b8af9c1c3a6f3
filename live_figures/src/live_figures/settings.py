"""The settings of live figures in this process: `configure` changes them, nothing in the environment does."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

__all__ = ["Settings", "configure"]

#: where a dark theme shows: the selector of an ancestor, behind a media query where it follows the system
DARK = (
    'html[data-theme="dark"]',  # PyData, Sphinx Book Theme
    'body[data-theme="dark"]',  # Furo
    '@media (prefers-color-scheme:dark) body[data-theme="auto"]',
    'body[data-jp-theme-light="false"]',  # JupyterLab, Notebook, nbconvert
    ".vscode-dark",
    'html[theme="dark"]',  # Colab
    "html.dark",  # MyST
    "body.quarto-dark",
)


@dataclass(frozen=True)
class Settings:
    """How live figures are shown; `configure` sets it and checks what it holds.

    Parameters
    ----------
    publish : bool or 'sphinx', default False
        True draws every state and shows HTML that needs no kernel, as for ``nbconvert --to html``;
        the first figure brings the script and the style sheet. ``'sphinx'`` is what the extension
        `live_figures.sphinx` sets in the notebooks of its pages. False shows widgets.
    cache : Path or None, default None
        The folder in which published figures are kept, so that one that has not changed is not drawn
        again. None keeps none.
    jobs : int or None, default None
        The number of processes that draw; None takes all cores.
    max_states : int, default 2500
        The largest number of states that one figure may have.
    track : tuple of str, default ()
        Installed packages whose code is followed like the author's own. Others are told by their
        versions.
    dark : tuple of str
        CSS selectors of what shows a dark theme around a figure, such as ``'html.dark'``; behind
        ``'@media (...) '`` it holds only there.

    Examples
    --------
    >>> Settings(jobs=2).max_states
    2500
    """

    publish: bool | str = False
    cache: Path | None = None
    jobs: int | None = None
    max_states: int = 2500
    track: tuple[str, ...] = ()
    dark: tuple[str, ...] = DARK


_settings = Settings()


def settings() -> Settings:
    """The settings that hold now."""
    return _settings


def configure(**changes: Any) -> Settings:
    """Set how live figures are shown in this process; what is not named stays as it is.

    Parameters
    ----------
    **changes : bool, str, int, Path or sequence of str
        Settings by their names, which `Settings` describes. A `cache` that is relative is taken from
        the present working directory.

    Returns
    -------
    Settings
        The settings that hold now.

    Raises
    ------
    TypeError
        If there is no such setting.
    ValueError
        If a setting holds what it cannot.

    Examples
    --------
    >>> configure(max_states=5000).max_states
    5000
    >>> configure(max_states=2500).publish
    False
    """
    global _settings
    known = [field.name for field in fields(Settings)]
    for name in changes:
        if name not in known:
            raise TypeError(f"there is no setting {name!r}; the settings are {', '.join(known)}")
    _settings = replace(_settings, **{name: checked(name, v) for name, v in changes.items()})
    return _settings


def checked(name: str, value: Any) -> Any:
    """The value of a setting as it is kept; the name may have more before it. `ValueError` where it is none."""
    return next(check for end, check in _CHECKS.items() if name.endswith(end))(name, value)


def _publish(name: str, value: Any) -> bool | str:
    if isinstance(value, bool) or (isinstance(value, str) and value == "sphinx"):
        return value
    raise ValueError(f"{name} holds {value!r}; expected True, False or 'sphinx'")


def _folder(name: str, value: Any) -> Path | None:
    if value is None:
        return None
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError(f"{name} holds {value!r}; expected the path of a folder, or None")
    path = Path(value).absolute()  # the working directory may change
    if path.exists() and not path.is_dir():
        raise ValueError(f"{name} holds {str(value)!r}, which is a file; expected a folder")
    return path


def _count(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} holds {value!r}; expected an integer from 1 on")
    return value


def _jobs(name: str, value: Any) -> int | None:
    return None if value is None else _count(name, value)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(v, str) and v.strip() for v in _items(value)):
        raise ValueError(f"{name} holds {value!r}; expected a sequence of texts")
    return tuple(v.strip() for v in value)


def _items(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else [None]


_CHECKS = {
    "publish": _publish,
    "cache": _folder,
    "jobs": _jobs,
    "max_states": _count,
    "track": _texts,
    "dark": _texts,
}
