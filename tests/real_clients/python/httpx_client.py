import os
from pathlib import Path

import httpx

content = Path(os.environ["FILE"]).read_bytes()
headers = {"Content-Type": os.environ["TYPE"]}
httpx.put(os.environ["UPLOAD_URL"], content=content, headers=headers).raise_for_status()
back = httpx.get(os.environ["DOWNLOAD_URL"]).raise_for_status()
Path(os.environ["BACK"]).write_bytes(back.content)
