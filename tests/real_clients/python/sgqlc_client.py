import json
import os

from sgqlc.endpoint.http import HTTPEndpoint

endpoint = HTTPEndpoint(
    os.environ["GRAPHQL_URL"], {"Authorization": f"Bearer {os.environ['TOKEN']}"}
)
answer = endpoint("mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }")
print(json.dumps(answer["data"]["createTempFileUploadUrl"]))
