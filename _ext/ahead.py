"""Run the notebooks that have changed side by side, before Sphinx reads them one after the other.

Sphinx would start one kernel at a time, and while that imports, trains and fits it keeps one core busy.
What runs here goes to Jupyter Cache, where MyST-NB finds it. A notebook that fails is left to MyST-NB,
which runs it again and reports the error in its place.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.util import logging
from sphinx.util.display import progress_message

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
    if len(missing) < 2 or os.cpu_count() == 1:
        return

    def execute(path, notebook):
        return single_nb_execution(
            notebook,
            cwd=str(path.parent),
            allow_errors=False,
            timeout=config.execution_timeout,
            meta_override=True,
        )

    # two: each draws its figures on all cores, and works on one of them between two figures
    with (
        progress_message(f"running {len(missing)} notebooks, two at a time"),
        ThreadPoolExecutor(2) as pool,
    ):
        running = {pool.submit(execute, *item): item for item in missing}
        for done in as_completed(running):
            path, notebook = running[done]
            result = done.result()
            if result.err is None:
                seconds = {"execution_seconds": result.time}
                bundle = CacheBundleIn(notebook, str(path), data=seconds)
                cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
                logger.info("%s ran in %.0f seconds", path.name, result.time)


def setup(app) -> dict:
    app.connect("env-before-read-docs", run)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
