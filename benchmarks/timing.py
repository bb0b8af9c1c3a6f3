"""Time rivals side by side: interleaved, so that a busy moment of the machine hits all alike."""

import importlib
import os
import platform
import statistics
import time

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread():
    """Restrict this process to one core and every library to one thread; before other imports."""
    for name in THREAD_VARIABLES:
        os.environ[name] = "1"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["JAX_PLATFORMS"] = "cpu"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def all_cores():
    """Undo `one_thread` for what spreads its work over processes; every library keeps to one thread."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def optional(name):
    """The module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def version(name):
    """`torch 2.13.0`, or `torch (not installed: skipped)`."""
    module = optional(name)
    return f"{name} {module.__version__}" if module else f"{name} (not installed: skipped)"


def cpu():
    """The name of the processor, as far as the system tells."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as lines:
            info = dict(line.split(":", 1) for line in lines if ":" in line)
    except OSError:
        return platform.processor() or platform.machine()
    info = {key.strip(): value.strip() for key, value in info.items()}
    avx512 = ", AVX-512" if "avx512f" in info.get("flags", "").split() else ""
    return info.get("model name", platform.machine()) + avx512


def medians(functions, rounds=40, budget=0.0004):
    """Median seconds a call of each of `functions`, a dict of name: callable without arguments.

    Each round runs every function in turn, often enough to fill `budget` seconds.
    """
    repeats = {}
    for name, function in functions.items():
        function()
        start = time.perf_counter()
        function()
        repeats[name] = max(1, round(budget / max(time.perf_counter() - start, 1e-7)))
    samples = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            function()  # caches warm for this one
            start = time.perf_counter()
            for _ in range(repeats[name]):
                function()
            samples[name].append((time.perf_counter() - start) / repeats[name])
    return {name: statistics.median(times) for name, times in samples.items()}


def table(head, rows):
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
