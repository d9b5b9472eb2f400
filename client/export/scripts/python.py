"""Uploads and operations for people without this program: Python that needs only requests."""

from collections.abc import Iterator, Sequence
from itertools import count
from string import Template

from client.api.operations import SINGLE_UPLOAD, multipart_upload
from client.connection.connection import ClientCredentials, Connection
from client.export.scripts.curl import SKIPPED
from client.export.scripts.python_operation import credentials_note, headers_literal
from client.export.scripts.replay import OperationStep, SkippedStep, Step, UploadStep
from client.export.scripts.request import sends_token
from client.storage.plan import UploadPlan
from settings import AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL

_HEAD = Template('''\
#!/usr/bin/env python3
"""$what Needs Python 3.9 and requests.

$credentials
"""

import json
import os
import re
import sys
import time
from pathlib import Path$more_imports

if sys.version_info < (3, 9):
    sys.exit("This script needs Python 3.9 or newer.")
try:
    import requests
except ImportError:
    sys.exit("This script needs the package requests: python3 -m pip install requests")

GRAPHQL_URL = $graphql_url
$constants
session = requests.Session()
session.auth = lambda request: request  # storage refuses credentials, so none come from .netrc


def word(text, beginning=""):
    """Return a text that was answered, if it is one word and begins as it must."""
    if not isinstance(text, str) or not re.fullmatch(beginning + r"[!#-\\[\\]-~]+", text):
        sys.exit(f"The answer has something that is not used: {ascii(text)[:200]}")
    return text


def address(text):
    """Return an address that was answered, if it is one of http: nothing else is asked."""
    return word(text, "(?i:https?)://")


def send(method, url, body=lambda: None, **arguments):
    """Send a request with a fresh body, up to five times where that can help; end on a refusal."""
    for attempt in range(1, 6):
        try:
            answer = session.request(
                method, url, data=body(), timeout=(10, 300), allow_redirects=False, **arguments
            )
            if 200 <= answer.status_code < 300:
                return answer
            reason = f"{answer.status_code}: {answer.text[:500]}"
            if answer.status_code not in (408, 429) and answer.status_code < 500:
                break
        except (requests.ConnectionError, requests.Timeout) as error:
            reason = type(error).__name__
        except requests.RequestException as error:
            reason = type(error).__name__
            break
        if attempt < 5:
            time.sleep(2 ** (attempt - 2))
    sys.exit(f"{method} {url.partition('?')[0]} failed with {reason}")

''')

_WITH_CLIENT = '''
def access_token():
    """Return the token of the environment, or one that lives for about five minutes."""
    if os.environ.get("ACCESS_TOKEN"):
        return os.environ["ACCESS_TOKEN"]
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"],
    }
    answer = send("POST", TOKEN_URL, lambda: form)
    try:
        return word(answer.json()["access_token"])
    except (KeyError, TypeError, ValueError):
        sys.exit(f"The answer has no access_token: {ascii(answer.text[:500])}")

'''

_WITH_PAT = '''
def access_token():
    """Return the token of the environment, which is used as it is."""
    return os.environ["ACCESS_TOKEN"]

'''

_ASK = Template('''
def ask(body):
    """Send an operation. What says who asks goes here and nowhere else: storage refuses it."""
    headers = {"Content-Type": "application/json", **$headers}
    answer = session.post(
        GRAPHQL_URL, data=body.encode(), headers=headers, timeout=(10, 60), allow_redirects=False
    )
    try:
        result = answer.json()
    except ValueError:
        result = {}
    if result.get("errors") or not result.get("data"):  # also when the status is 200
        sys.exit(f"The API answered {answer.status_code}: {answer.text[:500]}")
    return result["data"]

''')

_CHECK = '''
def check(url, size):
    """Prove the file by its first byte (never by HEAD: the URL is signed for GET)."""
    answer = send("GET", url, headers={"Range": "bytes=0-0"})
    stored = answer.headers.get("Content-Range", "").rpartition("/")[2]
    if stored != str(size):
        sys.exit(f"The file has {size} bytes; what is stored has {stored or 'no known size'}.")

'''

_PART = '''
class Part:
    """Bytes start to end of a file, read block by block; its length makes the Content-Length."""

    def __init__(self, file, start, end):
        self.file, self.at, self.end = file, start, end

    def __len__(self):
        return self.end - self.at

    def __iter__(self):
        return iter(lambda: self.read(1 << 20), b"")

    def read(self, size=-1):
        self.file.seek(self.at)
        left = self.end - self.at
        block = self.file.read(left if size < 0 else min(size, left))
        self.at += len(block)
        return block

'''

_SINGLE = Template('''
def upload_single(path, content_type):
    """Send a file in one PUT, with its content type, and return its download URL."""
    size = path.stat().st_size
    query = $query
    urls = ask(json.dumps({"query": query}))["createTempFileUploadUrl"]
    with path.open("rb") as file:
        headers = {"Content-Type": content_type}
        send("PUT", address(urls["uploadUrl"]), lambda: Part(file, 0, size), headers=headers)
    check(address(urls["downloadUrl"]), size)
    return urls["downloadUrl"]

''')

_MULTIPART = Template('''
def send_parts(path, size, part_sizes, urls):
    """PUT the parts, without a content type, and return their ETags as received."""
    etags = []
    with path.open("rb") as file:
        start = 0
        for number, url in enumerate(urls):
            if start == size:
                break
            end = min(start + part_sizes[min(number, len(part_sizes) - 1)], size)
            answer = send("PUT", url, lambda: Part(file, start, end))
            etags.append(answer.headers["ETag"])
            print(f"part {number + 1}: bytes {start} to {end - 1}", file=sys.stderr)
            start = end
    return etags


def complete(url, etags):
    """POST the list of parts. Status 200 can still carry an <Error>, so the body is read."""
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{escape(etag)}</ETag></Part>"
        for number, etag in enumerate(etags, 1)
    )
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        f"{parts}</CompleteMultipartUpload>"
    )
    headers = {"Content-Type": "application/xml"}
    answer = send("POST", url, lambda: xml.encode(), headers=headers)
    if "<Error>" in answer.text:
        sys.exit(f"The parts were not put together: {answer.text}")


def upload_in_parts(path, part_sizes):
    """Send a file in parts and return its download URL; the last size holds for all that follow."""
    size = path.stat().st_size
    query = (
        f"$asking "
        "$selection"
    )
    urls = ask(json.dumps({"query": query}))["createTempFileMultipartUploadUrl"]
    part_urls = [address(url) for url in urls["uploadPartUrls"]]
    complete_url, download_url = address(urls["completeUrl"]), address(urls["downloadUrl"])
    complete(complete_url, send_parts(path, size, part_sizes, part_urls))
    check(download_url, size)
    return urls["downloadUrl"]

''')

_CREDENTIALS = (
    "Set CLIENT_ID and CLIENT_SECRET in the environment to an OAuth client's id and\n"
    "secret, or ACCESS_TOKEN to a token."
)


def upload_as_python(plan: UploadPlan, connection: Connection | None = None) -> str:
    """Return a Python script that sends the same file the same way, from the token on.

    Like the one for curl it asks for new URLs and takes its credentials from the environment, so
    it holds neither a signed URL nor a secret. Memory stays at a block of 1 MiB.

    Without a connection the addresses are Amplience's.
    """
    what = "Uploads a file to a temp file and prints its download URL."
    return _script(what, [UploadStep(plan)], connection)


def replay_as_python(steps: Sequence[Step], connection: Connection | None = None) -> str:
    """Return a Python script that takes the steps; as for `upload_as_python`.

    It prints the download URL of each upload and the data of each operation, and ends at the first
    that fails. What cannot be repeated is named in a comment.
    """
    return _script("Makes requests of a log once more.", steps, connection)


def _script(what: str, steps: Sequence[Step], connection: Connection | None) -> str:
    with_client = connection is None or isinstance(connection.credentials, ClientCredentials)
    plans = [step.plan for step in steps if isinstance(step, UploadStep)]
    parted = next((plan for plan in plans if plan.kind == "multipart"), None)
    graphql_url, token_url = AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL
    if connection:
        graphql_url = connection.public_url(connection.graphql_url)
        token_url = connection.public_url(connection.token_url)
    head = _HEAD.substitute(
        what=what,
        credentials=credentials_note(connection, _CREDENTIALS),
        more_imports="\nfrom xml.sax.saxutils import escape" if parted else "",
        graphql_url=_literal(graphql_url),
        constants=f"TOKEN_URL = {_literal(token_url)}\n" if with_client else "",
    )
    ask = _ASK.substitute(headers=headers_literal(connection, 'f"Bearer {access_token()}"'))
    access_token = _WITH_CLIENT if with_client else _WITH_PAT
    functions = [access_token, ask] if sends_token(connection) else [ask]
    if plans:
        functions += [_CHECK, _PART]
    if any(plan.kind == "single" for plan in plans):
        functions.append(_SINGLE.substitute(query=_literal(SINGLE_UPLOAD)))
    if parted:
        functions.append(_multipart(parted))
    place = count(1)
    lines = [line for step in steps for line in _lines(step, place)]
    if all(isinstance(step, SkippedStep) for step in steps):
        lines.append("pass")
    body = "\n".join(f"    {line}" for line in lines)
    return f"{head}{''.join(functions)}\ndef main():\n{body}\n\n\nmain()\n"


def _multipart(plan: UploadPlan) -> str:
    asking, selection = multipart_upload(plan.size, plan.size_field).split(") ", 1)
    before, after = f"{asking})".split(str(plan.size), 1)
    query = f"{_braced(before)}{{size}}{_braced(after)}"
    return _MULTIPART.substitute(asking=query, selection=selection)


def _lines(step: Step, place: Iterator[int]) -> list[str]:
    if isinstance(step, SkippedStep):
        name, url = (ascii(text)[1:-1] for text in (step.name, step.url))
        return [f"# Not repeated: {step.method} {url} for {name}; {SKIPPED[step.reason]}."]
    if isinstance(step, OperationStep):
        pieces = (f"url_{one + 1}" if isinstance(one, int) else _literal(one) for one in step.body)
        return [
            f"# {ascii(step.name)[1:-1]}",
            f"body = {' + '.join(pieces)}",
            "print(json.dumps(ask(body), indent=2))",
        ]
    plan, url = step.plan, f"url_{next(place)}"
    path = f"Path({_literal(plan.name)})"
    if plan.kind == "single":
        call = f"upload_single({path}, {_literal(plan.content_type)})"
    else:
        call = f"upload_in_parts({path}, {list(plan.part_sizes)})"
    return [f"{url} = {call}", f"print({url})"]


def _literal(text: str) -> str:
    """Return the text as a Python string, in double quotes where it has none of its own."""
    literal = repr(text)
    return literal if set("'\"") & set(text) else f'"{literal[1:-1]}"'


def _braced(text: str) -> str:
    """Double the braces of a text that goes into an f-string."""
    return text.replace("{", "{{").replace("}", "}}")
