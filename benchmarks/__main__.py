"""Run every `benchmarks/bench_*.py` and put its section into `benchmarks/README.md`."""

import importlib
import re
import sys
from datetime import date
from pathlib import Path

from benchmarks import timing

FOLDER = Path(__file__).parent
README = FOLDER / "README.md"


def main(names):
    """Run the named benchmarks, or all of them."""
    timing.one_thread()
    known = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    for name in names or known:
        print(f"benchmark: {name} ...", flush=True)
        section = importlib.import_module(f"benchmarks.bench_{name}").run()
        print(section, flush=True)
        write(name, f"{section}\n\n{machine()}")
    print(f"written to {README.name}")


def machine():
    """The line that says where and with what the figures were made."""
    names = ("numpy", "sklearn", "scipy", "torch", "jax", "optax", "keras")
    python = ".".join(map(str, sys.version_info[:3]))
    versions = ", ".join(timing.version(name) for name in names)
    return f"*{timing.cpu()}; one thread; Python {python}, {versions}; {date.today()}.*"


def write(name, section):
    """Replace what stands between the markers of `name`, or append it with new markers."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    block = f"{begin}\n{section}\n{end}"
    text = README.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(text):
        text = f"{text.rstrip()}\n\n{block}\n"
    text = pattern.sub(lambda match: block, text)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
