"""Hostile images over HTTP: clear errors, no credit, bounded memory, and a service that goes on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.service.images.test_removal import ORGANIZATION, PICTURE, REMOVE, left, remove, stored
from tests.service.live import Live, running
from tests.service.sample_images import png

ROOT = Path(__file__).parents[3]
MB = 2**20
Told: TypeAlias = dict[str, dict[str, Any]]

REFUSED = {
    "empty": "it is application/octet-stream",
    "bomb of 256 megapixels": "has more than 25,000,000 pixels; make it smaller",
    "169 megapixels in 20 kB": "has 13,000 x 13,000 pixels; at most 25,000,000 are taken",
    "truncated": "is damaged or incomplete",
    "1 x 1": "has 1 x 1 pixels; sides must have 16 to 16,384 pixels",
    "30,000 x 1": "has 30,000 x 1 pixels; sides must have 16 to 16,384 pixels",
    "SVG": "it is image/svg+xml",
    "HTML": "it is text/plain",
    "EPS": "it is text/plain",
    "PDF": "it is application/pdf",
    "ZIP": "it is application/zip",
    "declared as text": 'uploaded with the Content-Type "text/html"',
    "without a type": 'uploaded with the Content-Type "binary/octet-stream"',
    "text that inflates": "more than 32 MiB of text or profile",
    "profile that inflates": "more than 32 MiB of text or profile",
    "rows that are missing": "is damaged or incomplete",
    "100 MB of zeros": "it is application/octet-stream",
    "PNG and 100 MB of zeros": "is damaged or incomplete",
}
TAKEN = (
    "good",
    "rows that do not end",
    "TIFF that points at itself",
    "GIF of 200,000 frames",
    "25 megapixels of CMYK",
    "25 megapixels of 16 bits",
    "good again",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = str(tmp_path_factory.mktemp("hostile"))
    done = subprocess.run(
        [sys.executable, "-m", "tests.service.images.hostile_images", folder],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def test_all_are_told_of(told: Told) -> None:
    assert told.keys() == {*REFUSED, *TAKEN}


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
def test_a_hostile_image_has_a_clear_error_and_costs_nothing(
    told: Told, name: str, reason: str
) -> None:
    result = told[name]
    assert (result["status"], result["code"]) == (200, "BAD_USER_INPUT")
    assert "imageUrl" in result["message"]
    assert reason in result["message"]
    assert result["charged"] == 0


@pytest.mark.parametrize("name", TAKEN)
def test_a_strange_image_that_can_be_used_is(told: Told, name: str) -> None:
    assert (told[name]["status"], told[name]["charged"]) == (200, 1)


def test_what_is_refused_takes_no_memory(told: Told) -> None:
    """The peak of all processes so far; the largest images that are taken come after the others."""
    ordinary = told["good"]["peak"]
    assert max(told[name]["peak"] for name in REFUSED) < ordinary + 150 * MB
    assert max(result["peak"] for result in told.values()) < 1024 * MB


def test_an_image_is_what_its_bytes_are(tmp_path: Path) -> None:
    with running(tmp_path) as live:
        assert remove(live.api, stored(live.api, PICTURE, "image/png")).status_code == 200
        assert remove(live.api, stored(live.api, png(), "image/jpeg")).status_code == 200
        assert left(live) == 98


def test_whoever_has_a_url_may_use_it_and_nobody_without_it(tmp_path: Path) -> None:
    """A downloadUrl is the permission (contract 6): it holds for callers and not for accounts.

    Knowing where another's file is, without its signature, is of no use; nor is one's own
    signature on another's path, nor a URL of another service with the same name.
    """
    pats = "amp_pat_one,amp_pat_two"
    with running(tmp_path / "a", pats=pats) as live, running(tmp_path / "b") as other:
        mine, yours = (stored(live.api, PICTURE, "image/jpeg") for _ in range(2))
        for pat in ("amp_pat_one", "amp_pat_two"):
            answer = _remove_as(live, pat, mine)
            assert answer["data"]["removeBackgroundFromImage"]["imageUrl"]
        forged = {
            yours.partition("?")[0],
            f"{yours.partition('?')[0]}?{mine.partition('?')[2]}",
            stored(other.api, PICTURE, "image/jpeg").replace(
                other.settings.public_url, live.settings.public_url
            ),
        }
        before = left(live)
        for url in forged:
            problem = _remove_as(live, "amp_pat_two", url)["errors"][0]
            assert problem["extensions"]["code"] == "BAD_USER_INPUT"
        assert left(live) == before


def _remove_as(live: Live, pat: str, url: str) -> dict[str, Any]:
    answer = live.api.http.post(
        f"{live.api.base_url}/graphql",
        json={"query": REMOVE, "variables": {"org": ORGANIZATION, "img": url}},
        headers={"Authorization": f"Bearer {pat}"},
        timeout=20,
    )
    return answer.json()
