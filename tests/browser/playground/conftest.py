"""An app whose connection is an endpoint that answers as a test tells it to."""

from collections.abc import Iterator

import pytest

from tests.app_server import AppServer
from tests.client.scripted_endpoint import ScriptedEndpoint, running_endpoint

TOKEN = "amp_pat_0123456789canary"


@pytest.fixture
def endpoint() -> Iterator[ScriptedEndpoint]:
    with running_endpoint() as endpoint:
        yield endpoint


@pytest.fixture
def connected_server(own_app_server: AppServer, endpoint: ScriptedEndpoint) -> AppServer:
    """The app, started."""
    own_app_server.environment |= {
        "AMPLIENCE_GRAPHQL_URL": f"{endpoint.url}/graphql",
        "AMPLIENCE_PAT": TOKEN,
    }
    own_app_server.start()
    return own_app_server
