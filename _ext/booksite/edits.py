"""Edits of what is written, which fail the build when there is nothing to edit."""

from __future__ import annotations

import re
from collections.abc import Callable

from sphinx.util import logging

logger = logging.getLogger(__name__)


def replaced(
    text: str,
    old: str,
    new: str | Callable[[re.Match], str],
    what: str,
    name: object,
    where: str = "",
) -> str:
    """A text with `new` for each match of `old`; a warning names the edit if the text holds `where` and no match."""
    edited, times = re.subn(old, new, text, flags=re.M)
    if where in text and not times:
        logger.warning("%s: nothing was found to edit in %s (%s)", what, name, old)
    return edited
