"""A running Jupyter server, on this machine only."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = os.pathsep.join(map(str, (ROOT, ROOT / "live_figures" / "src")))


@contextlib.contextmanager
def serving(
    app: str,
    folder: Path,
    *options: str,
    python: str | Path = sys.executable,
    path: str = PACKAGES,
) -> Iterator[str]:
    """Run `app` ("jupyterlab" or "notebook") in `folder`; gives its address.

    The kernels import the packages from `path`; nothing there means those that `python` has installed.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [str(python), "-m", app, f"--port={port}", "--no-browser", "--allow-root", *options]
    command += ["--IdentityProvider.token=", f"--ServerApp.root_dir={folder}"]
    hidden = ("PYTHONPATH", "VIRTUAL_ENV")
    environment = {k: v for k, v in os.environ.items() if k not in hidden}
    if path:
        environment["PYTHONPATH"] = path
    server = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(240):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api", timeout=2).close()
                break
            time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(30)
