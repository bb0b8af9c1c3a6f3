"""Runs pieces of code in another Python, each in a namespace of its own: jobs as JSON on stdin, results on stdout.

A job is a prelude, and a list of steps; a step is code to be executed, or a check to be evaluated. The names
`out` and `numbers` hold what the last step printed, or the error it raised. It imports nothing of the book.
"""

import contextlib
import io
import json
import re
import sys
import traceback
import warnings

NUMBER = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|nan|inf)\b"


def done(job: dict) -> list:
    """What each step of a job gave: the value of a check, or what it printed; an error ends the job."""
    names: dict = {}
    results: list = []
    warnings.simplefilter("ignore")
    exec(job["prelude"], names)
    for kind, code in job["steps"]:
        printed = io.StringIO()
        try:
            if kind == "check":
                results.append(bool(eval(code, names)))
                continue
            with contextlib.redirect_stdout(printed):
                exec(code, names)
            names["out"] = printed.getvalue()
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            if kind != "may raise":
                where = traceback.extract_tb(error.__traceback__)[-1].line or code
                return [*results, f"FAILED {text} | {where} | {names.get('out', '')}"]
            names["out"] = printed.getvalue() + text
        names["numbers"] = [float(n) for n in re.findall(NUMBER, names["out"])]
        results.append(names["out"])
    return results


if __name__ == "__main__":
    jobs = json.load(sys.stdin)
    json.dump([done(job) for job in jobs], sys.stdout)
