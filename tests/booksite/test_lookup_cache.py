"""What `_ext/once.py` keeps of a build: a page that is looked at, never one that is written."""

from types import SimpleNamespace

from booksite import lookup_cache as once
from docutils import nodes


def test_a_page_that_is_written_and_so_changed_is_not_the_one_that_others_look_at():
    env = SimpleNamespace(
        get_doctree=lambda name: nodes.document(None, None),
        get_and_resolve_doctree=lambda name, builder, doctree=None: doctree,
    )
    once.keep_doctrees(None, SimpleNamespace(env=env))
    looked_at = env.get_doctree("a")
    assert env.get_doctree("a") is looked_at and env.get_doctree("b") is not looked_at
    written = env.get_and_resolve_doctree("a", None)
    assert isinstance(written, nodes.document) and written is not looked_at
    assert env.get_and_resolve_doctree("a", None, written) is written
