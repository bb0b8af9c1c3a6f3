"""Edits of what is written, which fail the build when there is nothing to edit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from sphinx.util import logging

logger = logging.getLogger(__name__)
Name = TypeVar("Name")


def replaced(
    texts: dict[Name, str],
    old: str,
    new: str | Callable[[re.Match], str],
    what: str,
    where: str = "",
) -> dict[Name, str]:
    """The texts with `new` for each match of `old`; a warning names the edit if a text that holds `where` has none."""
    edited = {}
    for name, text in texts.items():
        edited[name], times = re.subn(old, new, text, flags=re.M)
        if where in text and not times:
            logger.warning("%s: nothing was found to edit in %s (%s)", what, name, old)
    return edited
