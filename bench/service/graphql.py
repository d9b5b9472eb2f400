"""How long a small question takes on a connection that is kept."""

import json
import statistics
import time

import requests

from tests.app_server import AppServer

CALLS = 500


def token_of(server: AppServer) -> str:
    """Ask the server for an access token."""
    client = json.loads((server.data_dir / "oauth-client.json").read_text())
    form = {"grant_type": "client_credentials", **client}
    answer = requests.post(f"{server.url}/oauth/token", data=form, timeout=10)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def median_latency(server: AppServer) -> float:
    """Milliseconds of the median of `CALLS` viewer queries, one after the other."""
    times: list[float] = []
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token_of(server)}"
        for _ in range(CALLS):
            started = time.perf_counter()
            answer = session.post(
                f"{server.url}/graphql", json={"query": "{ viewer { name } }"}, timeout=10
            )
            times.append(time.perf_counter() - started)
            assert answer.json()["data"]["viewer"]
    return statistics.median(times) * 1000
