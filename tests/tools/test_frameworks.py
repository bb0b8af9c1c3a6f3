"""The code of the tabs belongs to its record, and what runs it never calls anything good that did not run."""

import json
import re
import sys

import pytest
from readers.frameworks import TABS, Subject, digest, subjects

from tools import frameworks

from ..paths import PAGES
from ..text import prose_of

CODE = {
    "torch": 'print("loss 0.5")\nprint("gradient [0.25 -0.25]")',
    "lossbook": 'print("loss 0.50001")\nprint("gradient [ 0.25 -0.25]")',
}


@pytest.fixture
def subject(tmp_path, monkeypatch):
    """A subject whose files need nothing but Python, and a way to run it."""
    for name, code in CODE.items():
        path = tmp_path / "chapter" / "thing" / f"with_{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code)
    made = Subject("chapter/thing", tmp_path)
    monkeypatch.setattr(frameworks, "subjects", lambda: [Subject("chapter/thing", tmp_path)])
    monkeypatch.setattr(frameworks, "versions_of", lambda python, libs: dict.fromkeys(libs, "1.0"))
    return made


def fresh(subject):
    return Subject(subject.name, subject.folder)


def test_there_are_subjects():
    assert len(subjects()) > 0


@pytest.mark.parametrize("subject", subjects(), ids=lambda s: s.name)
def test_each_file_belongs_to_its_record(subject):
    assert not subject.faults()
    assert "torch" in subject.files
    for name, record in subject.records.items():
        assert set(record["versions"]) == set(TABS[name][1]) and record["printed"].strip()
        code = subject.files[name].read_text("utf-8")
        assert (
            max(map(len, code.split("\n"))) <= 100 and "/" not in record["printed"].split("\n")[0]
        )


@pytest.mark.parametrize("subject", subjects(), ids=lambda s: s.name)
def test_each_record_says_what_lossbook_computes(subject):
    ours = subject.records.get("lossbook")
    for name, record in subject.records.items():
        if ours and name != "lossbook":
            printed = record["printed"], ours["printed"]
            assert not frameworks.difference(*printed, every_line=False), name


@pytest.mark.parametrize(
    "subject", [s for s in subjects() if "lossbook" in s.files], ids=lambda s: s.name
)
def test_our_own_file_prints_its_record(subject):
    done = frameworks.run(subject, "lossbook", sys.executable)
    assert not done.error
    assert not frameworks.difference(done.printed, subject.records["lossbook"]["printed"])


def test_a_file_without_a_record_is_a_fault(subject, capsys):
    assert frameworks.main([]) == 1
    assert "with_torch.py of frameworks/chapter/thing has no record" in capsys.readouterr().out


def test_a_record_is_made_and_found_good(subject, capsys):
    assert frameworks.main(["--record"]) == 0
    assert not fresh(subject).faults()
    assert frameworks.main([]) == 0
    assert "all of them" in capsys.readouterr().out


def test_a_file_that_was_changed_is_a_fault(subject, capsys):
    frameworks.main(["--record"])
    path = subject.files["torch"]
    path.write_text(path.read_text() + "\n# another line\n")
    assert "was changed since its record" in fresh(subject).faults()[0]
    with pytest.raises(ValueError, match="was changed since its record"):
        fresh(subject).tabs()


def test_a_file_that_is_changed_while_it_runs_does_not_belong_to_its_record(subject):
    path = subject.files["torch"]
    path.write_text(f'{CODE["torch"]}\nopen({str(path)!r}, "a").write("# more")')
    frameworks.main(["--record"])
    assert "was changed since its record" in fresh(subject).faults()[0]


def test_a_record_of_another_version_that_prints_something_else_is_named(subject, capsys):
    frameworks.main(["--record"])
    record = json.loads(subject.record.read_text())
    record["torch"].update(versions={"torch": "0.1"}, printed="loss 0.7\ngradient [0.25 -0.25]")
    subject.record.write_text(json.dumps(record))
    assert frameworks.main([]) == 1
    out = capsys.readouterr().out
    assert "with_torch.py, against its record of torch 0.1: loss 0.5 where 0.7 is expected" in out


def test_what_differs_from_lossbook_is_named(subject, capsys):
    subject.files["torch"].write_text('print("loss 0.5")\nprint("gradient [0.25 0.25]")')
    assert frameworks.main(["--record"]) == 1
    assert "with_torch.py, against lossbook: gradient 0.25 0.25 where" in capsys.readouterr().out


def test_a_file_that_fails_has_no_record(subject, capsys):
    subject.files["torch"].write_text('print("loss 0.5")\nraise RuntimeError("out of luck")')
    assert frameworks.main(["--record"]) == 1
    assert "out of luck" in capsys.readouterr().out
    assert "torch" not in fresh(subject).records


def test_a_framework_that_is_missing_is_named_and_nothing_is_good(subject, capsys, monkeypatch):
    frameworks.main(["--record"])
    monkeypatch.setattr(
        frameworks, "versions_of", lambda python, libs: {"numpy": "1.0"} if "numpy" in libs else {}
    )
    capsys.readouterr()
    assert frameworks.main([]) == 1
    out = capsys.readouterr().out
    assert "torch not installed: not run with_torch.py of chapter/thing" in out
    assert "all of them" not in out


def test_a_record_of_what_did_not_run_is_kept(subject, monkeypatch):
    frameworks.main(["--record"])
    before = fresh(subject).records["torch"]
    monkeypatch.setattr(
        frameworks, "versions_of", lambda python, libs: {"numpy": "2.0"} if "numpy" in libs else {}
    )
    frameworks.main(["--record"])
    assert fresh(subject).records["torch"] == before
    assert fresh(subject).records["lossbook"]["versions"] == {"numpy": "2.0"}


def test_a_subject_that_is_not_there_is_named(subject, capsys):
    with pytest.raises(SystemExit):
        frameworks.main(["chapter/other"])
    assert "no subject 'chapter/other'; there are chapter/thing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("loss 0.1234", "loss 0.1235", True),  # the last digit is rounded
        ("loss 0.1234", "loss 0.1237", False),
        ("loss 0.1234", "loss 0.12", True),  # as far as it is shown
        ("a 1\nb 2", "a 1", False),
        ("loss nan", "loss nan", True),
        ("loss nan", "loss 1.0", False),
        ("loss inf", "loss -inf", False),
        ("steps 10", "steps 11", False),
        ("gradient [[1. 2.]\n [3. 4.]]", "gradient [[1., 2.], [3., 4.]]", True),
        ("loss 1.1e-08", "loss 1.3e-08", False),
        ("float16 1.0", "float32 1.0", False),
    ],
)
def test_what_counts_as_the_same(one, other, same):
    assert (not frameworks.difference(one, other)) == same


def test_tabs_hold_code_and_output_of_each_framework(subject):
    frameworks.main(["--record"])
    text = "\n".join(fresh(subject).tabs())
    assert text.count(":::{tab-item}") == len(CODE) and ":sync: torch" in text
    for code in CODE.values():
        assert code in text
    assert "loss 0.50001" in text and "PyTorch 1.0" in text
    assert digest(subject.files["torch"]) in subject.record.read_text()


def test_every_subject_is_shown_once_in_the_book():
    shown = [
        name
        for path in PAGES
        for name in re.findall(r"^`{3,}\{frameworks\} (\S+)$", prose_of(path), re.M)
    ]
    assert sorted(shown) == [subject.name for subject in subjects()]
