"""A tag releases what its version and the changelog say, and nothing where they differ."""

import pytest

from tools import release

CHANGELOG = """# Changelog

## Unreleased

- Later.

## 0.2.0 - 2026-12-01

### Added

- A thing.

## 0.1.0 - 2026-11-28

- The first.
"""


@pytest.fixture
def root(tmp_path):
    for folder, name in ((".", "lossbook"), ("live_figures", "live-figures")):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        (place / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
        text = f'[project]\nname = "{name}"\nversion = "0.2.0"\n'
        (place / "pyproject.toml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("tag", "folder", "module"),
    [
        ("v0.2.0", ".", "lossbook"),
        ("live-figures-v0.2.0", "live_figures", "live_figures"),
    ],
)
def test_what_a_tag_releases(root, tag, folder, module):
    found, notes = release.release(tag, root)
    assert found == {"folder": folder, "module": module, "version": "0.2.0"}
    assert notes == "### Added\n\n- A thing.\n"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("v0.1.0", "lossbook has version 0.2.0"),
        ("live-figures-v0.3.0", "live-figures has version 0.2.0"),
        ("0.2.0", "expected v1.2.3"),
        ("v0.2.0rc1", "expected v1.2.3"),
    ],
)
def test_a_tag_that_does_not_agree(root, tag, said):
    with pytest.raises(SystemExit, match=said):
        release.release(tag, root)


@pytest.mark.parametrize(
    "text",
    [
        CHANGELOG.replace("0.2.0 - 2026-12-01", "0.2.0 - unreleased"),
        CHANGELOG.replace("### Added\n\n- A thing.\n", ""),
    ],
)
def test_a_changelog_without_a_dated_section(root, text):
    (root / "CHANGELOG.md").write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"no section \"## 0\.2\.0 - \(date\)\""):
        release.release("v0.2.0", root)
