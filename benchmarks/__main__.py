"""Run every `benchmarks/bench_*.py` and put its section into `benchmarks/README.md`.

The marker of a section records the peers it was measured with. Where one of them is not installed,
the section is printed and the README keeps the fuller one.
"""

import importlib
import os
import re
import sys
from datetime import date
from pathlib import Path

from benchmarks import timing

FOLDER = Path(__file__).parent
README = FOLDER / "README.md"
PEERS = {
    "alternatives": ("jupyterlab", "panel"),
    "accuracy": ("jax", "keras", "optax", "sklearn", "torch"),
    "embeddings": ("jax", "optax", "torch"),
    "linear": ("sklearn",),
    "mlp": ("sklearn", "torch"),
    "rankings": ("jax", "optax", "torch"),
    "sequences": ("jax", "optax", "torch"),
    "speed": ("jax", "optax", "sklearn", "torch"),
}
#: drawn in several processes, and shown in a browser, which has processes of its own
SPREAD = ("alternatives", "lighthouse", "site")


def main(names):
    """Run the named benchmarks, or all of them."""
    known = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"no benchmark named {', '.join(sorted(unknown))}; there are: {', '.join(known)}")
    written = []
    for name in names or known:
        print(f"benchmark: {name} ...", flush=True)
        if name in SPREAD:
            timing.all_cores()
        else:
            timing.one_thread()
        section = importlib.import_module(f"benchmarks.bench_{name}").run()
        print(section, flush=True)
        present = [peer for peer in PEERS.get(name, ()) if timing.optional(peer)]
        text = README.read_text(encoding="utf-8")
        missing = sorted(recorded(text, name) - set(present))
        if missing:
            print(
                f"{README.name} keeps its section on {name}: it was measured with "
                f"{', '.join(missing)}, not installed here"
            )
            continue
        text = replaced(text, name, f"{section}\n\n{machine(name)}", present)
        README.write_text(text, encoding="utf-8")
        written.append(name)
    print(f"written to {README.name}: {', '.join(written) or 'nothing'}")


def machine(name):
    """The line that says where and with what the figures were made."""
    if name in SPREAD:
        names, cores = ("matplotlib", "ipywidgets", "jupyterlab", "panel"), os.cpu_count()
    else:
        names, cores = ("numpy", "sklearn", "scipy", "torch", "jax", "optax", "keras"), 1
    python = ".".join(map(str, sys.version_info[:3]))
    versions = ", ".join(timing.version(name) for name in names)
    return f"*{timing.cpu()}; cores: {cores}; Python {python}, {versions}; {date.today()}.*"


def pattern(name):
    """Matches a section with its markers; the group holds the peers that the first one records."""
    begin = rf"<!-- {re.escape(name)}: begin(?:; peers: ([\w, ]*?))? -->"
    return re.compile(begin + rf".*?<!-- {re.escape(name)}: end -->", re.DOTALL)


def recorded(text, name):
    """The peers with which the section `name` of the README was measured, a set."""
    found = pattern(name).search(text)
    return set(found[1].split(", ")) if found and found[1] else set()


def replaced(text, name, section, peers):
    """The README with `section` between the markers of `name`, or appended with new markers."""
    peers = f"; peers: {', '.join(peers)}" if peers else ""
    block = f"<!-- {name}: begin{peers} -->\n{section}\n<!-- {name}: end -->"
    if not pattern(name).search(text):
        return f"{text.rstrip()}\n\n{block}\n"
    return pattern(name).sub(lambda match: block, text)


if __name__ == "__main__":
    main(sys.argv[1:])
