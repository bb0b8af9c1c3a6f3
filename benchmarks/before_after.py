"""Speed of all losses against that of another checkout: `python -m benchmarks.before_after PATH`.

A process for each checkout is timed in turns, loss by loss; of each, the least time of all turns
counts: time of the process, so that other work on the machine does not count. Prints the ratios
after / before that are above the limit, and a summary of each size.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent.parent
SIZES = (10, 1_000, 100_000, 1_000_000)
BUDGET = 0.01  # seconds of one turn


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=pathlib.Path, help="the other checkout")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--only", default="", help="losses whose repr contains this")
    parser.add_argument("--limit", type=float, default=1.05)
    args = parser.parse_args()
    workers = [_worker(args.before.resolve()), _worker(HERE)]
    old, names = (_ask(worker, {"names": True}) for worker in workers)
    if len(old) != len(names):  # the same losses, though an argument may be called otherwise
        parser.error(f"{args.before} has {len(old)} cases; expected {len(names)}, as here")
    for size in args.sizes:
        ratios = []
        for number, name in enumerate(names):
            if args.only not in name:
                continue
            for weighted in (False, True):
                for with_gradient in (False, True):
                    case = [number, size, weighted, with_gradient]
                    ratio = _ratio(workers, case, args.turns, args.limit)
                    ratios.append(ratio)
                    if ratio > args.limit:
                        print(f"{ratio:.3f}  n = {size:,}  {name}  weights {weighted}, "
                              f"gradient {with_gradient}", flush=True)  # fmt: skip
        ratios.sort()
        middle = ratios[len(ratios) // 2]
        print(f"n = {size:,}: after / before {ratios[0]:.3f} to {ratios[-1]:.3f}, median "
              f"{middle:.3f}, {len(ratios)} cases", flush=True)  # fmt: skip


def _ratio(workers, case, turns, limit):
    """Of the least times; a case above the limit gets more turns, for noise only adds."""
    least = [float("inf")] * 2
    for turn in range(4 * turns):
        if turn >= turns and least[1] <= limit * least[0]:
            break
        for i in (0, 1) if turn % 2 else (1, 0):
            least[i] = min(least[i], _ask(workers[i], {"case": case}))
    return least[1] / least[0]


def _worker(root):
    environment = {**os.environ, "PYTHONPATH": str(root), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(pathlib.Path(__file__).resolve()), "--worker"]
    return subprocess.Popen(
        command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _ask(worker, question):
    worker.stdin.write(json.dumps(question) + "\n")
    worker.stdin.flush()
    return json.loads(worker.stdout.readline())


def _work():
    """Answer questions from stdin, with the package and the cases of the working directory."""
    sys.path[0] = os.getcwd()
    import numpy as np

    try:
        from benchmarks.cases import instances, sample
    except ImportError:  # an older checkout
        sys.path.insert(0, "tests/losses")
        from loss_cases import instances, sample

    known = list(instances())
    prepared = {}
    for line in sys.stdin:
        question = json.loads(line)
        if "names" in question:
            print(json.dumps([repr(loss) for loss in known]), flush=True)
            continue
        number, size, weighted, with_gradient = question["case"]
        if (number, size) not in prepared:
            rng = np.random.default_rng(7)
            prepared = {(number, size): (sample(known[number], rng, size), rng.random(size) + 0.1)}
        (y, p), w = prepared[number, size]
        loss = known[number]
        function = loss.value_and_gradient if with_gradient else loss
        arguments = (y, p, w) if weighted else (y, p)
        function(*arguments)
        start = time.process_time()
        function(*arguments)
        once = max(time.process_time() - start, 1e-6)
        repeats, best = max(1, min(200, round(BUDGET / 5 / once))), float("inf")
        for _ in range(5):
            start = time.process_time()
            for _ in range(repeats):
                function(*arguments)
            best = min(best, (time.process_time() - start) / repeats)
        print(json.dumps(best), flush=True)


if __name__ == "__main__":
    _work() if sys.argv[1:] == ["--worker"] else main()
