"""docs/clients.md: which clients are run, and what a program may run into."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.app_server import ServiceAlone
from tests.real_clients import test_clients
from tests.real_clients.front import Front, front_of, new_file

DOCUMENT = Path(__file__).parents[2] / "docs" / "clients.md"


@pytest.fixture
def front(service_alone: ServiceAlone) -> Front:
    return front_of(service_alone)


def rows(heading: str) -> dict[str, str]:
    """The table below a heading, by its first column."""
    _, _, below = DOCUMENT.read_text(encoding="utf-8").partition(f"## {heading}")
    lines = re.findall(r"^\| (.*) \| (.*) \|$", below.partition("\n## ")[0], re.MULTILINE)
    return dict(lines[2:])


def test_every_client_is_named() -> None:
    named = rows("What is run")
    ran = {
        "files": test_clients.TRANSFERS,
        "GraphQL": [*test_clients.GRAPHQL, "newman", "graphql-codegen"],
        "tokens": test_clients.TOKENS,
    }
    for kind, clients in ran.items():
        # Variants of a client have its name and say more behind it.
        names = sorted({client.partition(" ")[0] for client in clients})
        assert named[f"`make test-clients`, {kind}"] == ", ".join(names)


def curl(url: str, *options: str) -> str:
    """Return status and body that curl gets, without its user's settings."""
    command = ("curl", "-q", "--silent", "--write-out", " %{http_code}", *options, url)
    return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


def without_length(front: Front, file: Path) -> None:
    with file.open("rb") as content:
        command = ("curl", "-q", "-s", "-w", " %{http_code}", "-T", "-")
        url = front.single_urls()["uploadUrl"]
        done = subprocess.run((*command, url), stdin=content, capture_output=True, timeout=60)
    assert b"MissingContentLength" in done.stdout
    assert done.stdout.endswith(b" 411")


def head(front: Front, file: Path) -> None:
    urls = front.single_urls()
    assert curl(urls["uploadUrl"], "-T", str(file)).endswith("200")
    assert curl(urls["downloadUrl"], "-I").endswith("403")
    assert curl(urls["downloadUrl"], "-r", "0-0", "-o", "/dev/null").endswith("206")


def authorization(front: Front, file: Path) -> None:
    url = front.single_urls()["uploadUrl"]
    answer = curl(url, "-T", str(file), "-u", "me:secret")
    assert "InvalidArgument" in answer
    assert answer.endswith("400")
    assert curl(url, "-T", str(file), "-H", "Authorization;").endswith("200")


def unsigned_headers(front: Front, file: Path) -> None:
    url = front.single_urls()["uploadUrl"]
    answer = curl(url, "-T", str(file), "-H", "x-amz-meta-author: me")
    assert "AccessDenied" in answer
    assert answer.endswith("403")


def form(front: Front, file: Path) -> None:
    urls = front.single_urls()
    assert curl(urls["uploadUrl"], "-X", "PUT", "-F", f"file=@{file}").endswith("200")
    assert (
        b"Content-Disposition: form-data" in requests.get(urls["downloadUrl"], timeout=30).content
    )


def several_ranges(front: Front, file: Path) -> None:
    urls = front.single_urls()
    assert curl(urls["uploadUrl"], "-T", str(file)).endswith("200")
    answer = requests.get(urls["downloadUrl"], headers={"Range": "bytes=0-1,5-6"}, timeout=30)
    assert (answer.status_code, answer.content) == (200, file.read_bytes())


def array(front: Front, file: Path) -> None:
    answer = asked(front, [{"query": "{ viewer { id } }"}])
    assert (answer.status_code, code_of(answer)) == (400, "BAD_REQUEST")


def persisted(front: Front, file: Path) -> None:
    hashed = {"version": 1, "sha256Hash": "0" * 64}
    answer = asked(front, {"extensions": {"persistedQuery": hashed}})
    assert code_of(answer) == "PERSISTED_QUERY_NOT_SUPPORTED"


def html(front: Front, file: Path) -> None:
    assert asked(front, {"query": "{ viewer { id } }"}, Accept="text/html").status_code == 406


def asked(front: Front, body: object, **headers: str) -> requests.Response:
    authorized = {"Authorization": f"Bearer {front.token()}", **headers}
    return requests.post(front.graphql_url, json=body, headers=authorized, timeout=30)


def code_of(answer: requests.Response) -> str:
    return json.loads(answer.text)["errors"][0]["extensions"]["code"]


# By how the row of the document begins. Tokens and Upgrade are those of test_clients, test_replays
# and test_upgrade; that a client of others cannot do something is theirs to change.
TRIED: dict[str, Callable[[Front, Path], None]] = {
    "PUT without a length": without_length,
    "HEAD on a download URL": head,
    "a filled `Authorization`": authorization,
    "`x-amz-…` headers": unsigned_headers,
    "a form around the file": form,
    "several ranges": several_ranges,
    "several GraphQL operations": array,
    "Apollo's persisted queries": persisted,
    "`Accept: text/html` alone": html,
}
ELSEWHERE = ("rclone's `:http:` backend", "OAuth by HTTP Basic", "`Upgrade`")


@pytest.mark.parametrize("begin", TRIED)
def test_what_a_program_runs_into(front: Front, begin: str, tmp_path: Path) -> None:
    TRIED[begin](front, new_file(tmp_path, 3_000))


def test_no_row_is_left_untried() -> None:
    listed = rows("What a program may run into")
    begins = (*TRIED, *ELSEWHERE)
    assert [row for row in listed if not row.startswith(begins)] == []
    assert [begin for begin in begins if not any(row.startswith(begin) for row in listed)] == []
