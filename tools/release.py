"""What a tag releases: python -m tools.release v0.1.0, or live-figures-v0.1.0

Prints what the workflow needs, as NAME=VALUE lines, and writes notes.md: the section of the changelog. It stops where
the tag, the version and the changelog do not agree.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: prefix of the tag: folder, and the module that is imported
PACKAGES = {"v": (".", "lossbook"), "live-figures-v": ("live_figures", "live_figures")}


def section(changelog: str, version: str) -> str:
    """What a changelog says of a version that has a date."""
    found = re.search(
        rf"^## \[?{re.escape(version)}\]? - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |^\[[^\]]+\]:|\Z)",
        changelog,
        re.M | re.S,
    )
    if not found or not found[1].strip():
        raise SystemExit(
            f'the changelog has no section "## {version} - (date)" that says something'
        )
    return found[1].strip() + "\n"


def release(tag: str, root: Path = ROOT) -> tuple[dict[str, str], str]:
    """The folder, module and version of the tag, and the notes."""
    match = re.fullmatch(r"(v|live-figures-v)(\d+\.\d+\.\d+)", tag)
    if not match:
        raise SystemExit(f"the tag is {tag!r}; expected v1.2.3 or live-figures-v1.2.3")
    folder, module = PACKAGES[match[1]]
    project = tomllib.loads((root / folder / "pyproject.toml").read_text("utf-8"))["project"]
    if project["version"] != match[2]:
        raise SystemExit(
            f"the tag is {tag}, but {project['name']} has version {project['version']}"
        )
    notes = section((root / folder / "CHANGELOG.md").read_text("utf-8"), match[2])
    return {"folder": folder, "module": module, "version": match[2]}, notes


def main(tag: str) -> None:
    found, notes = release(tag)
    Path("notes.md").write_text(notes, encoding="utf-8")
    for name, value in found.items():
        print(f"{name}={value}")


if __name__ == "__main__":
    main(*sys.argv[1:])
