"""The flow as the service's documentation shows it, with curl, against the running app."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

from tests.app_server import AppServer

SIZE = 11_723_249  # the documentation's own example
SCRIPT = Path(__file__).with_name("documented_flow.sh")


def test_the_documented_curl_flow_brings_the_same_bytes_back(
    app_server: AppServer, tmp_path: Path
) -> None:
    client = json.loads((app_server.data_dir / "oauth-client.json").read_text())
    file, copy = tmp_path / "video.mp4", tmp_path / "copy.mp4"
    content = os.urandom(SIZE)
    file.write_bytes(content)
    run = subprocess.run(
        [SCRIPT, app_server.url, client["client_id"], client["client_secret"], file, copy],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    blocks = [content[at : at + 5_242_880] for at in range(0, SIZE, 5_242_880)]
    digests = b"".join(hashlib.md5(block).digest() for block in blocks)  # noqa: S324 - an ETag
    assert f"{hashlib.md5(digests).hexdigest()}-3" in run.stdout  # noqa: S324
    assert hashlib.sha256(copy.read_bytes()).digest() == hashlib.sha256(content).digest()
