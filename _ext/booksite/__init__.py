"""What this book asks of Sphinx beyond its configuration file: one extension, a module for each thing that it does."""

from . import (
    api_backlinks,
    book,
    exercises,
    formulas,
    generated_pages,
    index_entries,
    launch,
    lookup_cache,
    markup,
    metadata,
    parallel_execution,
    reading,
    social_cards,
    theme,
    tiles,
    written_site,
)

PARTS = (
    book,
    formulas,
    parallel_execution,
    lookup_cache,
    theme,
    markup,
    written_site,
    metadata,
    launch,
    generated_pages,
    tiles,
    exercises,
    social_cards,
    api_backlinks,
    reading,
    index_entries,
)


def setup(app) -> dict:
    for part in PARTS:
        part.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
