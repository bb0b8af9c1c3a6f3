import pytest

from live_figures import configure


@pytest.fixture(autouse=True)
def same_settings():
    """What a test configures ends with it."""
    before = vars(configure())
    yield
    configure(**before)
