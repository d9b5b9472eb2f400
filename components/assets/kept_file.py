"""A finished picture as a temp file of its own, so that an asset can be made of it."""

import tempfile
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from client.api.api import Api
from client.file_name import shortened_by_bytes
from client.storage.plan import UploadPlan
from client.transfers.events import Event, Planned
from client.transfers.record import Transfer
from client.transfers.registry import TransferRegistry
from client.transfers.upload import upload_file
from components.session import api, username
from process import this_process


@dataclass(frozen=True)
class KeptFiles:
    """Uploads what the server made, such as a finished picture, as the visitor's; in any thread."""

    api: Api
    registry: TransferRegistry
    owner: str

    def keep_finished(self, content: bytes, name: str, about: str) -> str:
        """Upload a picture in one PUT; return the id of the transfer under which it is remembered.

        Args:
            content: the picture's file.
            name: its file name; what is longer than 255 bytes of it is left out, not its extension.
            about: the transfer it was made from; the log shows the requests with that one.

        Raises:
            ClientError: what `upload_file` raises.
        """
        with tempfile.TemporaryDirectory(prefix="tfw-finished-") as folder:
            path = Path(folder) / (shortened_by_bytes(Path(name).name) or "cut-out")
            path.write_bytes(content)
            return self.keep(path, about)

    def keep(self, path: Path, about: str) -> str:
        """Upload a file in one PUT; return the id of the transfer under which it is remembered.

        Args:
            path: the file, whose name the temp file gets.
            about: what it was made from; the log shows the requests with that one.

        Raises:
            ClientError: what `upload_file` raises.
        """
        plans: list[UploadPlan] = []

        def note(event: Event) -> None:
            if isinstance(event, Planned):
                plans.append(event.plan)

        with self.api.log.about(about):
            receipt = upload_file(self.api, path, kind="single", on_event=note)
        transfer = Transfer(
            id=uuid.uuid4().hex,
            owner=self.owner,
            name=receipt.name,
            size=receipt.size,
            state="planned",
            started=time.time(),
            plan=plans[0],
        )
        self.registry.put(transfer)
        self.registry.finish(self.owner, transfer.id, receipt, None)
        return transfer.id


def kept_files() -> KeptFiles:
    """Return the `KeptFiles` of this visitor, over the connection in use."""
    return KeptFiles(api(), this_process().transfers, username())
