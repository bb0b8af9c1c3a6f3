"""The clinic: what the reader sees, its causes, a test of a minute for each, and the cure.

`show` draws it; `CLINIC` is its first question, `paths` walks all that follows. Where the order of the
causes comes from is said in `symptoms`.
"""

from .cause import Cause
from .page import paths, show
from .symptoms import CLINIC, Symptom

__all__ = ["CLINIC", "Cause", "Symptom", "paths", "show"]
