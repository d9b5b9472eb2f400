"""Presigned links that a visitor asked for by themselves, kept for the next file to go to."""

import secrets
import threading
import time
from collections.abc import Callable

from client.storage.plan import UploadSlot

KEPT_PER_OWNER = 5
"""The newest; each is for one connection and one file."""


class WaitingSlots:
    """The slots of all visitors, each visible to its owner only. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._slots: dict[str, dict[str, UploadSlot]] = {}

    def keep(self, owner: str, slot: UploadSlot) -> str:
        """Keep a slot for a file and return its id."""
        slot_id = secrets.token_hex(12)
        self.put_back(owner, slot_id, slot)
        return slot_id

    def put_back(self, owner: str, slot_id: str, slot: UploadSlot) -> None:
        """Keep a slot that was taken for a file it does not fit."""
        with self._lock:
            kept = self._slots.setdefault(owner, {})
            kept[slot_id] = slot
            while len(kept) > KEPT_PER_OWNER:
                del kept[next(iter(kept))]

    def get(self, owner: str, slot_id: str) -> UploadSlot | None:
        """Return a slot of the owner whose links still work."""
        with self._lock:
            slot = self._slots.get(owner, {}).get(slot_id)
        return slot if slot and slot.deadline > self._now() else None

    def take(self, owner: str, slot_id: str) -> UploadSlot | None:
        """Return a slot whose links still work, to whoever asks first; then it is forgotten."""
        with self._lock:
            slot = self._slots.get(owner, {}).pop(slot_id, None)
        return slot if slot and slot.deadline > self._now() else None
