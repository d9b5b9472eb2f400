"""A proxy that hands on what a client sends in small segments, as a bad line may."""

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer

from tests.serving import serving

FIRST_BYTES = 4096
"""What goes out in pieces: heads, and the beginning of a body."""
PIECE = 13


@contextmanager
def in_pieces(port: int) -> Generator[int]:
    """Serve until the block ends, in front of a port of this machine, and give ours."""

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection(("127.0.0.1", port)) as server:
                server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                answers = threading.Thread(target=_hand_on, args=(server, self.request))
                answers.start()
                _hand_on(self.request, server, FIRST_BYTES)
                answers.join()

    class Server(ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with serving(Server(("127.0.0.1", 0), Handler)) as own:
        yield own


def _hand_on(source: socket.socket, target: socket.socket, slowly: int = 0) -> None:
    """Send on what comes until the source ends, the first bytes of each kind in pieces."""
    try:
        while block := source.recv(65536):
            for at in range(0, min(slowly, len(block)), PIECE):
                target.sendall(block[at : min(at + PIECE, slowly)])
            target.sendall(block[slowly:])
        target.shutdown(socket.SHUT_WR)
    except OSError:  # the other side has left; so do we
        source.close()
