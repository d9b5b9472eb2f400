"""Starts `python -m service` many times over: imports it once and forks.

Reads one line for each start, the command line's arguments; answers with the process id.
"""

import os
import shlex
import signal
import sys

from service.__main__ import main


def start(arguments: list[str]) -> int:
    """Fork; the child serves until it is killed."""
    if child := os.fork():
        return child
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    os._exit(main(arguments))


def serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the killed children
    for line in sys.stdin:
        sys.stdout.write(f"{start(shlex.split(line))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
