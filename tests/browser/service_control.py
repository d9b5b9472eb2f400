"""The embedded service as QA sees it: its fault switches and its figures."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

PUT_PARTS = 'operation="put_part"'


@dataclass(frozen=True)
class ServiceControl:
    """A running service that permits faults.

    `client` is its OAuth id and secret; None reads the ones it made in its data folder.
    """

    url: str
    data_dir: Path
    client: tuple[str, str] | None = None

    def switch(self, **switches: dict[str, Any]) -> None:
        """Switch on exactly these faults."""
        answer = requests.put(
            f"{self.url}/faults",
            json=switches,
            headers={"Authorization": f"Bearer {self._token()}"},
            timeout=10,
        )
        assert answer.status_code == 200, answer.text

    def stored_parts(self) -> int:
        """Return how many PUTs of parts were answered with 200 since the service started."""
        return int(sum(self._figures("tfw_requests_total", PUT_PARTS, 'status="200"')))

    def files(self) -> list[str]:
        """Return the names of all files that hold bytes of uploads, half-received ones too."""
        return [path.name for path in (self.data_dir / "files").iterdir()]

    def _figures(self, name: str, *labels: str) -> list[float]:
        text = requests.get(f"{self.url}/service/metrics", timeout=10).text
        lines = re.findall(rf"^{name}\{{(.*)\}} (\S+)$", text, re.MULTILINE)
        return [float(value) for found, value in lines if all(label in found for label in labels)]

    def _token(self) -> str:
        client_id, secret = self.client or self._own_client()
        form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
        }
        answer = requests.post(f"{self.url}/oauth/token", data=form, timeout=10)
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def _own_client(self) -> tuple[str, str]:
        content = json.loads((self.data_dir / "oauth-client.json").read_text())
        return str(content["client_id"]), str(content["client_secret"])
