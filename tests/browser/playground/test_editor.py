"""The GraphQL editor alone on a page, under the page's own Content-Security-Policy."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from tests.app_server import ROOT, AppServer, free_port
from tests.browser.playground.playground_steps import operations, variables, write
from tests.large_schema import large_schema

Check = Callable[[Page], None]

MULTIPART = "createTempFileMultipartUploadUrl"
TWO = "query One { viewer { id } }\n\nmutation Two { createTempFileUploadUrl { uploadUrl } }"
LATER = '''
type Query {
  """
  Looks `one_thing_up`, **always**: see [the docs](https://example.com/docs) or <b>not</b>.

  - a first point
  - a se\u202econd
  """
  thing(by: Key, filter: Filter, old: Int @deprecated(reason: "Use new.")): Int
}
input Key @oneOf { id: ID, name: String }
input Filter { word: String, phrase: String @deprecated(reason: "Use word.") }
'''
PAUSES = (0, 100, 300, 450, 500, 550, 700)  # milliseconds around those after which typing is told


@pytest.fixture(scope="module")
def editor_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    folder = tmp_path_factory.mktemp("editor")
    schemas = folder / "schemas"
    schemas.mkdir()
    ours = (ROOT / "contract" / "schema.graphql").read_text(encoding="utf-8")
    (schemas / "service.graphql").write_text(ours, encoding="utf-8")
    (schemas / "large.graphql").write_text(large_schema(), encoding="utf-8")
    (schemas / "later.graphql").write_text(LATER, encoding="utf-8")
    (schemas / "broken.graphql").write_text("type Query {", encoding="utf-8")
    server = AppServer(
        folder / "data",
        free_port(),
        environment={"EDITOR_TEST_SCHEMAS": str(schemas)},
        command=("-m", "tests.browser.playground.editor_server"),
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": ViewportSize(width=1280, height=1600)}


@pytest.fixture
def page(context: BrowserContext, editor_server: AppServer) -> Page:
    return opened(context, editor_server)


def opened(context: BrowserContext, server: AppServer, query: str = "") -> Page:
    """Open the editor and wait until it has read its schema, or knows that there is none."""
    page = context.new_page()
    page.goto(server.url + query)
    expect(page.locator(".playground[data-schema]").first).not_to_have_attribute(
        "data-schema", "awaited"
    )
    return page


def take_first(page: Page) -> None:
    """Take the option on top, once the list has been there long enough to be meant."""
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")


def lines(pane: Locator) -> str:
    return "\n".join(pane.locator(".cm-line").all_text_contents())


def told(page: Page) -> dict[str, Any]:
    """Return what Python was told last."""
    return json.loads(page.locator("pre", has_text='"run_id"').first.text_content() or "")


def expect_told(page: Page, name: str, value: str) -> None:
    shown = page.locator("pre", has_text=json.dumps({name: value})[1:-1]).first
    expect(shown).to_be_visible()


def expect_run(page: Page, count: int) -> dict[str, Any]:
    """Wait for that many runs; return the last one."""
    answer = page.get_by_role("region", name="Answer").locator(".cm-content")
    expect(answer).to_contain_text(f'"number": {count},')
    return json.loads(lines(answer))


def test_it_highlights_and_runs_what_is_under_the_caret(page: Page) -> None:
    write(operations(page), TWO)
    expect(operations(page).locator(".tok-keyword").first).to_have_text("query")
    expect(page.get_by_role("button", name="Run Two")).to_be_visible()
    operations(page).press("Control+Enter")
    assert expect_run(page, 1)["operation_name"] == "Two"
    operations(page).press("Control+Home")
    operations(page).press("Control+Enter")
    assert expect_run(page, 2)["operation_name"] == "One"
    page.get_by_role("button", name="Run One").click()
    run = expect_run(page, 3)
    assert (run["text"], run["operation_name"], run["document"]) == (TWO, "One", "a")


def test_it_completes_by_the_schema(page: Page) -> None:
    write(operations(page), "")
    operations(page).press_sequentially("mutation {\ncreateTempFileM")
    option = page.get_by_role("option").first
    expect(option).to_contain_text(f"{MULTIPART}CreateTempFileMultipartUploadUrlPayload!")
    expect(page.locator(".cm-completionInfo")).to_contain_text("up to 2 GB")
    take_first(page)
    operations(page).press_sequentially("(in")
    expect(page.get_by_role("option").first).to_contain_text("input")
    take_first(page)
    operations(page).press_sequentially("files")
    expect(page.get_by_role("option").first).to_contain_text("Float")
    take_first(page)
    assert f"{MULTIPART}(input: {{ filesize:  }})" in lines(operations(page)).replace(
        "fileSize", "filesize"
    )


def test_it_marks_what_is_wrong_and_says_where(page: Page) -> None:
    write(operations(page), "query {\n  viewer {\n    nme\n  }\n}")
    problem = page.get_by_role("button", name="Line 3, column 5: Cannot query field")
    expect(problem).to_be_visible()
    expect(operations(page).locator(".cm-lintRange-error")).to_have_text("nme")
    expect(page.get_by_role("button", name='Did you mean "name"')).to_be_visible()
    problem.click()
    expect(operations(page)).to_be_focused()
    page.keyboard.press("Delete")
    page.keyboard.type("na")
    assert lines(operations(page)) == "query {\n  viewer {\n    name\n  }\n}"
    expect(problem).to_be_hidden()
    write(operations(page), "mutation { createTempFileUploadUrl { } }")
    expect(page.get_by_role("button", name="Name the fields to return")).to_be_visible()


def test_a_field_without_its_selection_is_mended_by_a_click(page: Page) -> None:
    write(operations(page), "query {\n  viewer\n}")
    operations(page).locator(".cm-lintRange-error").hover()
    page.get_by_role("button", name="Add its fields").click()
    expect(page.locator(".problems")).to_have_count(2)
    expect(page.locator(".problems").first).to_be_hidden()
    assert lines(operations(page)) == "query {\n  viewer {\n    id\n    name\n    picture\n  }\n}"


def test_it_documents_what_the_pointer_is_at(page: Page) -> None:
    operations(page).get_by_text("viewer", exact=True).hover()
    expect(page.locator(".documentation code")).to_have_text("Query.viewer: User!")
    expect(page.locator(".documentation p")).to_have_text("Whoever the access token belongs to.")
    page.get_by_role("button", name="Show in the schema").click()
    expect(page.locator(".explorer [data-member=viewer]")).to_be_focused()


def test_variables_are_completed_and_checked_by_the_operation(page: Page) -> None:
    write(
        operations(page),
        f"mutation A($input: CreateTempFileMultipartUploadUrlInput!) "
        f"{{ {MULTIPART}(input: $input) {{ downloadUrl }} }}",
    )
    missing = page.get_by_role("button", name='Line 1, column 1: Variable "$input"')
    expect(missing).to_be_visible()
    variables(page).click()
    variables(page).press_sequentially('{"')
    expect(page.get_by_role("option").first).to_contain_text('"input"')
    take_first(page)
    variables(page).press_sequentially('"files')
    option = page.get_by_role("option", name='"filesize"Float', exact=True)
    expect(option).to_contain_text("Float")
    variables(page).press_sequentially("ize")
    take_first(page)
    variables(page).press_sequentially("true")
    expect(missing).to_be_hidden()
    expect(
        page.get_by_role("button", name="$input.filesize: Float cannot represent")
    ).to_be_visible()
    write(variables(page), '{\n  "input": {"filesize": 1,}\n}')
    place = page.get_by_role("button", name="Line 2, column 26: No comma may stand before }")
    expect(place).to_be_visible()
    write(variables(page), '{"input": {"filesize": 1}}')
    expect(place).to_be_hidden()
    page.get_by_role("button", name="Run A").click()
    assert json.loads(expect_run(page, 1)["variables"]) == {"input": {"filesize": 1}}


def test_prettify_lays_out_both_panes_and_keeps_comments(page: Page) -> None:
    write(operations(page), "query A { # why\n# above\nviewer{id} }")
    write(variables(page), '{"a":[1]}')
    page.get_by_role("button", name="Prettify").click()
    expect(page.get_by_role("status").get_by_text("Laid out anew.")).to_be_attached()
    assert lines(operations(page)) == "query A { # why\n  # above\n  viewer {\n    id\n  }\n}\n"
    assert json.loads(lines(variables(page))) == {"a": [1]}
    operations(page).press("Control+z")
    assert lines(operations(page)) == "query A { # why\n# above\nviewer{id} }"
    write(operations(page), "query {")
    operations(page).press("Shift+Alt+f")
    expect(page.get_by_text("Not laid out: line 1, column 8")).to_be_visible()


def test_prettify_moves_variables_and_changes_none(page: Page) -> None:
    parts = ['"id": 485091432142801408', '"price": 1.10', '"e": 1E400', '"10": 1', '"9": "\\u00e9"']
    write(variables(page), f'{{{",".join(parts)},"9":2}}')
    variables(page).press("Shift+Alt+f")
    expect(page.get_by_role("status").get_by_text("Laid out anew.")).to_be_attached()
    assert lines(variables(page)).split("\n") == [
        "{",
        *(f"  {part}," for part in parts),
        '  "9": 2',
        "}",
    ]


def test_unseen_characters_are_made_plain_or_named(page: Page) -> None:
    write(operations(page), '\ufeff{\u00a0a(b:\u3000"\u00a0") {\u200b id } }')
    assert lines(operations(page)) == '{ a(b: "•") { id } }'
    expect(operations(page).get_by_role("img", name="U+00A0 (no-break space)")).to_be_visible()
    write(variables(page), "{“a”:\u00a01}")
    assert lines(variables(page)) == '{"a": 1}'
    operations(page).press("Control+Enter")
    run = expect_run(page, 1)
    assert (run["text"], run["variables"]) == ('{ a(b: "\u00a0") { id } }', '{"a": 1}')
    page.get_by_role("button", name="Odd spaces by Python").click()
    problem = page.get_by_role("button", name="U+00A0 (no-break space)")
    expect(problem).to_have_text(re.compile("^Line 1, column 12: Only a string may hold"))
    operations(page).press("Shift+Alt+f")
    expect(page.get_by_role("status").get_by_text("Laid out anew.")).to_be_attached()
    expect(problem).not_to_be_visible()
    assert lines(operations(page)) == "query Odd {\n  viewer {\n    name\n  }\n}\n"
    expect_told(page, "text", "query Odd {\n  viewer {\n    name\n  }\n}\n")
    page.get_by_role("button", name="Odd spaces by Python").click()
    expect(problem).to_be_visible()
    operations(page).press("Control+Enter")
    assert expect_run(page, 2)["text"] == "query Odd { viewer { name } }\n"


def test_deprecated_inputs_are_struck_through_with_their_reason(
    context: BrowserContext, editor_server: AppServer
) -> None:
    page = opened(context, editor_server, "/?schema=later.graphql")
    write(operations(page), 'query A($f: Filter) { thing(old: 1, filter: {phrase: "a"}) }')
    expect(operations(page).locator(".struck")).to_have_text(["old", "phrase"])
    expect(page.get_by_role("button", name="Use new.")).to_be_visible()
    write(variables(page), '{"f": {"phrase": "a"}}')
    expect(variables(page).locator(".struck")).to_have_text(['"phrase"'])
    expect(page.get_by_role("button", name="$f.phrase is deprecated. Use word.")).to_be_visible()
    page.get_by_role("button", name="Schema", exact=True).click()
    explorer = page.get_by_role("region", name="Schema")
    expect(explorer.locator(".tok-argument.struck")).to_have_text("old")
    expect(explorer.get_by_text("Deprecated: Use new.")).to_be_visible()
    line = "getComputedStyle(node).textDecorationLine"
    assert explorer.locator(".struck").evaluate(f"node => {line}") == "line-through"
    write(operations(page), "query A { thing(")
    operations(page).press("Control+End")
    operations(page).press("Control+Space")
    struck = page.get_by_role("option", name="old").locator(".cm-completionLabel")
    assert struck.evaluate(f"node => {line}") == "line-through"


def test_of_a_one_of_one_member_is_asked_for(
    context: BrowserContext, editor_server: AppServer
) -> None:
    page = opened(context, editor_server, "/?schema=later.graphql")
    write(operations(page), "query A($by: Key!) { thing(by: $by) }")
    write(variables(page), '{"by": {"id": "1", "name": "a"}}')
    expect(page.get_by_role("button", name="takes exactly one of its members")).to_be_visible()
    page.get_by_role("button", name="Schema", exact=True).click()
    explorer = page.get_by_role("region", name="Schema")
    explorer.get_by_role("button", name="Key", exact=True).first.click()
    expect(explorer.get_by_role("heading", name="exactly one of its fields")).to_be_visible()


def test_text_that_goes_on_as_another_document_keeps_caret_undo_and_what_is_typed(
    page: Page,
) -> None:
    operations(page).press("Control+End")
    operations(page).press_sequentially("# one")
    expect_told(page, "text", lines(operations(page)))
    page.get_by_role("button", name="Go on as another").click()
    operations(page).focus()
    operations(page).press_sequentially(" two")
    expect_told(page, "document", "c")
    expect_told(page, "text", lines(operations(page)))
    assert lines(operations(page)).endswith("# one two")
    operations(page).press("Control+z")
    operations(page).press("Control+z")
    expect(operations(page)).not_to_contain_text("# one")


def test_it_folds_and_finds(page: Page) -> None:
    operations(page).press("Control+Home")
    operations(page).press("Control+Shift+BracketLeft")
    expect(operations(page).locator(".cm-foldPlaceholder")).to_be_visible()
    operations(page).press("Control+Shift+BracketRight")
    expect(operations(page).locator(".cm-foldPlaceholder")).to_be_hidden()
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_placeholder("Find", exact=True).press_sequentially("viewer")
    expect(operations(page).locator(".cm-searchMatch")).to_have_count(2)


@pytest.mark.parametrize("pause", PAUSES)
def test_typing_and_running_at_once_never_loses_anything(page: Page, pause: int) -> None:
    for count in range(1, 4):
        operations(page).press("Control+End")
        operations(page).press_sequentially(f"# {count}")
        page.wait_for_timeout(pause)
        operations(page).press("Control+Enter")
        run = expect_run(page, count)
        assert run["text"] == lines(operations(page))
        assert run["text"].endswith(f"# {count}")
    expect_told(page, "text", lines(operations(page)))


def test_typing_is_told_after_a_pause_and_on_leaving(page: Page) -> None:
    operations(page).press("Control+End")
    operations(page).press_sequentially("# one")
    expect_told(page, "text", lines(operations(page)))
    operations(page).press_sequentially("# two")
    page.get_by_role("checkbox", name="Another page").check(force=True)
    expect(operations(page)).to_be_hidden()
    page.get_by_role("checkbox", name="Another page").uncheck(force=True)
    expect(operations(page)).to_contain_text("# one# two")
    expect_told(page, "text", lines(operations(page)))
    operations(page).press("Control+z")
    expect(operations(page)).not_to_contain_text("# two")


def test_focus_caret_and_undo_survive_reruns(page: Page) -> None:
    operations(page).press("Control+Home")
    operations(page).press_sequentially("# abc")
    for number in (1, 2):
        operations(page).press("Control+Enter")
        expect_run(page, number)
    expect(operations(page)).to_be_focused()
    page.keyboard.type("d")
    assert lines(operations(page)).startswith("# abcdquery")
    operations(page).press("Control+z")
    assert not lines(operations(page)).startswith("# abcd")


def test_python_replaces_the_text_only_when_it_says_so(page: Page) -> None:
    operations(page).press("Control+End")
    operations(page).press_sequentially("# mine")
    page.get_by_role("button", name="Rerun").click()
    expect_told(page, "text", lines(operations(page)))
    page.get_by_role("button", name="Replace by Python").click()
    expect(operations(page)).to_contain_text("query Replaced")
    assert lines(variables(page)) == '{"a": 1}'
    operations(page).press("Control+z")
    expect(operations(page)).to_contain_text("# mine")


def test_each_document_has_its_own_text_and_undo(page: Page) -> None:
    operations(page).press("Control+End")
    operations(page).press_sequentially("# a")
    page.get_by_role("button", name="Other document").click()
    expect_told(page, "document", "b")
    expect(operations(page)).not_to_contain_text("# a")
    operations(page).press("Control+z")
    operations(page).press_sequentially("{ b }")
    page.get_by_role("button", name="Other document").click()
    expect(operations(page)).to_contain_text("# a")
    operations(page).press("Control+z")
    expect(operations(page)).not_to_contain_text("# a")
    page.get_by_role("button", name="Other document").click()
    expect(operations(page)).to_contain_text("{ b }")


def test_the_keyboard_gets_out_and_keys_are_no_shortcuts_of_the_page(page: Page) -> None:
    write(operations(page), "")
    operations(page).press_sequentially("# record rc")
    assert lines(operations(page)) == "# record rc"
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Tab")
    expect(operations(page)).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(operations(page)).to_be_focused()
    variables(page).focus()
    page.keyboard.press("Tab")
    expect(variables(page)).not_to_be_focused()
    assert lines(operations(page)) == "# record rc"


def test_the_schema_is_searched_read_and_used(page: Page) -> None:
    page.get_by_role("button", name="Schema", exact=True).click()
    explorer = page.get_by_role("region", name="Schema")
    explorer.get_by_role("searchbox").fill("filesize")
    expect(explorer.get_by_role("status")).to_have_text("2 found")
    explorer.get_by_role(
        "button", name="CreateTempFileMultipartUploadUrlInput.filesize", exact=True
    ).click()
    expect(explorer.locator("[data-member=filesize]")).to_be_focused()
    expect(explorer.get_by_role("heading", name="input")).to_be_visible()
    explorer.get_by_role("button", name=f"Mutation.{MULTIPART}").click()
    expect(explorer.locator(f"[data-member={MULTIPART}]")).to_be_focused()
    write(operations(page), "")
    explorer.get_by_role("button", name=f"Insert {MULTIPART} at the caret").click()
    expect(operations(page)).to_be_focused()
    assert "mutation CreateTempFileMultipartUploadUrl($input:" in lines(operations(page))
    expect(page.get_by_role("button", name='Variable "$input" of type')).to_be_visible()
    explorer.get_by_role("button", name="Back", exact=True).click()
    expect(
        explorer.get_by_role("heading", name="CreateTempFileMultipartUploadUrlInput")
    ).to_be_visible()


def test_the_caret_leads_to_its_page_in_the_schema(page: Page) -> None:
    operations(page).get_by_text("id", exact=True).click()
    operations(page).press("F1")
    explorer = page.get_by_role("region", name="Schema")
    expect(explorer.get_by_role("heading", name="User object type")).to_be_visible()
    expect(explorer.locator("[data-member=id]")).to_be_focused()
    expect(explorer.get_by_role("heading", name="Used by")).to_be_visible()
    expect(explorer.get_by_role("button", name="Query.viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(explorer).to_be_hidden()
    expect(operations(page)).to_be_focused()


def test_the_sdl_can_be_saved(page: Page, tmp_path: Path) -> None:
    page.get_by_role("button", name="Schema", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download SDL").click()
    assert download.value.suggested_filename == "schema.graphql"
    text = download.value.path().read_text(encoding="utf-8")
    assert "createTempFileMultipartUploadUrl(input:" in text


def test_the_schema_is_fetched_once(context: BrowserContext, editor_server: AppServer) -> None:
    fetched: list[str] = []
    context.on("request", lambda request: fetched.append(urlsplit(request.url).path))
    page = opened(context, editor_server)
    for name in ("Rerun", "Other document", "Replace by Python"):
        page.get_by_role("button", name=name).click()
    page.get_by_role("checkbox", name="Another page").check(force=True)
    expect(operations(page)).to_be_hidden()
    page.get_by_role("checkbox", name="Another page").uncheck(force=True)
    expect(operations(page)).to_be_visible()
    assert len([path for path in fetched if path.startswith("/media/")]) == 1


def test_a_schema_of_400_types_is_completed_checked_and_explored(
    context: BrowserContext, editor_server: AppServer
) -> None:
    page = opened(context, editor_server, "/?schema=large.graphql")
    page.get_by_role("button", name="Schema", exact=True).click()
    explorer = page.get_by_role("region", name="Schema")
    expect(explorer.get_by_role("heading", name="Subscription")).to_be_visible()
    write(operations(page), "")
    operations(page).press_sequentially("query { object120(id: 1) { na")
    expect(page.get_by_role("option").first).to_contain_text("nameString!")
    take_first(page)
    operations(page).press_sequentially(" old")
    expect(page.get_by_role("button", name="The field Object120.old is deprecated")).to_be_visible()
    explorer.get_by_role("searchbox").fill("thing")
    explorer.get_by_role("button", name="Thing", exact=True).click()
    expect(explorer.get_by_role("heading", name="Thing interface")).to_be_visible()
    expect(explorer.get_by_role("button", name="Subscription.changed")).to_be_visible()
    explorer.get_by_role("searchbox").fill("object3.old")
    explorer.get_by_role("button", name="Object3.old", exact=True).click()
    expect(explorer.locator("[data-member=old]")).to_contain_text("Deprecated: Use `name`.")


@pytest.mark.parametrize(
    ("schema", "words"),
    [("none", "There is no schema to show"), ("broken.graphql", "could not be read")],
)
def test_without_a_schema_it_still_edits_and_runs(
    context: BrowserContext, editor_server: AppServer, schema: str, words: str
) -> None:
    page = opened(context, editor_server, f"/?schema={schema}")
    page.get_by_role("button", name="Schema", exact=True).click()
    expect(page.get_by_text(words)).to_be_visible()
    write(operations(page), "query A { anything }")
    operations(page).press("Control+Enter")
    assert expect_run(page, 1)["operation_name"] == "A"
    write(operations(page), "query A { ")
    expect(page.get_by_role("button", name="Syntax Error")).to_be_visible()


def test_who_may_only_look_cannot_run(context: BrowserContext, editor_server: AppServer) -> None:
    page = opened(context, editor_server, "/?read_only=1")
    expect(page.get_by_role("button", name="Run Viewer")).to_be_disabled()
    operations(page).press("Control+Enter")
    operations(page).press_sequentially("x")
    page.get_by_role("button", name="Rerun").click()
    expect(page.get_by_text("Runs: 0", exact=True)).to_be_visible()
    assert lines(operations(page)).startswith("query Viewer")


def test_an_answer_folds_finds_and_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    operations(page).press("Control+Enter")
    expect_run(page, 1)
    region = page.get_by_role("region", name="Answer")
    region.get_by_role("button", name="Copy").click()
    expect(region.get_by_role("button", name="Copied")).to_be_visible()
    assert json.loads(page.evaluate("navigator.clipboard.readText()"))["operation_name"] == "Viewer"
    region.get_by_role("button", name="Fold all", exact=True).click()
    expect(region.locator(".cm-foldPlaceholder")).to_be_visible()
    region.get_by_role("button", name="Unfold all").click()
    region.get_by_role("button", name="Find").click()
    region.get_by_placeholder("Find", exact=True).press_sequentially("operation_name")
    expect(region.locator(".cm-searchMatch")).to_have_count(1)
    before = lines(region.locator(".cm-content"))
    region.locator(".cm-content").press("x")
    assert lines(region.locator(".cm-content")) == before


def test_every_state_is_accessible(page: Page, expect_accessible: Check) -> None:
    expect_accessible(page)
    write(operations(page), "query A($a: ID!) { viewer { nme } old: nothing }")
    write(variables(page), '{"b": }')
    expect(page.get_by_role("button", name=re.compile("^Line"))).to_have_count(4)
    page.get_by_text("Keyboard shortcuts").click()
    expect_accessible(page)
    operations(page).press("Control+f")
    expect_accessible(page)
    page.get_by_role("button", name="Schema", exact=True).click()
    explorer = page.get_by_role("region", name="Schema")
    expect_accessible(page)
    explorer.get_by_role("searchbox").fill("asset")
    expect_accessible(page)
    explorer.get_by_role("button", name="Asset", exact=True).click()
    expect(explorer.get_by_role("heading", name="Used by")).to_be_visible()
    expect_accessible(page)
    write(operations(page), "")
    operations(page).press_sequentially("query { vie")
    expect(page.get_by_role("option").first).to_be_visible()
    expect_accessible(page)
    take_first(page)
    operations(page).get_by_text("viewer", exact=True).hover()
    expect(page.locator(".documentation")).to_be_visible()
    expect_accessible(page)
    operations(page).press("Control+Enter")
    expect_run(page, 1)
    expect_accessible(page)


def test_a_value_becomes_a_variable_and_its_value_again(page: Page) -> None:
    filesize = "11723249"
    text = f"mutation {{ {MULTIPART}(input: {{ filesize: {filesize} }}) {{ downloadUrl }} }}"
    write(operations(page), text)
    convert = page.get_by_role("button", name=re.compile("^To (variable|value)$"))
    operations(page).press("Control+Home")
    expect(convert).to_be_disabled()
    for _ in range(text.index(filesize) + 1):
        page.keyboard.press("ArrowRight")
    expect(convert).to_be_enabled()
    convert.click()
    expect(operations(page)).to_contain_text(f"{MULTIPART}(input: {{ filesize: $filesize }})")
    expect(operations(page)).to_contain_text("mutation ($filesize: ")
    expect(variables(page)).to_contain_text(f'"filesize": {filesize}')
    expect(operations(page)).to_be_focused()
    expect(convert).to_have_text("To value")
    page.keyboard.press("Shift+Alt+v")
    expect(operations(page)).to_contain_text(f"filesize: {filesize}")
    expect(operations(page)).not_to_contain_text("$")
    expect(variables(page)).to_have_text("{}")


def test_the_operations_are_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    write(operations(page), TWO)
    page.get_by_role("button", name="Copy", exact=True).first.click()
    expect(page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == TWO


def test_descriptions_are_shown_as_the_markdown_they_are(
    context: BrowserContext, editor_server: AppServer
) -> None:
    page = opened(context, editor_server, "/?schema=later.graphql")
    page.get_by_role("button", name="Schema", exact=True).click()
    said = page.get_by_role("region", name="Schema").locator("[data-member=thing]")
    expect(said.locator("p code")).to_have_text("one_thing_up")
    expect(said.locator("strong")).to_have_text("always")
    link = said.get_by_role("link", name="the docs")
    expect(link).to_have_attribute("href", "https://example.com/docs")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(said.locator("p").first).to_contain_text("or <b>not</b>.")
    expect(said.locator("ul.said li")).to_have_text(["a first point", "a second"])  # not "dnoc"
