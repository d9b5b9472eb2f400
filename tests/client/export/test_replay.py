"""Requests of a log as scripts: what they hold, and what they do when they are run."""

import hashlib
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import requests
from PIL import Image, ImageDraw

from client.api.api import Api
from client.background_removal import cut_out_url
from client.connection.connection import Connection
from client.export.scripts.curl import replay_as_curl
from client.export.scripts.python import replay_as_python
from client.export.scripts.replay import OperationStep, SkippedStep, Step, UploadStep, replay_steps
from client.storage.plan import UploadPlan
from client.wire.exchange import Exchange, ExchangeLog

Script = Callable[[Sequence[Step], Connection | None], str]
SHELLS: dict[Script, str] = {replay_as_curl: "bash", replay_as_python: sys.executable}
QUERY = '{"query": "{ viewer { organizations { edges { node { id } } } } }"}'
AWKWARD = 'it\'s $(touch owned) "a".bin'


@pytest.fixture(params=SHELLS, ids=lambda script: script.__name__)
def script(request: pytest.FixtureRequest) -> Script:
    return request.param


def run(text: str, shell: str, folder: Path, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [shell, "-c", text],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def upload(api: Api, transfer: str, name: str, content: bytes, content_type: str) -> UploadPlan:
    """Upload as a browser does, with every request in the log."""
    with api.log.about(transfer):
        kind = "single" if content_type.startswith("image/") else "multipart"
        plan = api.plan_upload(name, len(content), content_type, part_size=5_242_880, kind=kind)
        etags: dict[int, str] = {}
        for part in plan.parts:
            headers = {"Content-Type": content_type} if kind == "single" else {}
            answer = requests.put(
                part.url, content[part.start : part.end], headers=headers, timeout=10
            )
            etags[part.number] = answer.headers["ETag"]
            api.log.record_browser_put(
                url=part.url,
                part=part.number,
                size=part.size,
                started=time.time(),
                seconds=1,
                status=200,
            )
        api.complete(plan, etags)
    return plan


def picture() -> bytes:
    image = Image.new("RGB", (80, 60), "white")
    ImageDraw.Draw(image).ellipse((20, 10, 60, 50), fill="navy")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def test_a_selection_of_everything_repeats_uploads_and_what_was_done_with_them(
    api: Api, tmp_path: Path, script: Script
) -> None:
    film, photo = os.urandom(6_000_000), picture()
    (tmp_path / AWKWARD).write_bytes(film)
    (tmp_path / "photo.png").write_bytes(photo)
    organization = api.operations.viewer()["organizations"][0]["id"]
    plans = {"film": upload(api, "film", AWKWARD, film, "video/mp4")}
    plans["photo"] = upload(api, "photo", "photo.png", photo, "image/png")
    with api.log.about("photo"):
        cut_out_url(api, organization, plans["photo"].download_url)
    steps = replay_steps(api.log.entries(), plans)
    assert [type(step) for step in steps] == [OperationStep, UploadStep, UploadStep, OperationStep]

    text = script(steps, api.connection)
    assert "X-Amz" not in text
    code, printed, complaints = run(text, SHELLS[script], tmp_path, ACCESS_TOKEN=api.tokens.token())
    assert code == 0, complaints
    urls = [line for line in printed.splitlines() if line.startswith("http")]
    stored = [hashlib.sha256(requests.get(url, timeout=30).content).hexdigest() for url in urls]
    assert stored == [hashlib.sha256(content).hexdigest() for content in (film, photo)]
    assert urls[1] != plans["photo"].download_url
    assert '"imageUrl"' in printed
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([AWKWARD, "photo.png"])


def test_a_script_ends_at_an_operation_that_is_refused(
    api: Api, tmp_path: Path, script: Script
) -> None:
    steps = [OperationStep("broken", ('{"query": "{ nothing }"}',)), OperationStep("v", (QUERY,))]
    token = api.tokens.token()
    code, printed, complaints = run(
        script(steps, api.connection), SHELLS[script], tmp_path, ACCESS_TOKEN=token
    )
    assert code != 0
    assert "nothing" in printed + complaints
    assert "organizations" not in printed
    assert token not in printed + complaints


def test_a_script_of_nothing_that_can_be_repeated_still_runs(
    tmp_path: Path, script: Script
) -> None:
    hostile = SkippedStep("a\ntouch owned", "GET", "http://h/\n$(touch owned)", "signed")
    code, _, complaints = run(
        script([hostile], None), SHELLS[script], tmp_path, ACCESS_TOKEN="amp_pat_x"
    )
    assert (code, complaints) == (0, "")
    assert list(tmp_path.iterdir()) == []


def exchange(body: str | None, purpose: str = "viewer", **other: object) -> Exchange:
    values = {"request_bytes": len(body or ""), "status": 200, **other}
    return Exchange("POST", "http://h/graphql", purpose, request_body=body, **values)  # type: ignore[arg-type]


def test_the_token_is_left_out_and_a_failed_try_that_was_repeated_too() -> None:
    log = [
        exchange("grant_type=client_credentials&client_secret=***", "token"),
        exchange(QUERY, status=503),
        exchange(QUERY),
        exchange(QUERY, status=503),
    ]
    assert replay_steps(log, {}) == (OperationStep("viewer", (QUERY,)),) * 2


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (exchange(json.dumps({"query": "q", "variables": {"u": "http://s?sig=***"}})), "masked"),
        (exchange('{"query": "a long', request_bytes=600_000), "cut"),
        (exchange(None, "part 1", request_bytes=9), "signed"),
    ],
)
def test_what_cannot_be_repeated_says_why(one: Exchange, reason: str) -> None:
    [step] = replay_steps([one], {})
    assert isinstance(step, SkippedStep)
    assert step.reason == reason


def test_the_address_of_what_is_skipped_has_no_query() -> None:
    one = Exchange("PUT", "http://s/file?partNumber=1&X-Amz-Signature=***", "part 1")
    assert replay_steps([one], {}) == (SkippedStep("part 1", "PUT", "http://s/file", "signed"),)


def test_nothing_makes_no_steps() -> None:
    assert replay_steps(ExchangeLog().entries(), {}) == ()


def test_a_request_for_several_files_is_repeated_as_one_upload_of_each(
    api: Api, tmp_path: Path, script: Script
) -> None:
    contents = {"one": picture(), "two": picture() + b"more", "three": picture()}
    with api.log.about(*contents):
        slots = api.operations.create_singles(3)
    plans: dict[str, UploadPlan] = {}
    for (name, content), slot in zip(contents.items(), slots, strict=True):
        with api.log.about(name):
            plans[name] = api.plan_upload(f"{name}.png", len(content), "image/png", slot=slot)
            url = plans[name].parts[0].url
            requests.put(url, content, headers={"Content-Type": "image/png"}, timeout=10)
            api.log.record_browser_put(
                url=url, part=1, size=len(content), started=time.time(), seconds=0.1, status=200
            )
        (tmp_path / f"{name}.png").write_bytes(content)
    del plans["three"]  # it is not remembered any more
    steps = replay_steps(api.log.entries(), plans)
    assert steps[:2] == (UploadStep(plans["one"]), UploadStep(plans["two"]))
    assert [type(step) for step in steps[2:]] == [SkippedStep]

    text = script(steps[:2], api.connection)
    code, printed, complaints = run(text, SHELLS[script], tmp_path, ACCESS_TOKEN=api.tokens.token())
    assert code == 0, complaints
    urls = [line for line in printed.splitlines() if line.startswith("http")]
    stored = [requests.get(url, timeout=30).content for url in urls]
    assert stored == [contents["one"], contents["two"]]
