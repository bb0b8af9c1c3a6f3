"""The browser of these tests is found, or installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.browser import chromium

from ..figures import ROOT


def test_it_can_be_looked_for_while_playwright_runs(browser):
    path = chromium.playwrights_own()
    assert path is None or Path(path).exists()


@pytest.mark.skipif(any(Path(p).exists() for p in chromium.MAC), reason="there is one already")
@pytest.mark.skipif(os.name == "nt", reason="has no apt-get")
@pytest.mark.parametrize("packages", [("chromium-headless-shell", "chromium"), ("chromium",)])
def test_it_is_installed_where_there_is_none(packages, tmp_path):
    """A machine that has an apt-get, and nothing else."""
    programs = tmp_path / "bin"
    programs.mkdir()
    scripts = {
        "sudo": 'shift\nexec "$@"',
        "apt-get": f'for p in {" ".join(packages)}; do case " $* " in\n'
        f'  *" install "*" $p "*) : > "{programs}/$p"; /bin/chmod +x "{programs}/$p";;\nesac; done',
    }
    for name, text in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    env = {k: v for k, v in os.environ.items() if k != "CHROMIUM"} | {
        "PATH": str(programs),
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "none"),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",  # nobody is there
    }
    done = subprocess.run(
        [sys.executable, "-m", "tools.browser.chromium"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(programs / packages[0])
