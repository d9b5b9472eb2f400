"""The playground as Streamlit runs it, without a browser, against the running service."""

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, introspection_from_schema
from streamlit.testing.v1 import AppTest

from client.connection.connection import Connection, PersonalAccessToken
from client.connection.store import ConnectionStore
from client.playground.link import write_link
from client.playground.samples import samples
from client.playground.saved_operations import LONGEST_TEXT, SavedOperation
from client.wire.http import ANSWER_LIMIT
from components.common.plain_text import plain
from components.playground.state import Playground
from components.playground.tab_strip.tab_strip import Wish
from components.playground.tabs import carry_out
from components.playground.words import (
    NEW_TEXT,
    OUTCOMES,
    SAMPLE_WANTS_LINK,
    SNIPPET_UNREADY,
    TAKE_ALONG_TABS,
)
from process import this_process
from tests.app_server import ROOT, ServiceAlone
from tests.client.api.test_schema import introspection
from tests.client.scripted_endpoint import (
    HTML,
    ScriptedEndpoint,
    answer,
    drop,
    graphql_error,
)
from tests.large_schema import tables_schema

SINGLE = "mutation Mine { createTempFileUploadUrl { uploadUrl downloadUrl } }"


@pytest.fixture(autouse=True)
def environment(
    service_alone: ServiceAlone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The connection of the running service, and a data folder of the test's own."""
    for variable, value in service_alone.environment_of_child().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("TFW_DATA_DIR", str(tmp_path))
    shutil.copy(service_alone.data_dir / "oauth-client.json", tmp_path)


def page(roles: str = "admin") -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "playground.py"), default_timeout=60)
    test.user["username"], test.user["roles"] = "ann", roles
    return test


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def state_of(test: AppTest) -> Playground:
    return test.session_state["playground"]


def with_text(text: str, variables: str = "", roles: str = "admin") -> AppTest:
    """Return the page with this operation open and the form on show."""
    test = page(roles)
    test.session_state["playground-with-form"] = True
    run(test)
    state_of(test).replace(text, variables)
    return run(test)


def execute(test: AppTest) -> AppTest:
    """Run the operation, and draw the page once its answer is there."""
    test.button(key="playground-form-run").click()
    run(test)
    last = state_of(test).run
    if last and OUTCOMES["running"] in shown(test):  # the page looks again after a moment
        last.wait(60)
        run(test)
    return test


def shown(test: AppTest) -> str:
    """Return all text that the page shows outside its components."""
    kinds = ("markdown", "caption", "error", "warning", "info", "success", "header", "subheader")
    elements: list[Any] = [element for kind in kinds for element in test.get(kind)]
    return "\n".join(str(element.value) for element in elements).replace("\\", "")


def editor_of(test: AppTest) -> dict[str, Any]:
    elements: list[Any] = list(test.get("bidi_component"))
    data = [json.loads(element.proto.json) for element in elements]
    return next(one for one in data if one.get("view") == "editor")


def test_a_first_visit_has_a_sample_to_run() -> None:
    test = run(page())
    assert [title.value for title in test.title] == ["Playground"]
    assert "createTempFileUploadUrl" in editor_of(test)["text"]
    assert "About 1 of 10,000 points" in shown(test)
    assert "Run the operation to see an answer." in shown(test)
    assert "changes nothing" in shown(test)


def test_only_the_first_sample_is_said_to_change_nothing() -> None:
    assert "changes nothing" not in shown(with_text(SINGLE))


def test_the_schema_is_the_endpoint_s(service_alone: ServiceAlone) -> None:
    test = run(page())
    assert f"read from {service_alone.url.removeprefix('http://')}; the same" in shown(test)


def test_a_run_shows_status_time_size_and_the_way_on() -> None:
    test = execute(with_text(SINGLE))
    text = shown(test)
    assert "Success** · Mine · HTTP 200 · " in text
    assert "Go on with this answer" in text
    assert "1 upload link, links expire in 1 h" in text
    [entry] = state_of(test).store.history("ann")
    assert (entry.facts["outcome"], entry.facts["operation"]) == ("ok", "Mine")


def test_a_value_of_an_earlier_answer_stands_for_itself_among_the_variables(
    endpoint: ScriptedEndpoint,
) -> None:
    test = execute(with_text(SINGLE))
    state = state_of(test)
    assert '"{{last.downloadUrl}}" stands for the latest one' in shown(test)
    variables = '{"src": "{{last.downloadUrl}}", "size": 1.0}'
    state.open("query Again($src: String!, $size: Float) { node(id: $src) { id } }", variables)
    assert "downloadUrl" in editor_of(run(test))["lastNames"]
    execute(test)
    sent = json.loads(endpoint.last("graphql").body)["variables"]
    assert sent == {"src": last_link(state), "size": 1}
    assert state.tab.variables == variables
    assert state.store.history("ann")[0].variables == variables

    before = endpoint.times("graphql")
    state.replace(state.tab.text, '{"src": "{{last.createTempFileUploadUrl}}"}')
    text = shown(execute(run(test)))
    assert "is an object, and $src is declared as String" in text
    assert "{{last.createTempFileUploadUrl.downloadUrl}}" in text
    state.replace(state.tab.text, '{"src": "{{last.nothing}}"}')
    text = shown(execute(run(test)))
    assert "has a value for {{last.nothing}}. There are: src, size, uploadUrl, downloadUrl" in text
    assert endpoint.times("graphql") == before


def last_link(state: Playground) -> str:
    """Return the link that the connection to begin with gave."""
    asked = this_process().connections.first().endpoint
    return state.runs.answers("ann", asked)[-1]["createTempFileUploadUrl"]["downloadUrl"]


@pytest.fixture
def other(endpoint: ScriptedEndpoint, tmp_path: Path) -> str:
    """Another connection that is at the same address, for the same requests to be seen."""
    url = f"{endpoint.url}/graphql"
    credentials = PersonalAccessToken("amp_pat_other")
    ConnectionStore(tmp_path).put(Connection("Other", url, "", credentials))
    return "Other"


READS = "query Again($src: String!) { node(id: $src) { id } }"
LINK_OF_LAST = '{"src": "{{last.downloadUrl}}"}'


def test_no_value_of_an_answer_goes_to_another_connection(
    endpoint: ScriptedEndpoint, other: str
) -> None:
    test = execute(with_text(SINGLE))
    state = state_of(test)
    assert "asked of" not in shown(test)
    link = write_link(SavedOperation(READS, LINK_OF_LAST))
    assert link
    test.session_state["connection_chosen"] = other
    test.query_params["op"] = link
    run(test)
    assert state.tab.text == READS
    assert editor_of(test)["lastNames"] == []
    before = endpoint.times("graphql")
    text = shown(execute(test))
    assert "Only another connection, or this one at another address, answered with a value" in text
    assert last_link(state) not in text
    assert "There are:" not in text
    assert endpoint.times("graphql") == before
    assert script_of(test) is None
    assert shown(test).count("Only another connection") == 2

    test.session_state["connection_chosen"] = ""
    assert "downloadUrl" in editor_of(run(test))["lastNames"]
    execute(test)
    assert json.loads(endpoint.last("graphql").body)["variables"] == {"src": last_link(state)}
    assert last_link(state) in (script_of(test) or "")


def script_of(test: AppTest) -> str | None:
    """Return the operation as a script of Python, if it is ready to be one."""
    test.session_state["playground-take"] = True
    test.session_state["playground-take-tabs"] = TAKE_ALONG_TABS[-1]
    run(test)
    if SNIPPET_UNREADY in shown(test):
        return None
    return next(code.value for code in test.code if "import requests" in code.value)


@pytest.mark.usefixtures("endpoint")
def test_a_script_says_what_it_holds_of_earlier_answers() -> None:
    test = execute(with_text(SINGLE))
    state = state_of(test)
    state.replace(READS, '{"src": "a"}')
    script_of(test)
    assert "earlier answer" not in shown(test)

    state.replace(READS, LINK_OF_LAST)
    assert last_link(state) in (script_of(test) or "")
    caption = next(one.value for one in test.caption if "signed link" in one.value)
    assert "of a placeholder: whoever has the script can use it. It works until " in caption

    old = re.sub(r"X-Amz-Date=\d+", "X-Amz-Date=20200102", last_link(state))
    run_of_mine = state.run
    assert run_of_mine
    assert run_of_mine.outcome
    data = run_of_mine.outcome.data
    assert data
    data["createTempFileUploadUrl"]["downloadUrl"] = old
    script_of(test)
    assert "It worked until " in shown(test)

    data["createTempFileUploadUrl"]["downloadUrl"] = "plain"
    script_of(test)
    assert "Values of earlier answers are in it" in shown(test)
    assert "whoever has the script" not in shown(test)


@pytest.mark.usefixtures("endpoint")
def test_an_answer_names_the_connection_where_another_is_in_use(other: str) -> None:
    test = execute(with_text(SINGLE))
    first = this_process().connections.first().name
    assert "stands for the latest one" in shown(test)
    test.session_state["connection_chosen"] = other
    text = shown(run(test))
    assert text.count(f"· asked of the connection {first}") == 2  # above the editor and the answer
    assert "stands for the latest one" not in text
    execute(test)
    assert "asked of" not in shown(test)


@pytest.mark.usefixtures("endpoint")
def test_a_connection_at_another_address_is_another_one(
    other: str, tmp_path: Path, service_alone: ServiceAlone
) -> None:
    test = with_text(SINGLE)
    test.session_state["connection_chosen"] = other
    execute(test)
    credentials = PersonalAccessToken("amp_pat_other")
    moved = Connection(other, f"{service_alone.url}/graphql", "", credentials)
    ConnectionStore(tmp_path).put(moved, instead_of=other)
    state_of(test).replace(READS, LINK_OF_LAST)
    assert "asked of Other at an address it had before" in shown(run(test))
    assert "Only another connection, or this one at another address" in shown(execute(test))


def test_what_is_too_long_to_be_kept_is_said() -> None:
    assert "are kept when you leave this page" not in shown(with_text(SINGLE))
    test = with_text(f"{SINGLE}#{'x' * LONGEST_TEXT}")
    assert f"Only the first {LONGEST_TEXT:,} characters" in shown(test)


def test_a_press_that_is_told_twice_runs_once(endpoint: ScriptedEndpoint) -> None:
    state = state_of(with_text("{ viewer { id } }"))
    before = endpoint.times("graphql")
    for _ in range(2):
        state.execute(state.active, press=7)
        assert state.run
        state.run.wait(60)
    assert endpoint.times("graphql") == before + 1
    [entry] = state.store.history("ann")
    assert entry.facts["outcome"] != "running"


def test_what_a_restart_interrupted_is_said_in_its_tab_and_in_the_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = state_of(with_text(SINGLE))
    facts = {"operation": "Mine", "outcome": "running", "tab": first.active}
    entry = SavedOperation(SINGLE, facts=facts)
    first.store.add_history("ann", entry)
    monkeypatch.setattr(this_process().runs, "since", time.time() + 1)
    test = page()
    test.session_state["playground-with-library"] = True
    test.session_state["playground-library-tabs"] = "History"
    run(test)
    assert "The app was restarted while Mine ran" in shown(test)
    assert ":material/power_off: Interrupted" in shown(test)
    state_of(test).execute(state_of(test).active)
    run(test)
    assert "The app was restarted" not in shown(test)


def test_a_viewer_may_look_but_not_run() -> None:
    test = with_text(SINGLE, roles="viewer")
    assert "Your role lets you look but not run" in shown(test)
    assert test.button(key="playground-form-run").disabled
    assert editor_of(test)["readOnly"]


def test_the_token_reaches_nothing_that_is_drawn(endpoint: ScriptedEndpoint) -> None:
    test = execute(with_text(SINGLE))
    drawn = shown(test) + json.dumps(editor_of(test)) + str(test)
    assert "canary" not in drawn


def partial() -> Any:
    content = {"data": {"a": 1, "b": None}, "errors": [{"message": "b *failed*", "path": ["b"]}]}
    return answer(200, json.dumps(content).encode())


def test_a_very_long_message_is_cut_and_says_so(endpoint: ScriptedEndpoint) -> None:
    test = with_text(SINGLE)
    endpoint.on("graphql", graphql_error("x" * 6_000))
    execute(test)
    text = shown(test)
    assert f"{'x' * 1_000}… (6,000 characters; the answer has them all)" in text
    assert "x" * 1_001 not in text


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (graphql_error("no **way**"), ("Failed", "no **way**", "its status is 200 says nothing")),
        (partial(), ("Partly failed", "b *failed*", "at b", "What could be had is in the data")),
        (answer(502, HTML), ("Not a GraphQL answer", "HTTP 502", "a gateway between")),
        (
            answer(429, b"{}", Retry_After="23"),
            ("Too many requests", "Wait 23 s, then run it again."),
        ),
        (
            graphql_error("who are you", "UNAUTHENTICATED", 401),
            ("Not let in", "HTTP 401", "UNAUTHENTICATED"),
        ),
        (
            graphql_error("Complexity limit exceeded", "COMPLEXITY_LIMIT_EXCEEDED", 400),
            ("Too complex", "10,000 points", "COMPLEXITY_LIMIT_EXCEEDED"),
        ),
        (
            graphql_error("no such field", "GRAPHQL_VALIDATION_FAILED", 400),
            ("Not valid", "Nothing was carried out", "no such field"),
        ),
        (answer(200, b'{"data": null}'), ("No data", "neither data nor errors")),
        (answer(204), ("Empty answer", "with status 204 and nothing else")),
        (
            answer(302, HTML, Location="https://example.com/sign-in?token=canary"),
            ("Sent elsewhere", "The answer leads to", "example.com/sign-in?token=***"),
        ),
        (
            answer(200, b"data: {}\n\n", Content_Type="text/event-stream; charset=utf-8"),
            ("A stream", "a stream (text/event-stream)"),
        ),
        (answer(200, b'[{"data": {}}]'), ("Several answers", "a list came back")),
        (answer(200, b'{"data": {"a": NaN}}'), ("Not a GraphQL answer", "NaN or Infinity")),
        (answer(200, b'{"data": "\xeb"}'), ("Not UTF-8", "these bytes are neither")),
        (answer(200, b" " * (ANSWER_LIMIT + 1)), ("Cut off", "more than 16 MiB")),
        (
            graphql_error('Request failed with status code: "403"'),
            ("may not do this", "DAM:ASSET STORE:name", "permission-denied"),
        ),
        (
            graphql_error("none left", "INSUFFICIENT_CREDITS"),
            ("No credits left", "Ask an admin of the account for credits."),
        ),
        (
            graphql_error("not an id", "BAD_USER_INPUT"),
            ("A value is refused", "fits the schema, but one of its values", "BAD_USER_INPUT"),
        ),
        (drop, ("No answer", "did not reply")),
    ],
)
def test_every_kind_of_failure_is_explained(
    endpoint: ScriptedEndpoint, action: Any, expected: tuple[str, ...]
) -> None:
    test = with_text(SINGLE)
    endpoint.on("graphql", action)
    execute(test)
    titles = "\n".join(str(error.proto) for error in test.error)
    for words in expected:
        assert words in shown(test) + titles


def test_halves_of_characters_and_markup_in_an_answer_are_shown_as_text(
    endpoint: ScriptedEndpoint,
) -> None:
    half = r"\ud83d"
    error = f'{{"message": "{half}", "path": ["{half}"], "extensions": {{"code": "a`{half}`"}}}}'
    body = f'{{"data": {{"list{half}": [{{"a{half}": "{half}"}}]}}, "errors": [{error}]}}'
    for content in (body, f'{{"errors": [{error}]}}'):
        endpoint.on("graphql", answer(200, content.encode()))
        test = with_text(SINGLE)
        for tab in ("Answer", "Table", "As it came"):
            test.session_state["playground-answer-tabs"] = tab
            execute(test)
        endpoint.on("graphql", answer(200, content.encode()))
        test.session_state["playground-answer-tabs"] = "Answer"
        assert half in answer_of(execute(test))
        assert "Something went wrong" not in shown(test)


@pytest.mark.parametrize(
    ("codec", "content_type", "note"),
    [
        ("utf-8", "application/json", ""),
        ("utf-16", "application/json", "It came as UTF-16"),
        ("utf-8-sig", "application/json", "It came as UTF-8 with a byte order mark"),
        ("latin-1", "application/json; charset=latin-1", ""),
        ("latin-1", "application/json; charset=ISO-8859-1", "It came as ISO-8859-1"),
    ],
)
def test_an_answer_of_another_encoding_is_read_and_told(
    endpoint: ScriptedEndpoint, codec: str, content_type: str, note: str
) -> None:
    test = with_text(SINGLE)
    body = '{"data":{"name":"Zoë"}}'.encode(codec)
    endpoint.on("graphql", answer(200, body, Content_Type=content_type))
    execute(test)
    assert ("It came as" in shown(test)) == bool(note)
    assert note in shown(test)
    assert ("Zoë" in answer_of(test)) == (note != "" or codec == "utf-8")


def test_what_is_amplience_s_is_not_said_of_another_schema(endpoint: ScriptedEndpoint) -> None:
    endpoint.on(
        "introspection",
        introspection("type Query { files: [File] } type File { downloadUrl: String }"),
    )
    test = with_library(with_text("{ files { downloadUrl } }"))
    keys = [button.key for button in test.button if str(button.key).startswith("sample-")]
    assert keys == ["sample-schema"]
    content = {"data": {"files": [{"downloadUrl": "https://files.example.com/a.png"}]}}
    endpoint.on("graphql", answer(200, json.dumps(content).encode()))
    execute(test)
    assert "Go on with this answer" in shown(test)
    refusals = {
        "COMPLEXITY_LIMIT_EXCEEDED": "Ask for fewer entries at a time",
        "RATE_LIMITED": "takes no more for now",
        "BAD_USER_INPUT": "one of its values does not",
        "FORBIDDEN": "Ask whoever gave them to you",
    }
    drawn = [shown(test)]
    for code, expected in refusals.items():
        endpoint.on("graphql", graphql_error("no", code))
        execute(test)
        drawn.append(shown(test))
        assert expected in drawn[-1]
    labels = [button.label for button in test.button]
    everything = "\n".join([*drawn, *labels])
    for word in (" points", "60 requests", "differ", "ASSET STORE", "background", "asset of it"):
        assert word not in everything
    assert "Schema: read from" in everything


def test_a_mistake_is_named_with_line_and_column_and_not_sent(endpoint: ScriptedEndpoint) -> None:
    test = with_text("query { a }")
    before = endpoint.times("graphql")
    state = state_of(test)
    state.replace("query {\n  a( { b }\n}", "")
    state.execute(state.active)
    run(test)
    assert "Line 2, column 6" in shown(test)
    state.replace("query { a }", '{"b": tru}')
    state.execute(state.active)
    run(test)
    assert "Line 1, column 7" in shown(test)
    assert endpoint.times("graphql") == before


def test_introspection_that_is_refused_leaves_the_bundled_schema(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.introspection = False
    test = run(page())
    assert "the copy that ships with this app, because" in shown(test)
    assert "type Mutation" in state_schema(test)


def state_schema(test: AppTest) -> str:
    return test.session_state["of_connection"]["Amplience"]["playground_schema"].sdl


# Form ----------------------------------------------------------------------------------------


def form_key(test: AppTest, root: str, *path: str) -> str:
    return f"form-{state_of(test).active}-{root}-{'-'.join(path)}"


def test_typing_into_the_form_changes_the_text_and_back() -> None:
    root = "createTempFileMultipartUploadUrl"
    test = with_text(f"mutation {{ {root}(input: {{ filesize: 7 }}) {{ downloadUrl }} }}")
    key = form_key(test, root, "input", "filesize")
    assert test.text_input(key=key).value == "7"
    test.text_input(key=key).set_value("2147483648")
    run(test)
    assert "filesize: 2147483648" in state_of(test).tab.text
    assert editor_of(test)["version"] == 2
    state_of(test).replace(state_of(test).tab.text.replace("2147483648", "9"), "")
    assert run(test).text_input(key=key).value == "9"


def test_a_widget_that_begins_anew_in_the_browser_tells_what_is_in_the_text() -> None:
    """Moved on the page before it took its value over, a widget knows its default only."""
    root = "createAsset"
    test = with_text(
        f'mutation {{ {root}(input: {{ type: VIDEO, name: "box", tags: ["new", "red"] }})'
        " { id } }"
    )
    operation = test.selectbox(key=f"form-{state_of(test).active}-operation").proto
    assert operation.options[operation.default] == f"Mutation {root}"
    outputs = test.multiselect(key=form_key(test, root, "outputs")).proto
    assert [outputs.options[at] for at in outputs.default] == ["id"]
    assert test.text_input(key=form_key(test, root, "input", "name")).proto.default == "box"
    kind = test.selectbox(key=form_key(test, root, "input", "type")).proto
    assert kind.options[kind.default] == "VIDEO"
    status = test.selectbox(key=form_key(test, root, "input", "workflowStatus")).proto
    assert status.options[status.default] == "Left out"
    tags = test.multiselect(key=form_key(test, root, "input", "tags")).proto
    assert [tags.options[at] for at in tags.default] == ["new", "red"]


def test_two_widgets_changed_at_once_are_both_written() -> None:
    root = "createAsset"
    test = with_text(f'mutation {{ {root}(input: {{ type: VIDEO, name: "box" }}) {{ id }} }}')
    test.text_input(key=form_key(test, root, "input", "name")).set_value("lamp")
    test.selectbox(key=form_key(test, root, "input", "type")).set_value("IMAGE")
    test.multiselect(key=form_key(test, root, "outputs")).set_value([("id",), ("name",)])
    text = " ".join(state_of(run(test)).tab.text.split())
    assert f'{root}(input: {{ type: IMAGE, name: "lamp" }}) {{ id name }}' in text


def test_what_is_no_number_is_said_and_changes_nothing() -> None:
    root = "createTempFileMultipartUploadUrl"
    test = with_text(f"mutation {{ {root}(input: {{ filesize: 7 }}) {{ downloadUrl }} }}")
    text = state_of(test).tab.text
    test.text_input(key=form_key(test, root, "input", "filesize")).set_value("many")
    run(test)
    assert state_of(test).tab.text == text
    assert "this is not a number" in shown(test)


KINDS = (
    "type Query "
    "{ thing(n: Int, x: Float!, is: Boolean, sure: Boolean!, at: [Int], s: String): Int }"
)
WITH_KINDS = (
    "query($n: Int, $x: Float!, $is: Boolean, $sure: Boolean!, $at: [Int]) "
    "{ thing(n: $n, x: $x, is: $is, sure: $sure, at: $at) }"
)


def test_what_a_field_shows_of_a_placeholder_can_be_entered(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("introspection", introspection(KINDS))
    last = "{{last.echo}}"
    values = {"n": 1, "x": 0.5, "is": True, "sure": False, "at": [1]}
    with_placeholders = {"n": last, "x": last, "is": last, "sure": last, "at": [last]}
    test = with_text(WITH_KINDS, json.dumps(with_placeholders))
    state = state_of(test)

    def boxes() -> list[Any]:
        paths = (("n",), ("x",), ("at", "0"))
        texts = [test.text_input(key=form_key(test, "thing", *path)) for path in paths]
        return [*texts, *(test.radio(key=form_key(test, "thing", name)) for name in ("is", "sure"))]

    assert [box.value for box in boxes()] == [last] * 5
    assert "among the variables only" not in shown(test)
    assert [[one.replace("\\", "") for one in box.options] for box in boxes()[3:]] == [
        ["Left out", "true", "false", last],
        ["true", "false", last],
    ]
    for box, value in zip(boxes(), ("1", "0.5", "1", True, False), strict=True):
        box.set_value(value)
    run(test)
    assert json.loads(state.tab.variables) == values
    for box in boxes()[:3]:
        box.set_value(f" {last}")
    run(test)
    assert "this is not a number" not in shown(test)
    changed = {**with_placeholders, "is": True, "sure": False}
    assert json.loads(state.tab.variables) == changed


def test_a_placeholder_is_no_number_of_the_operation_and_said_to_be_sent_as_it_stands(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("introspection", introspection(KINDS))
    text = '{ thing(n: 1, x: 2.5, sure: true, s: "{{last.echo}}") }'
    test = with_text(text)
    assert shown(test).count("among the variables only") == 1
    test.text_input(key=form_key(test, "thing", "x")).set_value("{{last.echo}}")
    assert "this is not a number" in shown(run(test))
    assert state_of(test).tab.text == text


def test_what_the_text_cannot_take_at_this_moment_is_said_with_the_value() -> None:
    test = with_text('mutation { createAsset(input: { type: VIDEO, name: "box" }) { id } }')
    broken = "mutation { createAsset(input: { type: VIDEO,"
    state_of(test).typed(state_of(test).active, broken, "")  # typed beside the form just before
    test.text_input(key=form_key(test, "createAsset", "input", "name")).set_value("a *lamp*")
    run(test)
    assert state_of(test).tab.text == broken
    [problem] = [error.value for error in test.error]
    assert problem.startswith("What you filled in for name was not written:")
    assert r"a \*lamp\*" in problem


def test_ids_are_offered_from_the_endpoint() -> None:
    root = "removeBackgroundFromImage"
    test = with_text(f"mutation {{ {root}(input: {{}}) {{ imageUrl }} }}")
    box = test.selectbox(key=form_key(test, root, "input", "organizationId"))
    [option] = box.options
    assert option.startswith("Demo organization · ")
    organization = option.removeprefix("Demo organization · ")
    box.set_value(organization)
    run(test)
    assert f'organizationId: "{organization}"' in state_of(test).tab.text


def test_choosing_another_mutation_keeps_the_text_in_its_tab() -> None:
    test = with_text(SINGLE)
    old = state_of(test).active
    test.selectbox(key=f"form-{old}-operation").set_value(("query", "viewer"))
    run(test)
    assert state_of(test).tabs[old].text == SINGLE
    assert "viewer" in state_of(test).tab.text


# Tabs, saved, history ------------------------------------------------------------------------


def test_a_link_opens_its_operation_in_a_tab_once() -> None:
    value = write_link(SavedOperation("{ viewer { name } }", '{"a": 1}'))
    assert value
    test = page()
    test.query_params["op"] = value
    run(test)
    assert (state_of(test).tab.text, state_of(test).tab.variables) == (
        "{ viewer { name } }",
        '{"a": 1}',
    )
    assert "op" not in test.query_params
    assert len(state_of(test).tabs) == 2
    assert len(state_of(run(test)).tabs) == 2


def test_a_link_that_cannot_be_read_is_said() -> None:
    test = page()
    test.query_params["op"] = "???"
    run(test)
    assert "could not be read" in shown(test)


def test_what_is_open_comes_back_with_the_next_visit() -> None:
    state_of(with_text("{ viewer { id } }")).open("{ other }")
    test = run(page())
    assert [tab.text for tab in state_of(test).tabs.values()] == ["{ viewer { id } }", "{ other }"]
    assert state_of(test).tab.text == "{ other }"


def close_tab(test: AppTest) -> None:
    """Close the tab on show: `AppTest` has no hands for the strip of tabs."""
    state = state_of(test)
    carry_out(state, Wish("close", state.active))
    run(test)


def test_the_tabs_are_those_of_the_visit() -> None:
    test = run(page())
    elements: list[Any] = list(test.get("bidi_component"))
    data = [json.loads(element.proto.json) for element in elements]
    [strip] = [one for one in data if "canReopen" in one]
    state = state_of(test)
    [tab] = strip["tabs"]
    assert tab == {
        "id": state.active,
        "title": "CreateTempFileUploadUrl",
        "runs": False,
        "ended": 0,
        "outcome": "",
    }
    assert (strip["active"], strip["canReopen"]) == (state.active, False)


def test_closing_the_last_tab_leaves_an_empty_one() -> None:
    test = run(page())
    close_tab(test)
    assert len(state_of(test).tabs) == 1
    assert "createTemp" not in state_of(test).tab.text


def with_library(test: AppTest) -> AppTest:
    test.toggle(key="playground-with-library").set_value(True)
    return run(test)


def test_a_sample_opens_in_a_tab_of_its_own() -> None:
    test = with_library(run(page()))
    test.button(key="sample-organizations").click()
    run(test)
    assert "query Organizations" in state_of(test).tab.text
    assert len(state_of(test).tabs) == 2
    assert "Not in the schema in use." not in shown(test)


def test_a_sample_runs_at_the_first_press_with_what_the_app_knows() -> None:
    test = with_library(run(page()))
    test.button(key="sample-create-folder").click()
    run(test)
    assert "put-a-repository-id-here" not in state_of(test).tab.variables
    assert not state_of(test).notice
    state_of(test).execute(state_of(test).active)
    ran = state_of(test).run
    assert ran
    ran.wait(60)
    assert ran.outcome
    assert ran.outcome.outcome == "ok"


def test_a_sample_stays_as_it_is_where_nothing_can_be_found_out(endpoint: ScriptedEndpoint) -> None:
    test = with_library(run(page()))
    endpoint.on("graphql", *[graphql_error("no", "UNAUTHORIZED")] * 9)
    test.button(key="sample-create-asset").click()
    run(test)
    variables = state_of(test).tab.variables
    assert "put-a-repository-id-here" in variables
    assert "put-a-downloadUrl-here" in variables
    notice = state_of(test).notice
    assert plain("put-a-downloadUrl-here, put-a-repository-id-here") in notice
    assert notice.endswith(SAMPLE_WANTS_LINK)


def test_a_sample_that_the_endpoint_does_not_know_is_marked(endpoint: ScriptedEndpoint) -> None:
    older = (
        "type Query { viewer: User } type User { id: ID! } "
        "type Mutation { createTempFileUploadUrl: Int }"
    )
    endpoint.on("introspection", introspection(older))
    text = shown(with_library(run(page())))
    assert text.count("Not in the schema in use.") == len(samples()) - 1  # the schema's own sample


def test_samples_are_found_by_words() -> None:
    test = with_library(run(page()))
    test.text_input(key="playground-search-samples").set_value("credit balance")
    run(test)
    keys = [button.key for button in test.button if str(button.key).startswith("sample-")]
    assert "sample-organizations" in keys
    assert "sample-create-folder" not in keys


def answer_of(test: AppTest) -> str:
    elements: list[Any] = list(test.get("bidi_component"))
    data = [json.loads(element.proto.json) for element in elements]
    return next(one["text"] for one in data if one.get("view") == "answer")


@pytest.mark.parametrize("levels", [300, 3_000, 20_000])
def test_an_answer_nested_too_deeply_is_said_to_be_and_shown_as_it_came(
    endpoint: ScriptedEndpoint, levels: int
) -> None:
    body = f'{{"data":{{"x":{"[" * levels}{"]" * levels}}}}}'
    endpoint.on("graphql", answer(200, body.encode()))
    test = execute(with_text("{ viewer { id } }"))
    assert "more than 200 levels" in shown(test)
    assert answer_of(test) == body


def test_an_answer_keeps_its_digits_and_equal_names(endpoint: ScriptedEndpoint) -> None:
    body = b'{"data":{"x":1.10,"big":1E400,"a":1,"a":2,"half":"\\ud800"}}'
    endpoint.on("graphql", answer(200, body))
    shown_text = answer_of(execute(with_text("{ viewer { id } }")))
    assert "".join(shown_text.split()) == body.decode()


LATER = """
directive @oneOf on INPUT_OBJECT
type Query { thing(by: Key!, old: Int @deprecated(reason: "Use *new*.")): Int, who: Int }
input Key @oneOf { id: ID, name: String, at: Place @deprecated(reason: "Maps are gone.") }
input Place { x: Float!, y: Float }
"""


@pytest.fixture
def later(endpoint: ScriptedEndpoint) -> ScriptedEndpoint:
    schema = build_schema(LATER.replace("directive @oneOf on INPUT_OBJECT", ""))
    content = {"data": introspection_from_schema(schema, input_value_deprecation=True, one_of=True)}
    endpoint.on("introspection", answer(200, json.dumps(content).encode()))
    return endpoint


@pytest.mark.usefixtures("later")
def test_deprecated_arguments_and_input_fields_are_struck_through_with_their_reason() -> None:
    test = with_text("{ thing(by: {at: {x: 1.10}}, old: 1) }")
    assert "Deprecated: Use *new*." in shown(test)
    assert "Deprecated: Maps are gone." in shown(test)
    assert "old (Int, deprecated)" in [one.label for one in test.text_input]
    assert "at (Place, required, deprecated)" in shown(test)


@pytest.mark.usefixtures("later")
def test_of_a_one_of_exactly_one_member_is_filled_in() -> None:
    test = with_text('{ thing(by: {id: "1", name: "a"}) }')
    assert "Only one of these may be given: id, name." in shown(test)
    choice = next(one for one in test.selectbox if one.label == "Exactly one of")
    assert choice.value is None
    choice.set_value("name")
    run(test)
    assert state_of(test).tab.text == '{ thing(by: {name: "a"}) }'
    assert "Only one of these" not in shown(test)
    next(one for one in test.selectbox if one.label == "Exactly one of").set_value("at")
    run(test)
    assert state_of(test).tab.text == "{ thing(by: {at: { x: 0 }}) }"
    assert "name (String, required)" not in [one.label for one in test.text_input]


@pytest.fixture
def tables(endpoint: ScriptedEndpoint) -> ScriptedEndpoint:
    content = {"data": introspection_from_schema(build_schema(tables_schema()))}
    endpoint.on("introspection", answer(200, json.dumps(content).encode()))
    return endpoint


@pytest.mark.usefixtures("tables")
def test_a_first_visit_elsewhere_has_an_empty_tab() -> None:
    assert editor_of(run(page()))["text"] == NEW_TEXT


def form_boxes(test: AppTest) -> list[str]:
    return [one.label.split(" ")[0] for one in test.text_input if one.key]


@pytest.mark.usefixtures("tables")
def test_filters_that_hold_each_other_open_one_level_at_a_time() -> None:
    test = with_text('{ Employee(where: {Name: {_eq: "a"}}, limit: 2) { Name } }')
    compared = ["_eq", "_gt", "_gte", "_lt", "_lte", "_neq"]
    assert form_boxes(test) == [*compared, "limit", "offset"]
    within = form_key(test, "Employee", "where", "to_Customer")
    test.session_state[within] = True
    run(test)
    assert form_boxes(test) == [*compared, "limit", "offset"]
    test.session_state[f"{within}-Id"] = True
    run(test)
    assert form_boxes(test) == [*compared, *compared, "limit", "offset"]
    test.text_input(key=f"{within}-Id-_gt").set_value("7")
    run(test)
    text = state_of(test).tab.text
    assert text == (
        '{ Employee(where: {Name: {_eq: "a"}, to_Customer: { Id: { _gt: 7 } }}, limit: 2) '
        "{ Name } }"
    )
    state_of(test).replace("{ Employee { Name } }", "")
    assert "_eq" in form_boxes(run(test))  # what was opened stays open
    state_of(test).replace("{ Genre { Name } }", "")
    assert form_boxes(run(test)) == ["limit", "offset"]


@pytest.mark.usefixtures("later")
def test_null_is_shown_and_is_not_the_same_as_left_out() -> None:
    test = with_text("# one\n{ thing(by: {at: {x: 1.10}}, old: null) } # two")
    assert "Written as null" in shown(test)
    key = form_key(test, "thing", "by", "at", "x")
    assert test.text_input(key=key).value == "1.10"
    test.text_input(key=key).set_value("1E5")
    run(test)
    assert state_of(test).tab.text == "# one\n{ thing(by: {at: {x: 1E5}}, old: null) } # two"
    test.text_input(key=form_key(test, "thing", "old")).set_value("3")
    run(test)
    assert "old: 3)" in state_of(test).tab.text
    assert "Written as null" not in shown(test)


# One person in two windows -------------------------------------------------------------------


def two_windows() -> tuple[AppTest, AppTest]:
    first, second = run(page()), page()
    second.session_state["playground-with-form"] = True
    run(second)
    assert state_of(first).active == state_of(second).active
    return first, second


def typed(test: AppTest, text: str) -> AppTest:
    state = state_of(test)
    state.typed(state.active, text, "")
    return run(test)


def texts_after_a_reload() -> set[str]:
    return {tab.text for tab in state_of(run(page())).tabs.values()}


def test_what_a_second_window_writes_over_a_change_goes_on_as_a_tab_of_its_own() -> None:
    first, second = two_windows()
    shared = state_of(first).active
    typed(first, "{ first }")
    typed(second, "{ second }")
    mine = state_of(second).active
    assert mine != shared
    assert editor_of(second)["document"] == mine
    assert editor_of(second)["follows"] == f"{shared}/0"
    assert "Another window of yours changed this operation" in shown(second)
    assert state_of(second).tabs[shared].text == "{ first }"
    typed(second, "{ secondly }")
    typed(first, "{ firstly }")
    assert "Another window" not in shown(first)
    assert texts_after_a_reload() == {"{ firstly }", "{ secondly }"}


def test_a_form_in_a_second_window_writes_into_a_tab_of_its_own_too() -> None:
    first, second = two_windows()
    shared = state_of(first).active
    typed(first, "{ first }")
    state_of(second).replace("{ form }", "")
    run(second)
    assert editor_of(second)["follows"] == f"{shared}/0"
    assert (editor_of(second)["version"], editor_of(second)["text"]) == (1, "{ form }")
    assert texts_after_a_reload() == {"{ first }", "{ form }"}


def test_a_tab_is_shown_as_the_other_window_left_it() -> None:
    first, second = two_windows()
    shared = state_of(first).active
    state_of(second).open("{ mine }")
    run(second)
    typed(first, "{ first }")
    state_of(second).show(shared)
    run(second)
    assert (editor_of(second)["text"], editor_of(second)["version"]) == ("{ first }", 1)
    assert editor_of(second)["follows"] == ""
    assert "Another window" not in shown(second)
    assert texts_after_a_reload() == {"{ first }", "{ mine }"}


def test_closing_a_tab_leaves_what_another_window_wrote_into_it() -> None:
    first, second = two_windows()
    typed(first, "{ first }")
    close_tab(second)
    assert "so it stays open there" in shown(second)
    assert "{ first }" in texts_after_a_reload()


def test_what_a_window_writes_into_a_tab_that_another_closed_is_kept() -> None:
    first, second = two_windows()
    close_tab(first)
    typed(second, "{ second }")
    assert "{ second }" in texts_after_a_reload()


def test_what_comes_late_from_the_tab_that_was_left_is_kept_in_the_new_one() -> None:
    first, second = two_windows()
    state, shared = state_of(second), state_of(second).active
    typed(first, "{ first }")
    typed(second, "{ second }")
    assert state.moved[shared, 0] == state.active
    assert state.versions[state.active] == 0
    assert state.versions[shared] == 1


@pytest.mark.parametrize(
    ("text", "variables", "expected"),
    [
        (
            "{\u00a0viewer { id } }",
            "",
            "Only a string may hold this character: U+00A0 (no-break space)",
        ),
        (
            "{ viewer { id } }",
            "{“a”: 1}",
            "Only a string may hold this character: U+201C (left double quotation mark)",
        ),
    ],
)
def test_where_there_is_no_form_an_unseen_character_is_named(
    text: str, variables: str, expected: str
) -> None:
    test = with_text(text, variables)
    assert "cannot be shown as a form" in shown(test)
    assert expected in shown(test)
