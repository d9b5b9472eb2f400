"""One operation as a bash script around curl."""

from string import Template

from client.connection.connection import Connection
from client.export.scripts.curl import script_start, token_step
from client.export.scripts.request import SnippetRequest

_ASK = Template("""
# The operation. The bearer token goes here and nowhere else: storage refuses it.
request --url "$$graphql_url" \\
  --header 'Content-Type: application/json' \\
  --header @<(printf 'Authorization: Bearer %s' "$$token") \\
  --data-binary @- <<'JSON'
$body
JSON
""")


def operation_as_curl(request: SnippetRequest, connection: Connection | None = None) -> str:
    """Return a bash script that runs the operation; id and secret come from the environment."""
    what = f"Runs {request.title} and prints the answer. Status 200 can still carry errors."
    head = script_start(what, connection, request.graphql_url)
    return head + token_step(connection) + _ASK.substitute(body=request.body)
