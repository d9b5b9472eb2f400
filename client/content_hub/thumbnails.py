"""Small pictures of assets, fetched here so that the browser needs no way to the endpoint's hosts.

They come through the wire, so without the token, over the usual proxies and with the usual CA
bundle, and are kept by asset and revision: the signed URL is another each time it is asked for.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress

from client.api.api import Api
from client.content_hub.assets import Asset
from client.errors import ClientError
from client.wire.http import Call

LARGEST = 2 * 1024**2
"""Bytes of one file; the picture in a larger one is not shown."""
KEPT = 16 * 1024**2
"""Bytes of all pictures of a visit."""
_AT_ONCE = 6
_TIMEOUT = (5.0, 10.0)


class Thumbnails:
    """The newest pictures of one visit, in bounded memory. Thread-safe.

    Args:
        api: what to ask; a picture's host never sees its token.
        shrink: makes of a file what is kept and shown; empty bytes when it is no picture.
    """

    def __init__(self, api: Api, shrink: Callable[[bytes], bytes]) -> None:
        self._api = api
        self._shrink = shrink
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int | None], bytes] = OrderedDict()

    def kept(self, asset: Asset) -> bytes | None:
        """Return a picture that is here already; empty bytes for one that cannot be had."""
        if not asset.thumb_url:
            return b""
        with self._lock:
            content = self._kept.get(_key(asset))
            if content is not None:
                self._kept.move_to_end(_key(asset))
            return content

    def fetch(self, assets: Sequence[Asset]) -> Generator[tuple[Asset, bytes]]:
        """Fetch the pictures of assets, several at once, and hand each out as it arrives.

        A picture that cannot be had is empty; why is in the exchange log.
        """
        threads = ThreadPoolExecutor(_AT_ONCE, "thumbnail")
        try:
            waiting: dict[Future[bytes], Asset] = {
                threads.submit(self._fetched, asset): asset for asset in assets
            }
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:  # whoever leaves early does not wait for the rest
            threads.shutdown(wait=False, cancel_futures=True)

    def _fetched(self, asset: Asset) -> bytes:
        content = self.kept(asset)
        if content is not None:
            return content
        content = b""
        call = Call("GET", asset.thumb_url, "thumbnail", timeout=_TIMEOUT, limit=LARGEST + 1)
        with suppress(ClientError):
            answer = self._api.wire.send(call)
            if answer.status == 200 and len(answer.content) <= LARGEST:
                content = self._shrink(answer.content)
        with self._lock:
            self._kept[_key(asset)] = content
            while sum(map(len, self._kept.values())) > KEPT:
                self._kept.popitem(last=False)
        return content


def _key(asset: Asset) -> tuple[str, int | None]:
    return asset.id, asset.revision
