"""Tests that may not be skipped: pytest -p tools.required --require torch --require jax ...

A test that needs a library is skipped where that library is missing. Where the library was installed for the sake of
these tests, such a skip is a failure: the run ends with an error and names the tests.
"""

import re

import pytest

SKIPPED = pytest.StashKey[list[str]]()


def pytest_addoption(parser):
    parser.addoption(
        "--require",
        action="append",
        default=[],
        metavar="LIBRARY",
        help="fail if a test is skipped for want of this library",
    )


def pytest_configure(config):
    config.stash[SKIPPED] = []
    config.pluginmanager.register(Watch(config))


class Watch:
    def __init__(self, config):
        self.skipped = config.stash[SKIPPED]
        names = "|".join(map(re.escape, config.getoption("--require")))
        self.wanted = re.compile(rf"\b(?:{names})\b") if names else None

    def _look(self, report):
        if report.skipped and self.wanted and isinstance(report.longrepr, tuple | list):
            reason = report.longrepr[2]
            if self.wanted.search(reason):
                self.skipped.append(f"{report.nodeid}: {reason}")

    def pytest_runtest_logreport(self, report):
        self._look(report)

    def pytest_collectreport(self, report):  # a module that is skipped whole
        self._look(report)


def pytest_sessionfinish(session):
    if session.config.stash[SKIPPED]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    if skipped := config.stash[SKIPPED]:
        terminalreporter.section("skipped, though required")
        for line in skipped:
            terminalreporter.line(line)
