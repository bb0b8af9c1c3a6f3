"""Sliders that answer in a notebook and on a web page without a server.

.. code-block:: python

    from live_figures import interact

    @interact(slope=(0, 5))
    def line(slope=1):
        '''What the figure shows, in words: the text alternative.

        What the reader should take from it: the caption. Math such as $y$ is set.
        '''
        fig, ax = plt.subplots()
        ax.plot([0, 1], [0, slope])
        return fig

In a running kernel the decorator shows ipywidgets. Where figures are published (`configure`, or the
Sphinx extension `live_figures.sphinx`) it draws every state and shows one element that needs no
kernel. `figure` does the same for a drawing without controls, `render` gives it for a page of yours.
"""

from .controls import LiveFigureError
from .decorator import figure, interact, render
from .handles import handle
from .legibility import Overlap, overlaps
from .published import LiveFigure, assets
from .settings import Settings, configure
from .theme import pair

__version__ = "0.1.0"
__all__ = [
    "LiveFigure",
    "LiveFigureError",
    "Overlap",
    "Settings",
    "assets",
    "configure",
    "figure",
    "handle",
    "interact",
    "overlaps",
    "pair",
    "render",
]
