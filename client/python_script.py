"""The same upload for people without this program: a Python script that needs only requests."""

from string import Template

from client.connection import Connection, PersonalAccessToken
from client.curl_script import AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL
from client.operations import SINGLE_UPLOAD, multipart_upload
from client.plan import UploadPlan

_HEAD = Template('''\
#!/usr/bin/env python3
"""Uploads a file to a temp file and prints its download URL. Needs Python 3.9 and requests.

$credentials
"""

$imports

FILE = Path($name)
GRAPHQL_URL = $graphql_url
$constants
session = requests.Session()
session.auth = lambda request: request  # storage refuses credentials, so none come from .netrc


def send(method, url, body=lambda: None, **arguments):
    """Send a request with a fresh body, up to five times where that can help; end on a refusal."""
    for attempt in range(1, 6):
        try:
            answer = session.request(method, url, data=body(), timeout=(10, 300), **arguments)
            if answer.ok:
                return answer
            reason = f"{answer.status_code}: {answer.text[:500]}"
            if answer.status_code not in (408, 429) and answer.status_code < 500:
                break
        except (requests.ConnectionError, requests.Timeout) as error:
            reason = type(error).__name__
        if attempt < 5:
            time.sleep(2 ** (attempt - 2))
    sys.exit(f"{method} {url.partition('?')[0]} failed with {reason}")

''')

_WITH_CLIENT = '''
def access_token():
    """Return a token that lives for about five minutes."""
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"],
    }
    return send("POST", TOKEN_URL, lambda: form).json()["access_token"]

'''

_WITH_PAT = '''
def access_token():
    """Return the personal access token, which is used as it is."""
    return os.environ["ACCESS_TOKEN"]

'''

_ASK = Template('''
def upload_urls(query):
    """Ask for the URLs. The bearer token goes here and nowhere else: storage refuses it."""
    headers = {"Authorization": f"Bearer {access_token()}"}
    answer = session.post(GRAPHQL_URL, json={"query": query}, headers=headers, timeout=(10, 30))
    try:
        result = answer.json()
    except ValueError:
        result = {}
    if result.get("errors") or not result.get("data"):  # also when the status is 200
        sys.exit(f"The API answered {answer.status_code}: {answer.text[:500]}")
    return result["data"][$field]


def check(url, size):
    """Prove the file by its first byte (never by HEAD: the URL is signed for GET)."""
    answer = send("GET", url, headers={"Range": "bytes=0-0"})
    stored = answer.headers.get("Content-Range", "").rpartition("/")[2]
    if stored != str(size):
        sys.exit(f"The file has {size} bytes; what is stored has {stored or 'no known size'}.")

''')

_SINGLE = Template("""
def main():
    urls = upload_urls($query)
    content_type = {"Content-Type": $content_type}
    with FILE.open("rb") as file:
        send("PUT", urls["uploadUrl"], lambda: Part(file, 0, SIZE), headers=content_type)
    check(urls["downloadUrl"], SIZE)
    print(urls["downloadUrl"])


main()
""")

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

_MULTIPART = Template('''
def send_parts(urls):
    """PUT the parts, without a content type, and return their ETags as received."""
    etags = []
    with FILE.open("rb") as file:
        for start, url in zip(range(0, SIZE, PART_SIZE), urls):
            end = min(start + PART_SIZE, SIZE)
            answer = send("PUT", url, lambda: Part(file, start, end))
            etags.append(answer.headers["ETag"])
            print(f"part {len(etags)}: bytes {start} to {end - 1}", file=sys.stderr)
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


def main():
    query = (
        f"$asking "
        "$selection"
    )
    urls = upload_urls(query)
    complete(urls["completeUrl"], send_parts(urls["uploadPartUrls"]))
    check(urls["downloadUrl"], SIZE)
    print(urls["downloadUrl"])


main()
''')

_CREDENTIALS = {
    False: "Set CLIENT_ID and CLIENT_SECRET in the environment to an OAuth client's id and secret.",
    True: "Set ACCESS_TOKEN in the environment to a personal access token, amp_pat_...",
}


def upload_as_python(plan: UploadPlan, connection: Connection | None = None) -> str:
    """Return a Python script that sends the same file the same way, from the token on.

    Like the one for curl it asks for new URLs and takes its credentials from the environment, so
    it holds neither a signed URL nor a secret. Memory stays at a block of 1 MiB.

    Args:
        plan: the upload to repeat.
        connection: whose addresses to write; None writes Amplience's.
    """
    with_pat = connection is not None and isinstance(connection.credentials, PersonalAccessToken)
    multipart = plan.kind == "multipart"
    head = _HEAD.substitute(
        credentials=_hint(connection, with_pat=with_pat),
        imports=_imports(multipart=multipart),
        name=_literal(plan.name),
        graphql_url=_literal(
            connection.public_url(connection.graphql_url) if connection else AMPLIENCE_GRAPHQL_URL
        ),
        constants=_constants(plan, connection, with_pat=with_pat),
    )
    operation = "createTempFileMultipartUploadUrl" if multipart else "createTempFileUploadUrl"
    ask = _ASK.substitute(field=_literal(operation))
    return head + (_WITH_PAT if with_pat else _WITH_CLIENT) + ask + _PART + _sending(plan)


def _hint(connection: Connection | None, *, with_pat: bool) -> str:
    hint = _CREDENTIALS[with_pat]
    if connection and connection.embedded:
        hint += "\nThose of the embedded service are in oauth-client.json."
    return hint


def _imports(*, multipart: bool) -> str:
    escape = "from xml.sax.saxutils import escape\n" if multipart else ""
    return (
        f"import os\nimport sys\nimport time\nfrom pathlib import Path\n{escape}\nimport requests"
    )


def _constants(plan: UploadPlan, connection: Connection | None, *, with_pat: bool) -> str:
    lines: list[str] = []
    if not with_pat:
        url = connection.public_url(connection.token_url) if connection else AMPLIENCE_TOKEN_URL
        lines.append(f"TOKEN_URL = {_literal(url)}")
    lines.append("SIZE = FILE.stat().st_size")
    if plan.kind == "multipart":
        lines.append(f"PART_SIZE = {plan.part_size}")
    return "\n".join(lines) + "\n"


def _sending(plan: UploadPlan) -> str:
    if plan.kind == "single":
        return _SINGLE.substitute(
            query=_literal(SINGLE_UPLOAD), content_type=_literal(plan.content_type)
        )
    asking, selection = multipart_upload(plan.size, plan.size_field).split(") ", 1)
    before, after = f"{asking})".split(str(plan.size), 1)
    query = f"{_braced(before)}{{SIZE}}{_braced(after)}"
    return _MULTIPART.substitute(asking=query, selection=selection)


def _literal(text: str) -> str:
    """Return the text as a Python string, in double quotes where it has none of its own."""
    literal = repr(text)
    return literal if set("'\"") & set(text) else f'"{literal[1:-1]}"'


def _braced(text: str) -> str:
    """Double the braces of a text that goes into an f-string."""
    return text.replace("{", "{{").replace("}", "}}")
