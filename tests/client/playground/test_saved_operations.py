"""What is remembered of the playground, across visits and restarts."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import RecordsUnavailableError
from client.playground.saved_operations import (
    DATABASE_FILE,
    HISTORY_KEPT,
    KEY_FILE,
    LONGEST_TEXT,
    MOST_CLOSED,
    MOST_TABS,
    OperationStore,
    SavedOperation,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OperationStore]:
    store = OperationStore(tmp_path)
    yield store
    store.close()


def test_tabs_come_back_after_a_restart_in_their_order(tmp_path: Path) -> None:
    first = OperationStore(tmp_path)
    tabs = [SavedOperation("{ a }", at=1.0), SavedOperation("{ b }", '{"x": 1}', "Mine", at=2.0)]
    for tab in tabs:
        first.put_tab("ann", tab)
    first.put_tab("ann", SavedOperation("{ changed }", id=tabs[0].id, at=1.0))
    first.close()
    second = OperationStore(tmp_path)
    found = second.tabs("ann")
    second.close()
    assert [tab.text for tab in found] == ["{ changed }", "{ b }"]
    assert (found[1].variables, found[1].name, found[1].id) == ('{"x": 1}', "Mine", tabs[1].id)


def test_everybody_sees_their_own_only(store: OperationStore) -> None:
    tab = store.put_tab("ann", SavedOperation("{ a }"))
    store.save("ann", SavedOperation("{ a }", name="Mine"))
    store.add_history("ann", SavedOperation("{ a }"))
    assert [*store.tabs("bob"), *store.saved("bob"), *store.history("bob")] == []
    store.close_tab("bob", tab.id)
    store.clear_history("bob")
    assert len(store.tabs("ann")) == len(store.history("ann")) == 1


def test_a_closed_tab_is_gone(store: OperationStore) -> None:
    tab = store.put_tab("ann", SavedOperation("{ a }"))
    store.close_tab("ann", tab.id)
    assert not store.tabs("ann")


def test_the_oldest_runs_give_way(tmp_path: Path) -> None:
    now = iter(range(1, 1000))
    store = OperationStore(tmp_path, now=lambda: float(next(now)))
    for number in range(HISTORY_KEPT + 2):
        store.add_history("ann", SavedOperation(str(number)))
    runs = [run.text for run in store.history("ann")]
    assert (len(runs), runs[0], runs[-1]) == (HISTORY_KEPT, str(HISTORY_KEPT + 1), "2")
    store.close()


def test_the_history_keeps_the_outcome_and_is_searched_by_words(store: OperationStore) -> None:
    store.add_history("ann", SavedOperation("{ viewer }", facts={"outcome": "ok", "status": 200}))
    store.add_history("ann", SavedOperation("mutation Cut { a }", '{"imageUrl": "bottle"}'))
    assert [run.text for run in store.history("ann", "BOTTLE cut")] == ["mutation Cut { a }"]
    assert not store.history("ann", "bottle viewer")
    assert store.history("ann", "viewer")[0].facts == {"outcome": "ok", "status": 200}


def test_saving_under_the_same_name_replaces(store: OperationStore) -> None:
    first = store.save("ann", SavedOperation("{ a }", name=" My   query "))
    second = store.save("ann", SavedOperation("{ b }", name="My query"))
    assert first.id == second.id
    assert [(one.name, one.text) for one in store.saved("ann")] == [("My query", "{ b }")]
    store.delete("ann", first.id)
    assert not store.saved("ann")


def test_signed_urls_are_not_on_the_disk_in_the_clear(tmp_path: Path) -> None:
    store = OperationStore(tmp_path)
    store.put_tab("ann", SavedOperation("canary-document", "canary-variables"))
    store.close()
    assert all(b"canary" not in file.read_bytes() for file in tmp_path.iterdir())
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / DATABASE_FILE).stat().st_mode & 0o777 == 0o600


def test_what_another_key_encrypted_counts_as_forgotten(tmp_path: Path) -> None:
    store = OperationStore(tmp_path)
    store.put_tab("ann", SavedOperation("{ a }"))
    store.close()
    (tmp_path / KEY_FILE).unlink()
    store = OperationStore(tmp_path)
    assert not store.tabs("ann")
    store.put_tab("ann", SavedOperation("{ b }"))
    assert [tab.text for tab in store.tabs("ann")] == ["{ b }"]
    store.close()


def test_threads_lose_nothing(store: OperationStore) -> None:
    def add(number: int) -> None:
        for step in range(10):
            store.add_history("ann", SavedOperation(f"{number} {step}"))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.history("ann")) == 40


def test_a_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).mkdir()
    with pytest.raises(RecordsUnavailableError):
        OperationStore(tmp_path)


# Closing, and the order of tabs ---------------------------------------------------------------


@pytest.fixture
def ticking(tmp_path: Path) -> Iterator[OperationStore]:
    """A store to which no two things happen at once."""
    ticks = iter(range(1000, 2000))
    store = OperationStore(tmp_path, now=lambda: float(next(ticks)))
    yield store
    store.close()


def open_tabs(store: OperationStore, count: int) -> list[str]:
    """Open tabs with the texts 1, 2, 3 and so on, used in that order; return their ids."""
    for number in range(1, count + 1):
        used = {"used": float(number)}
        store.put_tab("ann", SavedOperation(str(number), at=float(number), facts=used))
    return [tab.id for tab in store.tabs("ann")]


def texts(store: OperationStore) -> str:
    return " ".join(tab.text for tab in store.tabs("ann"))


def test_tabs_that_were_used_longest_ago_make_room(ticking: OperationStore) -> None:
    first, *_ = open_tabs(ticking, MOST_TABS + 2)
    opened = ticking.tabs("ann")[0]
    ticking.change_tab("ann", replace(opened, facts={"used": 1000.0}), opened)
    assert [tab.text for tab in ticking.close_surplus("ann")] == ["3", "2"]
    assert texts(ticking).startswith("1 4 5 ")
    assert not ticking.close_surplus("ann")
    assert first not in ticking.closed_tabs("ann")
    assert len(ticking.closed_tabs("ann")) == 2


def test_closed_tabs_open_again_the_last_one_first_and_where_they_were(
    ticking: OperationStore,
) -> None:
    ids = open_tabs(ticking, 4)
    ticking.move_tab("ann", ids[3], before=ids[0])
    assert texts(ticking) == "4 1 2 3"
    for tab_id in (ids[0], ids[2], ids[3]):
        ticking.close_tab("ann", tab_id)
    assert ticking.closed_tabs("ann") == [ids[3], ids[2], ids[0]]
    assert ticking.closed_tabs("bob") == []
    assert ticking.reopen_tab("bob") is None
    ticking.move_tab("ann", ids[1], before="")
    seen: list[tuple[str, str]] = []
    while tab := ticking.reopen_tab("ann"):
        seen.append((tab.id, texts(ticking)))
    assert seen == [(ids[3], "4 2"), (ids[2], "4 3 2"), (ids[0], "4 1 3 2")]


def test_the_tabs_closed_longest_ago_are_forgotten(ticking: OperationStore) -> None:
    ids = open_tabs(ticking, MOST_CLOSED + 3)
    for tab_id in ids:
        ticking.close_tab("ann", tab_id)
    assert ticking.closed_tabs("ann") == ids[:2:-1]


def test_the_order_outlives_a_restart_and_a_tab_of_another_window_is_behind(tmp_path: Path) -> None:
    first = OperationStore(tmp_path)
    ids = open_tabs(first, 3)
    first.move_tab("ann", ids[2], before=ids[1])
    first.move_tab("ann", ids[0], before="")
    first.move_tab("ann", "never opened", before=ids[0])
    first.put_tab("ann", SavedOperation("another", at=0.5))
    first.close()
    second = OperationStore(tmp_path)
    assert texts(second) == "3 2 1 another"
    second.close()


def test_a_closed_tab_that_is_written_on_elsewhere_is_another_one_when_it_opens(
    ticking: OperationStore,
) -> None:
    [tab_id] = open_tabs(ticking, 1)
    [opened] = ticking.tabs("ann")
    ticking.close_tab("ann", tab_id, opened)
    ticking.change_tab("ann", replace(opened, text="written"), opened)
    again = ticking.reopen_tab("ann")
    assert again
    assert again.id != tab_id
    assert set(texts(ticking).split()) == {"1", "written"}
    ticking.close_tab("ann", tab_id)
    ticking.change_tab("ann", replace(opened, text="once more"), opened)
    ticking.close_tab("ann", tab_id)
    assert ticking.closed_tabs("ann") == [tab_id]


def test_a_name_stays_when_another_window_goes_on_writing(store: OperationStore) -> None:
    opened = store.put_tab("ann", SavedOperation("{ a }"))
    store.change_tab("ann", replace(opened, name="Mine"), opened)
    typed = replace(opened, text="{ b }")
    assert store.change_tab("ann", typed, opened) is None
    assert store.change_tab("ann", replace(typed, text="{ c }"), typed) is None
    assert [(tab.text, tab.name) for tab in store.tabs("ann")] == [("{ c }", "Mine")]


# One tab in two windows ----------------------------------------------------------------------


def test_a_tab_that_another_window_changed_is_not_overwritten(store: OperationStore) -> None:
    opened = store.put_tab("ann", SavedOperation("{ a }"))
    first, second = replace(opened, text="{ first }"), replace(opened, text="{ second }")
    assert store.change_tab("ann", first, opened) is None
    assert store.change_tab("ann", second, opened) == first
    assert store.tabs("ann") == [first]
    assert store.change_tab("ann", second, first) is None
    assert store.tabs("ann") == [second]


def test_the_same_change_in_two_windows_is_no_conflict(store: OperationStore) -> None:
    opened = store.put_tab("ann", SavedOperation("{ a }", "{}"))
    changed = replace(opened, variables='{"a": 1}')
    assert store.change_tab("ann", changed, opened) is None
    assert store.change_tab("ann", replace(changed, facts={"used": 2.0}), opened) is None


def test_what_is_too_long_to_be_remembered_is_no_conflict_with_itself(
    store: OperationStore,
) -> None:
    opened = SavedOperation("# " + "x" * LONGEST_TEXT)
    assert store.change_tab("ann", opened, None) is None
    assert store.change_tab("ann", replace(opened, variables="{}"), opened) is None


def test_a_tab_that_another_window_closed_is_opened_again_by_typing(store: OperationStore) -> None:
    opened = store.put_tab("ann", SavedOperation("{ a }"))
    assert store.close_tab("ann", opened.id, opened)
    assert store.change_tab("ann", replace(opened, text="{ b }"), opened) is None
    assert [tab.text for tab in store.tabs("ann")] == ["{ b }"]


def test_closing_leaves_what_another_window_wrote(store: OperationStore) -> None:
    opened = store.put_tab("ann", SavedOperation("{ a }"))
    changed = replace(opened, text="{ b }")
    store.change_tab("ann", changed, opened)
    assert not store.close_tab("ann", opened.id, opened)
    assert store.tabs("ann") == [changed]
    assert store.close_tab("ann", opened.id, changed)
    assert store.close_tab("ann", opened.id, changed)
    assert not store.tabs("ann")


def test_of_windows_that_write_at_once_each_is_kept_or_told(store: OperationStore) -> None:
    opened = store.put_tab("ann", SavedOperation("{ a }"))
    kept: list[str] = []
    told: list[SavedOperation] = []

    def write(number: int) -> None:
        text = f"{{ window{number} }}"
        other = store.change_tab("ann", replace(opened, text=text), opened)
        if other is None:
            kept.append(text)
        else:
            told.append(other)

    windows = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert len(kept) == 1
    assert [tab.text for tab in store.tabs("ann")] == kept
    assert {tab.text for tab in told} == set(kept)


def test_the_history_takes_new_facts_of_what_it_holds_and_of_nothing_else(
    store: OperationStore,
) -> None:
    first = store.add_history("ann", SavedOperation("{ a }", facts={"outcome": "running"}))
    store.change_history("ann", replace(first, facts={"outcome": "ok"}))
    [entry] = store.history("ann")
    assert (entry.id, entry.facts) == (first.id, {"outcome": "ok"})
    store.clear_history("ann")
    store.change_history("ann", first)
    assert not store.history("ann")


def test_the_newest_of_the_history_are_those_it_begins_with(store: OperationStore) -> None:
    for letter in "abc":
        store.add_history("ann", SavedOperation(f"{{ {letter} }}"))
    assert store.newest_history("ann", 2) == store.history("ann")[:2]
