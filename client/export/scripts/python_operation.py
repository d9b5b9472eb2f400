"""One operation as a Python script that needs only requests."""

from pprint import pformat
from string import Template

from client.connection.connection import Connection, PersonalAccessToken
from client.export.scripts.request import SnippetRequest, header_variables, sends_token, token_kind

_SCRIPT = Template('''\
#!/usr/bin/env python3
"""Runs $title and prints the answer. Needs Python 3.9 and requests.

$credentials
"""

import os
import sys

if sys.version_info < (3, 9):
    sys.exit("This script needs Python 3.9 or newer.")
try:
    import requests
except ImportError:
    sys.exit("This script needs the package requests: python3 -m pip install requests")

GRAPHQL_URL = $graphql_url
QUERY = $query
VARIABLES = $variables
OPERATION_NAME = $operation_name

session = requests.Session()
session.auth = lambda request: request  # only the token below, nothing from .netrc

$token
answer = session.post(
    GRAPHQL_URL,
    json={"query": QUERY, "variables": VARIABLES, "operationName": OPERATION_NAME},
    headers=$headers,
    timeout=(10, 60),
    allow_redirects=False,
)
print(answer.text)
try:
    failed = bool(answer.json().get("errors"))  # also when the status is 200
except ValueError:
    failed = True
sys.exit(1 if failed or not 200 <= answer.status_code < 300 else 0)
''')

_TOKEN = Template("""\
# A token for about five minutes.
form = {
    "grant_type": "client_credentials",
    "client_id": os.environ["CLIENT_ID"],
    "client_secret": os.environ["CLIENT_SECRET"],
}
granted = session.post($token_url, data=form, timeout=(10, 30), allow_redirects=False)
if not 200 <= granted.status_code < 300:
    sys.exit(f"The token request was answered {granted.status_code}: {granted.text[:500]}")
token = granted.json()["access_token"]
""")
_PAT = 'token = os.environ["ACCESS_TOKEN"]\n'
_CREDENTIALS = (
    "Set CLIENT_ID and CLIENT_SECRET in the environment to an OAuth client's id and secret."
)


def operation_as_python(request: SnippetRequest, connection: Connection | None = None) -> str:
    """Return a Python script that runs the operation; credentials come from the environment.

    Its variables are Python's: `1.10` goes out as 1.1, and requests refuses to send `1E400`.
    """
    return _SCRIPT.substitute(
        title=request.title,
        credentials=credentials_note(connection, _CREDENTIALS),
        graphql_url=repr(request.graphql_url),
        query=_text(request.document),
        variables=pformat(dict(request.variables), width=96, sort_dicts=False),
        operation_name=repr(request.operation_name),
        token=_token(request, connection),
        headers=headers_literal(connection, 'f"Bearer {token}"'),
    )


def credentials_note(connection: Connection | None, of_client: str) -> str:
    """Return what a script needs of the environment; `of_client` says it of an OAuth client."""
    notes = [of_client]
    if connection and not sends_token(connection):
        notes = ["No token is sent."]
    elif connection and isinstance(connection.credentials, PersonalAccessToken):
        notes = [f"Set ACCESS_TOKEN in the environment to {token_kind(connection)}."]
    if connection and connection.embedded:
        notes.append("Those of the embedded service are in oauth-client.json.")
    variables = header_variables(connection).values()
    notes += [f"Set {variable} to the value of its header." for variable in variables]
    return "\n".join(notes)


def headers_literal(connection: Connection | None, bearer: str) -> str:
    """Return a dictionary of the headers that say who asks; no value is in it.

    `bearer` is an expression.
    """
    entries = [f'"Authorization": {bearer}'] if sends_token(connection) else []
    entries += [
        f'{name!r}: os.environ["{variable}"]'
        for name, variable in header_variables(connection).items()
    ]
    return f"{{{', '.join(entries)}}}"


def _token(request: SnippetRequest, connection: Connection | None) -> str:
    if not sends_token(connection):
        return ""
    if connection and isinstance(connection.credentials, PersonalAccessToken):
        return _PAT
    return _TOKEN.substitute(token_url=repr(request.token_url))


def _text(document: str) -> str:
    """Return a document as a Python string, over several lines where that changes nothing."""
    lines = document.replace("\n", "")
    if lines.isascii() and lines.isprintable() and not {"\\", '"'} & set(lines):
        return f'"""\\\n{document}"""'
    return repr(document)
