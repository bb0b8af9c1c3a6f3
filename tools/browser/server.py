"""The built site over http, on this machine only."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: a page of which nothing is left when the next one is opened
REST = Path(__file__).with_name("rest.html")


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, and the page to rest on; nothing is logged."""

    def translate_path(self, path):
        return str(REST) if path == f"/{REST.name}" else super().translate_path(path)

    def log_message(self, *args):
        pass


@contextmanager
def serving(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder from a thread; gives its address."""
    files = functools.partial(handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
