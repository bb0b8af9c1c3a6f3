"""What this book asks of Sphinx beyond its configuration file: one extension, a module for each thing that it does."""

from . import (
    api_backlinks,
    book,
    breadcrumbs,
    exercises,
    folded_cells,
    generated_pages,
    index_entries,
    launch,
    lean,
    lookup_cache,
    metadata,
    parallel_execution,
    social_cards,
    typography,
)

PARTS = (
    book,
    parallel_execution,
    lookup_cache,
    breadcrumbs,
    lean,
    metadata,
    launch,
    generated_pages,
    exercises,
    folded_cells,
    typography,
    social_cards,
    api_backlinks,
    index_entries,
)


def setup(app) -> dict:
    for part in PARTS:
        part.setup(app)
    return {
        "version": "1",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
