"""Links that wait for a file: each goes to one file, of its owner, while it works."""

import threading
import time

from client.storage.plan import UploadSlot
from client.transfers.slots import KEPT_PER_OWNER, WaitingSlots

NOW = 1_800_000_000.0


def slot(name: str = "a", *, deadline: float = NOW + 3600) -> UploadSlot:
    url = f"https://store.example/{name}"
    return UploadSlot("single", (url,), url, deadline)


def test_a_slot_is_there_for_its_owner_until_it_was_taken() -> None:
    slots = WaitingSlots(lambda: NOW)
    kept = slots.keep("ann", slot())
    assert (slots.get("bob", kept), slots.take("bob", kept)) == (None, None)
    assert slots.get("ann", kept) == slot()
    assert slots.take("ann", kept) == slot()
    assert (slots.get("ann", kept), slots.take("ann", kept)) == (None, None)


def test_a_slot_that_a_file_did_not_fit_can_be_put_back() -> None:
    slots = WaitingSlots(lambda: NOW)
    kept = slots.keep("ann", slot())
    taken = slots.take("ann", kept)
    assert taken
    slots.put_back("ann", kept, taken)
    assert slots.take("ann", kept) == slot()


def test_what_has_expired_is_as_good_as_gone() -> None:
    now = NOW
    slots = WaitingSlots(lambda: now)
    kept = slots.keep("ann", slot(deadline=NOW + 1))
    now = NOW + 1
    assert slots.get("ann", kept) is None
    assert slots.take("ann", kept) is None


def test_the_oldest_of_an_owner_go_and_those_of_others_stay() -> None:
    slots = WaitingSlots(lambda: NOW)
    other = slots.keep("bob", slot("bob"))
    kept = [slots.keep("ann", slot(str(number))) for number in range(KEPT_PER_OWNER + 2)]
    there = [slots.get("ann", one) is not None for one in kept]
    assert there == [False, False, *[True] * KEPT_PER_OWNER]
    assert slots.get("bob", other)


def test_two_files_that_want_one_slot_do_not_both_get_it() -> None:
    slots = WaitingSlots(time.time)
    for _ in range(50):
        kept = slots.keep("ann", slot(deadline=time.time() + 60))
        together = threading.Barrier(4)
        got: list[UploadSlot | None] = []

        def take(kept: str = kept, together: threading.Barrier = together) -> None:
            together.wait()
            got.append(slots.take("ann", kept))  # noqa: B023 - joined within the loop

        threads = [threading.Thread(target=take) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(one is not None for one in got) == 1
