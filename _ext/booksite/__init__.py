"""What this book asks of Sphinx beyond its configuration file: one extension, a module for each thing that it does."""

from importlib import import_module

#: in the order in which Sphinx is to call them
PARTS = (
    "book",
    "formulas",
    "parallel_execution",
    "lookup_cache",
    "theme",
    "markup",
    "written_site",
    "metadata",
    "launch",
    "citing",
    "exercises",
    "frameworks",
    "folded_cells",
    "shapes",
    "guesses",
    "views",
    "elsewhere",
    "typography",
    "tables",
    "social_cards",
    "api_backlinks",
    "index_entries",
    "in_place",
    "search",
)


def setup(app) -> dict:
    for part in PARTS:
        import_module(f"{__name__}.{part}").setup(app)
    return {
        "version": "1",
        "env_version": 5,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
