"""Many small files: `python -m bench.page.small_files [--rounds N] [COUNT...]`.

Into the same app, in turn: a plain loop of mutation and PUT, Uppy on a page of its own and on one
of the app's origin, and the upload page.
"""

import argparse
import http.client
import io
import json
import math
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from PIL import Image
from playwright.sync_api import Page

from bench.page import upload_page, uploads, uppy
from bench.page.stopwatch import seconds_until_done
from bench.rounds import in_turn, median_ratio
from bench.service.complete import api_of
from tests.app_server import AppServer
from tests.real_clients.front import SINGLE, Front, front_of

COUNTS = (30, 200)
ROUNDS = 3
LEAST, MOST = 1_000, 30_000  # bytes of a file
JPEG_HEAD = 400  # bytes, and a few
TIMEOUT = 60  # seconds
WIDTH, CELL = 40, 16
PEERS = ("loop", "Uppy", "bare Uppy", "same origin")
COLUMNS = (*PEERS, "page", *(f"of {peer}" for peer in PEERS))
NOTES = (
    "seconds, medians of the rounds; the ratios are those of the page, goals: at most 2, below 1",
    "loop: token, then mutation and PUT, file by file, on one connection",
    "Uppy: with its Dashboard, bare, and bare on a page of the app's origin, its URLs beforehand",
)


def report(folder: Path, counts: Iterable[int] = COUNTS, rounds: int = ROUNDS) -> None:
    """Measure and print, with files and an app of our own in the folder."""
    folder.mkdir()
    script = uppy.bundled(folder)
    print(f"{f'small files, {LEAST:,} to {MOST:,} bytes':<{WIDTH}}", end="")
    print("".join(f"{column:>{CELL}}" for column in COLUMNS), flush=True)
    with (
        uploads.app_of_its_own(folder) as server,
        uploads.signed_in_page(server) as page,
        uppy.page_of_its_own(folder) as own_page,
    ):
        for count in counts:
            sets = [
                small_files(folder / f"{count}-{number}", count, f"{count}, {number}")
                for number in range(rounds)
            ]
            pages = {
                "Uppy": (own_page, True),
                "bare Uppy": (own_page, False),
                "same origin": (uppy.page_of(server), False),
            }
            found = _in_turn(page, server, script, pages, sets)
            size = statistics.median(sum(file.stat().st_size for file in files) for files in sets)
            print(
                f"{f'  {count} files, {size / 1000:,.0f} kB':<{WIDTH}}{_cells(found)}", flush=True
            )
    for note in NOTES:
        print(f"  {note}")


def small_files(folder: Path, count: int, seed: str) -> list[Path]:
    """Write files of 1 to 30 kB, more small ones than large ones: the same for the same seed.

    Two of three are pictures, the third is JSON.
    """
    folder.mkdir()
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    return [_small_file(folder, number, chance) for number in range(count)]


def _small_file(folder: Path, number: int, chance: random.Random) -> Path:
    size = round(LEAST * (MOST / LEAST) ** chance.random())
    if number % 3 == 2:
        path = folder / f"product-{number:03}.json"
        path.write_text(json.dumps({"text": chance.randbytes(size // 2).hex()})[:size])
        return path
    path = folder / f"picture-{number:03}.jpg"
    path.write_bytes(_picture(size, chance))
    return path


def _picture(size: int, chance: random.Random) -> bytes:
    """Return a JPEG of that many bytes."""
    # Noise takes a bit less than a byte a pixel; what follows the end of a picture is ignored.
    side = math.isqrt(size - JPEG_HEAD)
    jpeg = io.BytesIO()
    Image.frombytes("L", (side, side), chance.randbytes(side * side)).save(jpeg, "JPEG", quality=75)
    return jpeg.getvalue().ljust(size, b"\0")


def _in_turn(
    page: Page,
    server: AppServer,
    script: Path,
    uppy_pages: Mapping[str, tuple[str, bool]],
    sets: Sequence[Sequence[Path]],
) -> dict[str, tuple[float, ...]]:
    """Return the seconds of every sender; each round has files of its own.

    Of each page of Uppy's its address is given, and whether it shows the Dashboard.
    """
    front = front_of(server)

    def by_uppy(address: str, number: int, *, dashboard: bool) -> float:
        files = sets[number]
        urls = _single_urls(server, len(files))
        uppy.open_for_files(page, address, script, urls, dashboard=dashboard)
        return seconds_until_done(page, files, uppy.SHOWN)

    def by_page(number: int) -> float:
        upload_page.open_anew(page, server)
        seconds = seconds_until_done(page, sets[number], upload_page.SHOWN)
        upload_page.wait_until_completed(page)  # it would take from whoever is next
        return seconds

    return in_turn(
        {
            "loop": lambda number: plain_loop(front, sets[number]),
            **{
                name: partial(by_uppy, address, dashboard=dashboard)
                for name, (address, dashboard) in uppy_pages.items()
            },
            "page": by_page,
        },
        len(sets),
    )


def _single_urls(server: AppServer, count: int) -> list[str]:
    api = api_of(server)
    urls = [api.operations.create_single().put_urls[0] for _ in range(count)]
    api.close()
    return urls


def plain_loop(front: Front, files: Iterable[Path]) -> float:
    """Return the seconds of a script that sends file after file on one kept connection."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection(urlsplit(front.url).netloc, timeout=TIMEOUT)
    form = {
        "grant_type": "client_credentials",
        "client_id": front.client_id,
        "client_secret": front.client_secret,
    }
    urlencoded = {"Content-Type": "application/x-www-form-urlencoded"}
    token = json.loads(_ask(connection, "POST", "/oauth/token", urlencode(form), urlencoded))
    headers = {
        "Authorization": f"Bearer {token['access_token']}",
        "Content-Type": "application/json",
    }
    query = json.dumps({"query": SINGLE})
    for file in files:
        answer: Any = json.loads(_ask(connection, "POST", "/graphql", query, headers))
        url = urlsplit(str(answer["data"]["createTempFileUploadUrl"]["uploadUrl"]))
        _ask(connection, "PUT", f"{url.path}?{url.query}", file.read_bytes())
    connection.close()
    return time.perf_counter() - started


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    body: str | bytes,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    connection.request(method, target, body, headers or {})
    answer = connection.getresponse()
    text = answer.read()
    assert answer.status == 200, f"{method} {target} answered {answer.status}: {text[:300]!r}"
    return text


def _cells(found: Mapping[str, Sequence[float]]) -> str:
    seconds = [f"{statistics.median(found[name]):.2f} s" for name in (*PEERS, "page")]
    ratios = [f"{median_ratio(found['page'], found[name]):.2f}" for name in PEERS]
    return "".join(f"{cell:>{CELL}}" for cell in (*seconds, *ratios))


def main() -> None:
    """Measure with the counts given, or with the full ones."""
    parser = argparse.ArgumentParser(prog="python -m bench.page.small_files")
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, metavar="COUNT")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tfw-bench-") as name:
        report(Path(name) / "small-files", given.counts, given.rounds)


if __name__ == "__main__":
    main()
