"""Run files of Python, each in a child of a process that has imported what they all need.

python forked.py MODULE ... < paths: for each path a line of JSON, with what the file printed and with the error that
ended it. To import a framework takes longer than most of the files do. Importing starts no threads, of which a child
would have none.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import runpy
import sys
import tempfile
import traceback
import warnings


def ran(path: str) -> dict[str, str]:
    """What a file printed, and the error, if one ended it."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os._exit(status_of(path))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        error = "" if status == 0 else err.read().strip() or f"status {status}"
        return {"printed": out.read(), "error": error}


def status_of(path: str) -> int:
    """Run a file as `python path` does."""
    os.chdir(os.path.dirname(path))
    sys.argv, sys.path[0] = [path], os.path.dirname(path)
    status = 0
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message=r"os\.fork\(\) was called")  # JAX; see above
    for module in sys.argv[1:]:
        with contextlib.suppress(ImportError):  # the file that needs it says so
            importlib.import_module(module)
    for line in sys.stdin:
        print(json.dumps(ran(line.rstrip("\n"))), flush=True)
