"""Run the notebooks that have changed side by side, before Sphinx reads them one after the other.

Sphinx would start one kernel at a time, and while that imports, trains and fits it keeps one core busy;
and a kernel that draws alone needs no workers, each of which would import everything once more.
What runs here goes to Jupyter Cache, where MyST-NB finds it. A notebook that fails is left to MyST-NB,
which runs it again and reports the error in its place.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.util import logging
from sphinx.util.display import progress_message

from live_figures import first_cell

logger = logging.getLogger(__name__)


def notebooks(app, env, docnames: list[str]):
    """(path, notebook) of each page with code, as MyST-NB will read it."""
    for name in docnames:
        path = Path(env.doc2path(name))
        source = [path.read_text("utf-8")]
        env.prepare_settings(name)  # the page that is read, for those who ask
        app.emit("source-read", name, source)
        env.temp_data.clear()
        reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, source[0])
        if reader is not None:
            yield path, reader.read(source[0])


@contextmanager
def sharing(notebook, cores: int):
    """Within it, the cell that sets up the live figures gives them so many cores; Jupyter Cache must not see that."""
    told = [c for c in notebook.cells if set(first_cell.TAGS) <= set(c.metadata.get("tags", []))]
    sources = [cell.source for cell in told]
    for cell in told:
        cell.source += "\n" + first_cell.code_of(jobs=cores)
    try:
        yield
    finally:
        for cell, source in zip(told, sources, strict=True):
            cell.source = source


def execute(path: Path, notebook, timeout: int, cores: int = 1):
    """Run a notebook, in place; what a cell prints is one text, though a busy kernel sends it in pieces."""
    with sharing(notebook, cores):
        return single_nb_execution(
            notebook,
            cwd=str(path.parent),
            allow_errors=False,
            timeout=timeout,
            meta_override=True,
            coalesce_streams=True,
            extra_arguments=["--log-level=ERROR"],
        )


def run(app, env, docnames: list[str]) -> None:
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    missing = []
    for path, notebook in notebooks(app, env, docnames):
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            missing.append((path, notebook))
    if not missing:
        return
    cores = os.cpu_count() or 1
    workers = min(cores, len(missing))

    # the longest first; each draws its own figures, on its share of the cores
    missing.sort(key=lambda item: -sum(len(cell.source) for cell in item[1].cells))
    with (
        progress_message(f"running {len(missing)} notebooks, {workers} at a time"),
        ThreadPoolExecutor(workers) as pool,
    ):
        options = config.execution_timeout, cores // workers
        running = {pool.submit(execute, *item, *options): item for item in missing}
        for done in as_completed(running):
            path, notebook = running[done]
            try:
                result = done.result()
            except RuntimeError:  # the kernel did not start, or died: MyST-NB tries again
                continue
            if result.err is None:
                seconds = {"execution_seconds": result.time}
                bundle = CacheBundleIn(notebook, str(path), data=seconds)
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                logger.info("%s ran in %.0f seconds", path.name, result.time)


def setup(app) -> None:
    app.connect("env-before-read-docs", run)
