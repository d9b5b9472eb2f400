"""What this process has once, for its routes and its pages alike.

`app.py` opens it at the start and closes it at the end; the pages, which Streamlit runs in the
same process, find it with `this_process()`.
"""

from dataclasses import dataclass, field

from client.connection.store import ConnectionStore, KnownConnections
from client.playground.saved_operations import OperationStore
from client.transfers.registry import TransferRegistry
from cutout.engines.choice import EngineChoice
from cutout.jobs.jobs import CutOutJobs
from settings import Settings, read_settings

PICTURES_WAITING = 100
"""Pictures of all visitors that may wait for their turn; each holds a thread."""


@dataclass(frozen=True)
class Process:
    """What is shared by all visitors; each sees only what is theirs of it.

    Attributes:
        settings: as they were at the start.
        transfers: what browsers send or have sent.
        connections: those of the settings and those that admins made.
        operations: what was written in the playground.
        cut_outs: works on pictures for the pages. The embedded service has its own, of which few
            requests may wait: neither its callers nor the pages stand in the other's line.
        qa_tools: the names of the admins who have the QA tools on.
    """

    settings: Settings
    transfers: TransferRegistry
    connections: KnownConnections
    operations: OperationStore
    cut_outs: CutOutJobs
    qa_tools: set[str] = field(default_factory=set[str])

    def close(self) -> None:
        """Close its files and end the process that is kept ready for cut-outs."""
        self.cut_outs.close()
        self.operations.close()
        self.transfers.close()


_opened: list[Process] = []


def open_process(settings: Settings) -> Process:
    """Open all of it, for `this_process` to find.

    Raises:
        RecordsUnavailableError: a file of the data folder cannot be read or written.
    """
    engine = EngineChoice.of(settings.background_model, settings.background_model_kind)
    process = Process(
        settings,
        TransferRegistry(settings.data_dir),
        KnownConnections(settings, ConnectionStore(settings.data_dir)),
        OperationStore(settings.data_dir),
        CutOutJobs(waiting=PICTURES_WAITING, engine=engine),
    )
    _opened.append(process)
    return process


def this_process() -> Process:
    """Return what was opened; for a page that a test runs without `app.py`, it is opened first."""
    return _opened[-1] if _opened else open_process(read_settings())
