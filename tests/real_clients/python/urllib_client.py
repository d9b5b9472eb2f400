"""As the public seeding scripts do it: an empty Authorization keeps the API's token away."""

import os
from pathlib import Path
from urllib.request import Request, urlopen

content = Path(os.environ["FILE"]).read_bytes()
headers = {"Content-Type": os.environ["TYPE"], "Authorization": ""}
urlopen(Request(os.environ["UPLOAD_URL"], content, headers, method="PUT")).close()
with urlopen(os.environ["DOWNLOAD_URL"]) as back:
    Path(os.environ["BACK"]).write_bytes(back.read())
