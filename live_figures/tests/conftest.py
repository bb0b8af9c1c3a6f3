import pytest

from live_figures import configure, theme


@pytest.fixture(autouse=True)
def same_settings(monkeypatch):
    """What a test configures ends with it."""
    before = vars(configure())
    monkeypatch.setattr(theme, "_PAIRS", theme.pairs())
    yield
    configure(**before)
