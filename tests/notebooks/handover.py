"""A pytest plugin for nbval: what a notebook has defined when its last cell has run is kept for the other tests.

They need the functions and numbers of the notebooks (`tests.figures`), and would run every one of them again.
"""

import pytest
from nbval.plugin import IPyNbCell

from ..figures import ROOT

PATIENCE = 60  #: seconds that the kernel has


def _run(item: IPyNbCell, code: str) -> None:
    reply = item.parent.kernel.kc.execute_interactive(
        code, store_history=False, allow_stdin=False, timeout=PATIENCE, output_hook=lambda _: None
    )
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))


def pytest_runtest_makereport(item, call):
    if isinstance(item, IPyNbCell) and call.when == "call" and call.excinfo is None:
        item.parent.passed = {*getattr(item.parent, "passed", ()), item.cell_num}


def _is_whole(notebook: pytest.File) -> bool:
    """True where every cell was chosen, and none failed."""
    return len(getattr(notebook, "passed", ())) == sum(
        cell.cell_type == "code" for cell in notebook.nb.cells
    )


@pytest.hookimpl(trylast=True)  # when there is a kernel
def pytest_runtest_setup(item):
    if isinstance(item, IPyNbCell) and item.cell_num == 0:
        _run(item, f"__import__('sys').path.append({str(ROOT)!r})")
        _run(item, "__import__('tests.figures', fromlist=['watch']).watch()")


@pytest.hookimpl(tryfirst=True)  # while there is one
def pytest_runtest_teardown(item, nextitem):
    if not isinstance(item, IPyNbCell) or (nextitem and nextitem.parent is item.parent):
        return
    if _is_whole(item.parent):
        page = ROOT / "chapters" / item.path.name  # that this file is a copy of
        page = str(page if page.exists() else item.path)
        _run(item, f"__import__('tests.figures', fromlist=['keep']).keep({page!r})")
