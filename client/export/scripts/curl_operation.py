"""One operation as a bash script around curl."""

from string import Template

from client.connection.connection import Connection
from client.export.scripts.curl import script_start, sign_in, token_step
from client.export.scripts.request import SnippetRequest

_ASK = Template("""
# The operation. What says who asks goes here and nowhere else: storage refuses it.
request --url "$$graphql_url" \\
  --header 'Content-Type: application/json' \\
$sign_in  --data-binary @- <<'JSON'
$body
JSON
""")


def operation_as_curl(request: SnippetRequest, connection: Connection | None = None) -> str:
    """Return a bash script that runs the operation; id and secret come from the environment."""
    what = f"Runs {request.title} and prints the answer. Status 200 can still carry errors."
    head = script_start(what, connection, request.graphql_url)
    ask = _ASK.substitute(body=request.body, sign_in=sign_in(connection, "  "))
    return head + token_step(connection) + ask
