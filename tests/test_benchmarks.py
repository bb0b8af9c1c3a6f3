"""The README of the benchmarks: sections are replaced, but not by poorer ones."""

from types import SimpleNamespace

import pytest

from benchmarks import __main__ as bench

OLD = """# Benchmarks

<!-- speed: begin; peers: jax, torch -->
old
<!-- speed: end -->

<!-- site: begin -->
kept
<!-- site: end -->
"""


def test_markers_record_the_peers():
    assert bench.recorded(OLD, "speed") == {"jax", "torch"}
    assert bench.recorded(OLD, "site") == bench.recorded(OLD, "accuracy") == set()
    text = bench.replaced(OLD, "speed", "new", ["sklearn", "torch"])
    assert "old" not in text and "new" in text and "kept" in text
    assert bench.recorded(text, "speed") == {"sklearn", "torch"}
    added = bench.replaced(OLD, "accuracy", "table", [])
    assert added.endswith("<!-- accuracy: begin -->\ntable\n<!-- accuracy: end -->\n")
    assert "old" in added and "kept" in added


@pytest.mark.parametrize("installed, written", [({"torch"}, False), ({"jax", "torch"}, True)])
def test_a_missing_peer_keeps_the_old_section(tmp_path, monkeypatch, capsys, installed, written):
    readme = tmp_path / "README.md"
    readme.write_text(OLD, encoding="utf-8")
    monkeypatch.setattr(bench, "README", readme)
    monkeypatch.setattr(bench, "machine", lambda name: "machine")
    timing = SimpleNamespace(one_thread=lambda: None, optional=lambda name: name in installed)
    monkeypatch.setattr(bench, "timing", timing)
    module = SimpleNamespace(run=lambda: "measured")
    monkeypatch.setattr(bench, "importlib", SimpleNamespace(import_module=lambda name: module))
    bench.main(["speed"])
    assert ("measured\n\nmachine" in readme.read_text(encoding="utf-8")) == written
    said = capsys.readouterr().out
    assert "measured" in said
    assert ("keeps its section on speed: it was measured with jax" in said) != written
