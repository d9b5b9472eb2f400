"""Small servers of a test's own, in a thread."""

import socketserver
import threading
from collections.abc import Generator
from contextlib import contextmanager

LOOK_EVERY = 0.005
"""Seconds between two looks at whether it is to stop; by itself it looks twice a second only, and
each test that ends a server would wait for that."""


@contextmanager
def serving(server: socketserver.TCPServer) -> Generator[int]:
    """Serve until the block ends, and give its port."""
    with server:
        thread = threading.Thread(target=server.serve_forever, args=(LOOK_EVERY,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
