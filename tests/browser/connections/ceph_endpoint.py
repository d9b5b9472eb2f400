"""An API in front of a real Ceph store: it hands out presigned URLs of Ceph and nothing else."""

import json
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.s3.engines import Engine
from tests.serving import serving

MIN_PART_SIZE = 5 * 1024**2
SIZE = re.compile(r"filesize: (\d+)")
SIZE_FIELD = {
    "name": "createTempFileMultipartUploadUrl",
    "args": [{"name": "input", "type": {"ofType": {"inputFields": [{"name": "filesize"}]}}}],
}


@dataclass(frozen=True)
class CephApi:
    """The answers to the three documents that an upload sends."""

    store: Engine

    def answer(self, query: str) -> dict[str, Any]:
        """Return the data of one operation."""
        if "__schema" in query:
            return {"__schema": {"mutationType": {"fields": [SIZE_FIELD]}}}
        size = SIZE.search(query)
        return self._multipart(int(size[1])) if size else self._single()

    def _single(self) -> dict[str, Any]:
        path, signer = self.store.new_path(), self.store.signer()
        urls = {"uploadUrl": signer.sign("PUT", path), "downloadUrl": signer.sign("GET", path)}
        return {"createTempFileUploadUrl": urls}

    def _multipart(self, size: int) -> dict[str, Any]:
        upload, signer = self.store.create_upload(), self.store.signer()
        mine = {"uploadId": upload.upload_id}
        numbers = range(1, -(-size // MIN_PART_SIZE) + 1)
        urls = {
            "uploadPartUrls": [
                signer.sign("PUT", upload.path, {"partNumber": str(number), **mine})
                for number in numbers
            ],
            "completeUrl": signer.sign("POST", upload.path, mine),
            "downloadUrl": signer.sign("GET", upload.path),
            "minPartSize": MIN_PART_SIZE,
            "maxPartSize": 2**31,
        }
        return {"createTempFileMultipartUploadUrl": urls}


@contextmanager
def running_ceph_api(store: Engine) -> Generator[dict[str, str]]:
    """Serve the API until the block ends; yields the settings of an app that uses it."""
    api = CephApi(store)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer an operation; whoever asks is let in."""
            length = int(self.headers["Content-Length"])
            query = json.loads(self.rfile.read(length))["query"]
            body = json.dumps({"data": api.answer(query)}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield {
            "AMPLIENCE_GRAPHQL_URL": f"http://127.0.0.1:{port}/graphql",
            "AMPLIENCE_PAT": "amp_pat_ceph",
        }
