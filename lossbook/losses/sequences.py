r"""Losses of sequences: CTC, of labels whose times nobody knows; and the z-loss of their logits."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import numpy as np

from lossbook import _validate, _weights
from lossbook._engine import ctc, softmax
from lossbook.losses.multiclass import MulticlassLoss
from lossbook.losses.several import SeveralLoss

__all__ = ["CTC", "ZLoss"]
