"""Where this book is: its repository and its published site, as far as the build can know. None is invented."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]


def repository() -> str:
    """The address of the repository in which the build runs, or nothing where there is none."""
    name = os.environ.get("GITHUB_REPOSITORY")
    if name:
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{name}"
    try:
        remote = subprocess.run(
            ["git", "-C", str(ROOT), "remote", "get-url", "origin"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
    for start in ("git@github.com:", "ssh://git@github.com/"):
        if remote.startswith(start):
            remote = "https://github.com/" + remote.removeprefix(start)
    return (
        remote.rstrip("/").removesuffix(".git") if remote.startswith("https://github.com/") else ""
    )


def site_address() -> str:
    """The address of the published site with a slash at its end, or nothing where none is known."""
    named = os.environ.get("SITE_ADDRESS", "")
    if not named:
        parts = urlsplit(repository())
        owner, _, name = parts.path.strip("/").partition("/")
        if parts.hostname != "github.com" or not name:
            return ""
        own_page = name.lower() == f"{owner}.github.io".lower()
        named = f"https://{owner.lower()}.github.io/" + ("" if own_page else f"{name}/")
    return named.rstrip("/") + "/"
