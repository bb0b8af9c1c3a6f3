"""What a build would look up again and again is looked up once: a fifth of the time that a build of all pages takes.

For every citation, pybtex searches the metadata of all installed packages for its plugins (325 times for 8 of them);
for every reference to a numbered figure or exercise, Sphinx unpickles the whole page that holds it (145 times for 21).
"""

from __future__ import annotations

import functools
from typing import Any

import pybtex.plugin


def keep_plugins(app) -> None:
    pybtex.plugin.entry_points = functools.cache(pybtex.plugin.entry_points)


def keep_doctrees(app, builder) -> None:
    """Keep pages that are only looked at; the one that is to be written, and so changed, is read anew."""
    # the environment was saved before: what is kept here is of this build only
    env = builder.env
    read, resolve = env.get_doctree, env.get_and_resolve_doctree

    def resolve_anew(docname: str, builder: Any, doctree: Any = None, *args: Any, **kwargs: Any):
        doctree = read(docname) if doctree is None else doctree
        return resolve(docname, builder, doctree, *args, **kwargs)

    env.get_doctree = functools.cache(read)
    env.get_and_resolve_doctree = resolve_anew


def setup(app) -> None:
    app.connect("builder-inited", keep_plugins)
    app.connect("write-started", keep_doctrees)
