"""Settings are arguments: bad ones are named, and nothing in the environment counts."""

import re
from pathlib import Path

import pytest

import live_figures
from live_figures import Settings, configure


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("publish", "yes", "expected True, False or 'sphinx'"),
        ("publish", 1, "expected True, False or 'sphinx'"),
        ("cache", "", "expected the path of a folder, or None"),
        ("cache", 3, "expected the path of a folder, or None"),
        ("jobs", 0, "expected an integer from 1 on"),
        ("jobs", True, "expected an integer from 1 on"),
        ("max_states", 2.5, "expected an integer from 1 on"),
        ("track", "mybook", "expected a sequence of texts"),
        ("track", [3], "expected a sequence of texts"),
        ("dark", None, "expected a sequence of texts"),
    ],
)
def test_a_bad_setting_is_named_and_changes_nothing(name, value, expected):
    before = configure()
    message = f"{name} holds {value!r}; {expected}"
    with pytest.raises(ValueError, match=re.escape(message)):
        configure(**{name: value})
    assert configure() == before


def test_a_cache_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="which is a file; expected a folder"):
        configure(cache=tmp_path / "file")


def test_an_unknown_setting_is_named_beside_those_that_there_are():
    with pytest.raises(
        TypeError, match="no setting 'cores'; the settings are publish, cache, jobs"
    ):
        configure(cores=2)


def test_what_is_not_named_stays_as_it_is():
    configure(jobs=2)
    assert configure(max_states=7) == Settings(jobs=2, max_states=7)


def test_a_relative_cache_stays_where_it_was_when_the_working_directory_changes(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    configure(cache="kept")
    monkeypatch.chdir("/")
    assert configure().cache == tmp_path / "kept"


def test_no_environment_variable_is_read_or_written():
    package = Path(live_figures.__file__).parent
    source = "".join(path.read_text("utf-8") for path in package.glob("*.py"))
    assert not re.search(r"\benviron\b|\bgetenv\b|\bputenv\b", source)
