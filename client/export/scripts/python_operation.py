"""One operation as a Python script that needs only requests."""

from pprint import pformat
from string import Template

from client.connection.connection import Connection, PersonalAccessToken
from client.export.scripts.request import SnippetRequest

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
    headers={"Authorization": f"Bearer {token}"},
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
_PAT_CREDENTIALS = "Set ACCESS_TOKEN in the environment to a personal access token, amp_pat_..."


def operation_as_python(request: SnippetRequest, connection: Connection | None = None) -> str:
    """Return a Python script that runs the operation; credentials come from the environment.

    Its variables are Python's: `1.10` goes out as 1.1, and requests refuses to send `1E400`.
    """
    with_pat = connection is not None and isinstance(connection.credentials, PersonalAccessToken)
    credentials = _PAT_CREDENTIALS if with_pat else _CREDENTIALS
    if connection and connection.embedded:
        credentials += "\nThose of the embedded service are in oauth-client.json."
    return _SCRIPT.substitute(
        title=request.title,
        credentials=credentials,
        graphql_url=repr(request.graphql_url),
        query=_text(request.document),
        variables=pformat(dict(request.variables), width=96, sort_dicts=False),
        operation_name=repr(request.operation_name),
        token=_PAT if with_pat else _TOKEN.substitute(token_url=repr(request.token_url)),
    )


def _text(document: str) -> str:
    """Return a document as a Python string, over several lines where that changes nothing."""
    lines = document.replace("\n", "")
    if lines.isascii() and lines.isprintable() and not {"\\", '"'} & set(lines):
        return f'"""\\\n{document}"""'
    return repr(document)
