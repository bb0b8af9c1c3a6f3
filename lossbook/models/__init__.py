"""Models to train with any loss: a linear model, and what is built on it."""

from .linear import LinearModel

__all__ = ["LinearModel"]
