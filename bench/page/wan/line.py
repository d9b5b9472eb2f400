"""A line with delay, rate and loss between two network namespaces of this machine.

The kernel's own netem is not everywhere; two TUN devices and a program between them (line.c) are
enough. It needs Linux, root, `gcc`, `ip` and `nsenter` (Debian: gcc, iproute2, util-linux), and
`/dev/net/tun`.
"""

import ctypes
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CLIENT, SERVER = "wan_c", "wan_s"  # the namespaces
CLIENT_ADDRESS, SERVER_ADDRESS = "10.9.0.1", "10.9.0.2"
NETWORK = "10.9.0.0/24"
SOURCE = Path(__file__).with_name("line.c")
PROGRAMS = ("gcc", "ip", "nsenter")
TUN = Path("/dev/net/tun")
NAMESPACES = Path("/run/netns")
CLONE_NEWNET = 0x40000000
IN_SERVER = ("nsenter", f"--net={NAMESPACES / SERVER}")
"""What a command begins with that is to run at the server's end."""
CONGESTION = "cubic"  # what Linux, Windows and macOS come with
NO_MEMORY = "echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save"
"""Every connection starts alike: without what the kernel learned from those before."""
DISCARD = 9  # a port that nobody has
TIMEOUT = 10  # seconds
QUEUE = 10_000  # packets before the TUN device, which must not be what limits


@dataclass(frozen=True)
class Line:
    """What a line is like, in both directions.

    Attributes:
        name: how it is chosen on the command line.
        rate: bits a second.
        round_trip: milliseconds.
        file_size: bytes to measure it with.
        lost: packets of 1,000.
        packet: bytes of the largest (MTU).
        queue: bytes that wait before it; None: what is on its way in a round trip.
    """

    name: str
    rate: int
    round_trip: int
    file_size: int
    lost: int = 0
    packet: int = 1500
    queue: int | None = None

    @property
    def queue_bytes(self) -> int:
        """Bytes that may wait before it."""
        return self.rate * self.round_trip // 8000 if self.queue is None else self.queue


LINES = (
    Line("100M-40ms", 100_000_000, 40, 200_000_000),
    Line("20M-100ms", 20_000_000, 100, 106_000_000),
    Line("1G-150ms", 1_000_000_000, 150, 200_000_000, packet=9000, queue=8_000_000),
    Line("50M-20ms-lossy", 50_000_000, 20, 106_000_000, lost=10),
)


def missing() -> list[str]:
    """Return what this machine lacks for a line."""
    programs = [f"the program {name}" for name in PROGRAMS if not shutil.which(name)]
    root = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["the rights of root"]
    return [*root, *programs, *([] if TUN.exists() else [str(TUN)])]


@contextmanager
def namespaces() -> Generator[None]:
    """Make both ends, and move this process to the client's: what it starts is there as well.

    To be called before there is a second thread, since each thread has a namespace of its own.
    """
    home = os.open("/proc/self/ns/net", os.O_RDONLY)
    try:
        for name in (CLIENT, SERVER):
            if not (NAMESPACES / name).exists():
                _run("ip", "netns", "add", name)
            _run("ip", "-n", name, "link", "set", "lo", "up")
            _run("nsenter", f"--net={NAMESPACES / name}", "sh", "-ec", NO_MEMORY)
        client = os.open(NAMESPACES / CLIENT, os.O_RDONLY)
        _enter(client)
        os.close(client)
        yield
    finally:
        _enter(home)
        os.close(home)
        for name in (CLIENT, SERVER):
            if (NAMESPACES / name).exists():
                _run("ip", "netns", "delete", name)


@contextmanager
def up(line: Line, folder: Path) -> Generator[None]:
    """Have the line between the two ends; its program is built in the folder."""
    program = folder / "line"
    _run("gcc", "-O2", "-o", str(program), str(SOURCE))
    process = subprocess.Popen(
        [program, *_ends(), *qualities(line)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        with process.stdout as output:
            assert output.readline() == "ready\n", "The line's program did not start."
        for name, address in ((CLIENT, CLIENT_ADDRESS), (SERVER, SERVER_ADDRESS)):
            _run("ip", "-n", name, "address", "add", f"{address}/32", "dev", _device(name))
            _run("ip", "-n", name, "link", "set", _device(name), *_sizes(line), "up")
            # The route says so, since a namespace may not choose from all that the kernel has.
            route = (NETWORK, "dev", _device(name), "src", address, "congctl", CONGESTION)
            _run("ip", "-n", name, "route", "add", *route)
        yield
    finally:
        process.terminate()
        process.wait()


def round_trip() -> float:
    """Return the milliseconds until the far end answers that nothing listens at a port."""
    started = time.perf_counter()
    with suppress(ConnectionRefusedError):
        socket.create_connection((SERVER_ADDRESS, DISCARD), TIMEOUT).close()
    return (time.perf_counter() - started) * 1000


def _ends() -> list[str]:
    return [text for name in (CLIENT, SERVER) for text in (str(NAMESPACES / name), _device(name))]


def _device(namespace: str) -> str:
    return f"{namespace}_tun"


def _sizes(line: Line) -> tuple[str, ...]:
    return ("mtu", str(line.packet), "txqueuelen", str(QUEUE))


def qualities(line: Line) -> list[str]:
    """Return what the line's program is told of the line, in its units."""
    one_way = line.round_trip * 1000 // 2  # microseconds
    return [str(number) for number in (line.rate, one_way, line.lost, line.queue_bytes)]


def _enter(namespace: int) -> None:
    # os.setns is there from Python 3.12 on.
    if ctypes.CDLL(None, use_errno=True).setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "A network namespace cannot be entered.")


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
