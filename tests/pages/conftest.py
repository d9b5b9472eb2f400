import pytest


@pytest.fixture(autouse=True, scope="session")
def once(installed_components: None) -> None:
    """What every test of a page is quicker with."""
