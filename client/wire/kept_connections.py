"""Connections that are kept open between calls, one pool an endpoint for the whole process.

Visits share them: to the embedded service each takes two descriptors of this process. What a visit
must not share (its log, its tokens, its cookies) is not in here.
"""

import threading
import time
from weakref import WeakValueDictionary

from client.wire.timings import TimedAdapter

BLOCK = 1024 * 1024
"""Bytes handed to the socket at once: 2.5 times the rate of the default 16 KiB."""
LOOK_EVERY = 30.0
"""Seconds between two looks for connections that the other side has closed. Servers close idle ones
after about 60 to 75 s, and a pool looks at a connection only when it is that one's turn again."""
_KEPT = 64
"""Idle connections to one host; a call that finds none free makes one, which is not kept."""


class KeptConnections:
    """The pools of a process, by endpoint. Thread-safe.

    A pool lives as long as somebody holds it, and takes its connections with it.
    """

    def __init__(self, look_every: float = LOOK_EVERY) -> None:
        self._look_every = look_every
        self._lock = threading.Lock()
        self._pools: WeakValueDictionary[str, TimedAdapter] = WeakValueDictionary()
        self._looking = False

    def of(self, endpoint: str) -> TimedAdapter:
        """Return the pool of an endpoint; its storage hosts are in it, too."""
        with self._lock:
            pool = self._pools.get(endpoint)
            if pool is None:
                pool = self._pools[endpoint] = TimedAdapter(pool_maxsize=_KEPT, blocksize=BLOCK)
            if not self._looking:
                self._looking = True
                threading.Thread(target=self._look, name="kept-connections", daemon=True).start()
            return pool

    def _look(self) -> None:
        while True:
            time.sleep(self._look_every)
            with self._lock:
                pools = list(self._pools.values())
            for pool in pools:
                pool.drop_closed()
            del pools  # else the last one's connections would outlive it by one pause


_kept = KeptConnections()


def pool_of(endpoint: str) -> TimedAdapter:
    """Return the one pool of an endpoint that the whole process shares."""
    return _kept.of(endpoint)
