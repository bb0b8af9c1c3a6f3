"""What this book asks of Sphinx beyond its configuration file: one extension, a module for each thing that it does."""

from . import (
    api_backlinks,
    book,
    breadcrumbs,
    exercises,
    frameworks,
    generated_pages,
    index_entries,
    launch,
    lean,
    lookup_cache,
    metadata,
    parallel_execution,
    reading,
    social_cards,
    tiles,
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
    tiles,
    exercises,
    frameworks,
    social_cards,
    api_backlinks,
    reading,
    index_entries,
)


def setup(app) -> dict:
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
