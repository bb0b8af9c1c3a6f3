"""The workflows of GitHub: nothing runs that can change under us, with rights that it does not need, or without end."""

import re
import shlex

import pytest
import yaml

from .paths import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
each = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)


def read(path):
    return yaml.safe_load(path.read_text("utf-8"))


def jobs(path):
    return read(path)["jobs"]


def steps(path):
    return [step for job in jobs(path).values() for step in job.get("steps", [])]


@each
def test_each_action_is_a_commit_whose_version_is_said(path):
    uses = re.findall(r"uses: (\S+)(.*)", path.read_text("utf-8"))
    for action, comment in uses:
        if not action.startswith("./"):
            assert re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", action)
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)
    assert uses


def test_an_action_has_one_version():
    texts = "\n".join(path.read_text("utf-8") for path in WORKFLOWS)
    versions = set(re.findall(r"uses: ([\w/.-]+@\S+)", texts))
    assert len(versions) == len({version.partition("@")[0] for version in versions}) > 5


@each
def test_a_job_ends_and_may_only_read_unless_it_says_so(path):
    assert read(path)["permissions"] == {"contents": "read"}
    for job in jobs(path).values():
        assert "uses" in job or job["timeout-minutes"] <= 60
    for step in steps(path):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"] == {"persist-credentials": False}
        # what others may name (a branch, a title) is no part of a script
        assert "${{ github." not in step.get("run", "")


@pytest.mark.parametrize("name", ["publish", "release"])
def test_what_is_published_waits_for_the_tests(name):
    found = jobs(GITHUB / "workflows" / f"{name}.yml")
    assert found.pop("test")["uses"] == "./.github/workflows/test.yml"
    for name in found:
        while name != "test":  # each has one that it waits for
            name = found[name]["needs"]
    assert "workflow_call" in read(GITHUB / "workflows" / "test.yml")[True]  # YAML's "on"


@each
def test_what_a_command_names_is_there(path):
    for step in steps(path):
        words = shlex.split(step.get("run", ""), comments=True)
        for word in words:
            named = word.removeprefix("--ignore=")
            if named.startswith(("tests/", ".github/", "_ext/")):
                assert (ROOT / named).exists(), named
        for module in re.findall(r"-[mp] (tools\.\w+)", step.get("run", "")):
            assert (ROOT / f"{module.replace('.', '/')}.py").exists(), module


def test_the_forms_are_what_github_reads():
    forms = sorted(p for p in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if p.stem != "config")
    assert len(forms) == 3
    for path in forms:
        form = read(path)
        assert {"name", "description", "body"} <= form.keys()
        ids = [field["id"] for field in form["body"]]
        assert all(re.fullmatch(r"[\w-]+", i) for i in ids) and len(set(ids)) == len(ids)
        assert {field["type"] for field in form["body"]} <= {"input", "textarea", "dropdown"}
        assert any(field.get("validations", {}).get("required") for field in form["body"])
        for field in form["body"]:
            assert field["attributes"]["label"]


def test_dependabot_looks_at_the_pins_and_the_actions():
    updates = read(GITHUB / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"pip", "github-actions"}


def test_the_hooks_are_what_make_lint_runs():
    (repository,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nlint:")[2].partition("\n\n")[0]
    recipe = re.sub(r"\s+", " ", recipe.replace("$(BIN)", ".venv/bin"))
    for hook in repository["hooks"]:
        command = re.sub(r" --(force-exclude|fix)\b", "", hook["entry"])
        assert command in recipe, command
    assert recipe.count(".venv/bin/") == len(repository["hooks"])
