"""Its default is HTTP Basic."""

import os

from authlib.integrations.requests_client import OAuth2Session

session = OAuth2Session(os.environ["CLIENT_ID"], os.environ["CLIENT_SECRET"])
print(session.fetch_token(os.environ["TOKEN_URL"])["access_token"])
