"""Its default is HTTP Basic."""

import os

from oauthlib.oauth2 import BackendApplicationClient
from requests_oauthlib import OAuth2Session

session = OAuth2Session(client=BackendApplicationClient(client_id=os.environ["CLIENT_ID"]))
token = session.fetch_token(
    os.environ["TOKEN_URL"],
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ["CLIENT_SECRET"],
)
print(token["access_token"])
