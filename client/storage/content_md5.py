"""Whether a store takes Content-MD5 on a signed PUT that did not sign it.

Our own service, Ceph and Swift do, and answer BadDigest to wrong bytes; AWS answers 403 to headers
that were not signed (contract 8). So an unknown store is asked once, by the first part.
"""

from base64 import b64encode
from collections.abc import Callable, Mapping

from client.errors import StorageRefusedError
from client.wire.http import Answer


class ContentMd5:
    """Whether one connection's store takes Content-MD5. Thread-safe: each thread asks at most once.

    Attributes:
        taken: None until the first part has been answered.
    """

    def __init__(self, *, taken: bool | None = None) -> None:
        self.taken = taken

    def put(self, send: Callable[[Mapping[str, str]], Answer], digest: bytes) -> Answer:
        """Send a body with Content-MD5, or without it where the store refuses the header.

        Args:
            send: sends the body from its start with the headers given, and raises the store's
                refusal.
            digest: the MD5 of the body, 16 bytes.

        Raises:
            ClientError: what `send` raises.
        """
        if self.taken is False:
            return send({})
        try:
            answer = send({"Content-MD5": b64encode(digest).decode()})
        except StorageRefusedError as error:
            if self.taken or error.details.get("status") != 403:
                raise
            answer = send({})
            self.taken = False
            return answer
        self.taken = True
        return answer
