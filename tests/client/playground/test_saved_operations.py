"""What is remembered of the playground, across visits and restarts."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.errors import ImportRefusedError, RecordsUnavailableError
from client.playground.saved_operations import (
    DATABASE_FILE,
    EXPORT_FORMAT,
    HISTORY_KEPT,
    KEY_FILE,
    LONGEST_TEXT,
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


def test_the_oldest_tabs_and_runs_give_way(tmp_path: Path) -> None:
    now = iter(range(1, 1000))
    store = OperationStore(tmp_path, now=lambda: float(next(now)))
    for number in range(MOST_TABS + 2):
        store.put_tab("ann", SavedOperation(str(number)))
    for number in range(HISTORY_KEPT + 2):
        store.add_history("ann", SavedOperation(str(number)))
    assert [tab.text for tab in store.tabs("ann")][:2] == ["2", "3"]
    assert len(store.tabs("ann")) == MOST_TABS
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


def test_an_exported_file_is_taken_back_as_it_was(store: OperationStore) -> None:
    awkward = SavedOperation('{ a(b: "é\u2028\\n\U0001f600") }', '{"x": "</script>"}', 'A "name"')
    store.save("ann", awkward)
    store.save("ann", SavedOperation("{ b }", name="b"))
    assert store.import_file("bob", store.export("ann").encode()) == 2
    found = [(one.name, one.text, one.variables) for one in store.saved("bob")]
    assert (awkward.name, awkward.text, awkward.variables) in found
    assert store.export("bob") == store.export("ann")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"operations": []}',
        b"[" * 200_000,
        json.dumps({"format": EXPORT_FORMAT, "operations": []}).encode(),
        json.dumps({"format": EXPORT_FORMAT, "operations": [{"name": "a"}]}).encode(),
        json.dumps({"format": EXPORT_FORMAT, "operations": [{"name": 1, "text": ""}]}).encode(),
    ],
)
def test_another_file_is_refused_and_nothing_taken(store: OperationStore, content: bytes) -> None:
    with pytest.raises(ImportRefusedError):
        store.import_file("ann", content)
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
