"""Lists of an answer as tables."""

from client.playground.answer_tables import tables_in


def test_a_list_of_texts_is_a_table_with_one_column() -> None:
    [table] = tables_in({"upload": {"uploadPartUrls": ["a", "b"], "minPartSize": 5}})
    assert (table.path, table.columns) == ("upload.uploadPartUrls", ("value",))
    assert table.rows == (("a",), ("b",))


def test_the_nodes_of_a_connection_are_rows_and_objects_in_them_columns() -> None:
    edges = [
        {"node": {"id": "1", "credit": {"balance": 3}, "tags": ["a", "b"]}},
        {"cursor": "c", "node": {"id": "2", "credit": None, "extra": True}},
    ]
    [table] = tables_in({"viewer": {"organizations": {"edges": edges, "pageInfo": {}}}})
    assert table.path == "viewer.organizations"
    assert table.columns == ("id", "credit.balance", "tags", "credit", "extra")
    assert table.rows == (("1", "3", "a, b", "", ""), ("2", "", "", "", "true"))


def test_lists_inside_rows_are_a_table_of_all_rows_together() -> None:
    hubs = [{"name": "a", "folders": [{"id": "1"}, {"id": "2"}]}, {"folders": [{"id": "3"}]}]
    outer, inner = tables_in({"hubs": hubs})
    assert outer.rows == (("a", "2 entries"), ("", "1 entry"))
    assert (inner.path, inner.rows) == ("hubs.folders", (("1",), ("2",), ("3",)))


def test_an_answer_without_lists_has_no_tables() -> None:
    assert not tables_in({"a": {"b": 1}, "c": [], "d": None})
