"""One operation as a bash script around curl."""

import shlex
from string import Template

from client.connection import Connection
from client.curl_script import credentials_hint, token_step
from client.snippets.request import SnippetRequest

_HEAD = Template("""\
#!/usr/bin/env bash
# Runs $title and prints the answer. Status 200 can still carry errors.
# Needs bash, curl and python3.$credentials_hint
set -euo pipefail

graphql_url=$graphql_url
""")

_ASK = Template("""
# The operation. The bearer token goes here and nowhere else: storage refuses it.
curl --fail-with-body --silent --show-error "$$graphql_url" \\
  --header 'Content-Type: application/json' \\
  --header @<(printf 'Authorization: Bearer %s' "$$token") \\
  --data-binary @- <<'JSON'
$body
JSON
""")


def operation_as_curl(request: SnippetRequest, connection: Connection | None = None) -> str:
    """Return a bash script that runs the operation; id and secret come from the environment."""
    head = _HEAD.substitute(
        title=request.title,
        credentials_hint=credentials_hint(connection),
        graphql_url=shlex.quote(request.graphql_url),
    )
    return head + token_step(connection) + _ASK.substitute(body=request.body)
