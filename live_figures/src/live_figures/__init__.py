"""Sliders that answer in a notebook and on a web page without a server.

>>> from live_figures import interact, figure
>>> @interact(delta=(0.1, 5.0, 0.1))
... def huber(delta=1.0):
...     \"""What the figure shows, in words: the text alternative.
...
...     What the reader should take from it: the caption. Math such as $\\delta$ is set.
...     \"""
...     fig, ax = plt.subplots()
...     ...
...     return fig

In a running kernel the decorator shows ipywidgets. While a book is built (the environment variable
``LIVE_FIGURES=publish``, which the Sphinx extension `live_figures.sphinx` sets) it draws every
state and publishes one element that needs no kernel. `figure` does the same for a drawing without
controls. Nothing in this package knows about loss functions.
"""

from .decorator import LiveFigureError, figure, interact
from .handles import handle
from .theme import pair

__all__ = ["LiveFigureError", "figure", "handle", "interact", "pair"]
