"""What this process has once, for its routes and its pages alike.

`app.py` opens it at the start and closes it at the end; the pages, which Streamlit runs in the
same process, find it with `this_process()`.
"""

from dataclasses import dataclass, field

from client.connection.store import ConnectionStore, KnownConnections
from client.playground.runs import Runs
from client.playground.saved_operations import OperationStore
from client.transfers.browser import TransferAnswer
from client.transfers.jobs import Jobs
from client.transfers.registry import TransferRegistry
from client.transfers.slots import WaitingSlots
from client.transfers.visitors import Visitors
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
        visitors: what each signed-in session has: its log of requests, its transfers.
        slots: links that were asked for before their file was chosen.
        transfer_jobs: plans that are being asked for, uploads that are being completed.
        connections: those of the settings and those that admins made.
        operations: what was written in the playground.
        runs: what became of the operations that were run there.
        cut_outs: works on pictures for the pages. The embedded service has its own, of which few
            requests may wait: neither its callers nor the pages stand in the other's line.
        qa_tools: the names of the admins who have the QA tools on.
    """

    settings: Settings
    transfers: TransferRegistry
    visitors: Visitors
    slots: WaitingSlots
    transfer_jobs: Jobs[TransferAnswer]
    connections: KnownConnections
    operations: OperationStore
    cut_outs: CutOutJobs
    runs: Runs = field(default_factory=Runs)
    qa_tools: set[str] = field(default_factory=set[str])

    def close(self) -> None:
        """Close its files and end the process that is kept ready for cut-outs."""
        self.cut_outs.close()
        self.transfer_jobs.close()
        self.visitors.close()
        self.operations.close()
        self.transfers.close()


_opened: list[Process] = []


def open_process(settings: Settings) -> Process:
    """Open all of it, for `this_process` to find.

    Raises:
        RecordsUnavailableError: a file of the data folder cannot be read or written.
    """
    engine = EngineChoice.of(settings.background_model, settings.background_model_kind)
    transfers = TransferRegistry(settings.data_dir)
    connections = KnownConnections(settings, ConnectionStore(settings.data_dir))
    slots = WaitingSlots()
    process = Process(
        settings,
        transfers,
        Visitors(transfers, connections.named, slots),
        slots,
        Jobs(),
        connections,
        OperationStore(settings.data_dir),
        CutOutJobs(waiting=PICTURES_WAITING, engine=engine),
    )
    _opened.append(process)
    return process


def this_process() -> Process:
    """Return what was opened; for a page that a test runs without `app.py`, it is opened first."""
    return _opened[-1] if _opened else open_process(read_settings())
