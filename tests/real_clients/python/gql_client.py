"""It reads the schema first, and checks the mutation against it."""

import json
import os
import sys

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.httpx import HTTPXTransport
from gql.transport.requests import RequestsHTTPTransport

TRANSPORTS = {
    "aiohttp": AIOHTTPTransport,
    "httpx": HTTPXTransport,
    "requests": RequestsHTTPTransport,
}
transport = TRANSPORTS[sys.argv[1]](
    url=os.environ["GRAPHQL_URL"], headers={"Authorization": f"Bearer {os.environ['TOKEN']}"}
)
client = Client(transport=transport, fetch_schema_from_transport=True)
data = client.execute(gql("mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }"))
print(json.dumps(data["createTempFileUploadUrl"]))
