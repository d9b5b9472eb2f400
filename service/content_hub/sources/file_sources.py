"""Where `imageUrl` and `src` may point to: this service's own files, and hosts that are allowed."""

from collections.abc import Generator
from contextlib import contextmanager

from service.content_hub.refusal import InputRefusedError
from service.content_hub.sources.remote_images import RemoteImages
from service.content_hub.sources.signed_files import OpenedFile, SignedFiles


class FileSources:
    """Gives the file behind a URL; thread-safe."""

    def __init__(self, own: SignedFiles, remote: RemoteImages) -> None:
        self._own = own
        self._remote = remote

    @contextmanager
    def open(self, argument: str, url: str) -> Generator[OpenedFile, None, None]:
        """Give the file behind a URL; it stays until the context ends.

        Args:
            argument: what messages call the URL.
            url: a signed URL of this service, or one on an allowed host.

        Raises:
            InputRefusedError: it is neither, or its file cannot be had.
        """
        if not self._own.owns(url) and self._remote.hosts:
            if not self._remote.allows(url):
                raise InputRefusedError(
                    f"{argument} must be a downloadUrl of this service, or an https URL on one of "
                    f"{', '.join(self._remote.hosts)}."
                )
            with self._remote.open(argument, url) as file:
                yield file
            return
        with self._own.open(argument, url) as file:
            yield file
