"""Find a Chromium, or install one."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
MAC = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
]


def installed() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for candidate in [*map(shutil.which, NAMES), *MAC]:
        if candidate and Path(candidate).exists():
            return candidate
    return playwrights_own()


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


@cache
def find() -> str:
    """The path of a Chromium; the system's first, else Playwright's, else Debian's, installed now."""
    if path := installed():
        return path
    print("No Chromium found; installing one", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if path := installed():
        return path
    if shutil.which("apt-get"):
        become_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "chromium"],
        ):
            subprocess.run([*become_root, *command], check=False, stdout=subprocess.DEVNULL)
    if path := installed():
        return path
    raise RuntimeError(
        "no Chromium was found and none could be installed: install Chromium or Chrome, or set "
        "the environment variable CHROMIUM to its path"
    )
