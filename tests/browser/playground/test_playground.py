"""The playground in a real browser against the real app: write, run, go on with the answer."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, introspection_from_schema
from PIL import Image, ImageDraw
from playwright.sync_api import (
    BrowserContext,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from tests.app_server import AppServer
from tests.browser.playground.playground_steps import (
    SINGLE,
    answer_text,
    execute,
    operations,
    outcome,
    playground,
    shown_tab,
    switch,
    tab,
    variables,
    write,
)
from tests.browser.settled import settled
from tests.browser.steps import (
    choose,
    choose_part_size,
    download,
    parts_of,
    random_file,
    sha256,
    unfold,
    wait_until_done,
)
from tests.client.scripted_endpoint import (
    Action,
    ScriptedEndpoint,
    answer,
)
from tests.large_schema import large_schema

Check = Callable[[Page], None]

MULTIPART = """mutation Parts {
  createTempFileMultipartUploadUrl(input: { filesize: 12000000 }) {
    downloadUrl
    completeUrl
    uploadPartUrls
    minPartSize
    maxPartSize
  }
}
"""
WHO = "query Who {\n  viewer {\n    name\n  }\n}\n"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": ViewportSize(width=1280, height=1400)}


@pytest.fixture
def page(context: BrowserContext, app_server: AppServer, signed_in_state: dict[str, Any]) -> Page:
    context.add_cookies(signed_in_state["cookies"])
    return playground(context, app_server)


# Running -------------------------------------------------------------------------------------


def test_the_operation_under_the_caret_runs(page: Page) -> None:
    write(operations(page), f"{WHO}\n{SINGLE}")
    operations(page).press("Control+Home")
    operations(page).press("Control+Enter")
    expect(outcome(page)).to_contain_text("Who · HTTP 200")
    expect(answer_text(page)).to_contain_text("viewer")
    operations(page).press("Control+End")
    operations(page).press("ArrowUp")
    operations(page).press("Control+Enter")
    expect(outcome(page)).to_contain_text("Single · HTTP 200")
    expect(answer_text(page)).to_contain_text("uploadUrl")


def test_typing_and_running_at_once_runs_what_was_typed(page: Page) -> None:
    for pause in (0, 100, 300, 500, 700):
        name = f"After{pause}"
        write(operations(page), f"query {name} {{ viewer {{ id }} }}")
        page.wait_for_timeout(pause)
        operations(page).press("End")
        operations(page).press_sequentially(" # x")
        operations(page).press("Control+Enter")
        expect(outcome(page)).to_contain_text(f"{name} · HTTP 200")
        expect(operations(page)).to_contain_text("# x")


def json_answer(status: int, content: object, **headers: str) -> Action:
    return answer(status, json.dumps(content).encode(), **headers)


def test_it_works_with_a_large_schema_that_is_not_ours(
    context: BrowserContext, connected_server: AppServer, endpoint: ScriptedEndpoint
) -> None:
    content: Any = {"data": introspection_from_schema(build_schema(large_schema()))}
    endpoint.on("introspection", json_answer(200, content))
    page = playground(context, connected_server, "query Large {\n  object7(id: 1) { id }\n}\n")
    page.get_by_role("button", name="Schema in use").click()
    note = page.get_by_test_id("stPopoverBody").get_by_text(re.compile(r"read from \S+\.$"))
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    switch(page, "Form")
    form = page.locator(".st-key-playground-form")
    expect(form.get_by_label("id (ID, required)")).to_have_value("1")
    form.get_by_label("id (ID, required)").fill("2")
    expect(operations(page)).to_contain_text('object7(id: "2")')
    endpoint.introspection = False
    page.get_by_role("button", name="Schema in use").click()
    page.get_by_role("button", name="Read it again").click()
    note = page.get_by_test_id("stPopoverBody").get_by_text("the copy that ships with this app")
    expect(note).to_be_visible()


def test_variables_are_sent_as_they_are_typed(
    context: BrowserContext, connected_server: AppServer, endpoint: ScriptedEndpoint
) -> None:
    page = playground(context, connected_server, "query Echo($a: Any) {\n  echo(a: $a)\n}\n")
    typed = '{"a": [485091432142801408, 1.10, 1E400, {"10": 1, "9": 2, "9": "\\u00e9"}]}'
    write(variables(page), typed)
    execute(page)
    expect(outcome(page)).to_contain_text("Echo · HTTP 200")
    assert f'"variables": {typed}'.encode() in endpoint.last("graphql").body


# Form ----------------------------------------------------------------------------------------


def test_a_placeholder_is_completed_however_it_is_begun(page: Page) -> None:
    execute(page)
    expect(outcome(page)).to_contain_text("Success")
    write(operations(page), "query Again($src: String!) { node(id: $src) { id } }")
    option = page.get_by_role("option", name='"{{last.downloadUrl}}"', exact=True)
    for begun in ('"{{', '"{{last.', '"{{last.do', '"dow', "{{last.do"):
        write(variables(page), "")
        variables(page).press_sequentially(f'{{"src": {begun}')
        take(option, page)
        expect(variables(page)).to_have_text('{"src": "{{last.downloadUrl}}"}')
    write(variables(page), '{"src": "{{last.do"}')
    for _ in range(2):
        variables(page).press("ArrowLeft")
    variables(page).press("Control+Space")
    take(option, page)
    expect(variables(page)).to_have_text('{"src": "{{last.downloadUrl}}"}')


def take(option: Locator, page: Page) -> None:
    """Take an option by the keyboard, once the list has been there long enough to be meant."""
    expect(option).to_be_visible()
    page.wait_for_timeout(200)
    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_the_form_changes_the_text_and_the_text_the_form(page: Page) -> None:
    switch(page, "Form")
    form = page.locator(".st-key-playground-form")
    expect(form.get_by_text("It takes no values.")).to_be_visible()
    write(operations(page), MULTIPART)
    size = form.get_by_label("filesize (Float)", exact=True)
    expect(size).to_have_value("12000000")
    size.fill("2147483648")
    expect(operations(page)).to_contain_text("filesize: 2147483648")
    expect(form.get_by_label("fileSize (Float)", exact=True)).to_have_value("")
    write(operations(page), MULTIPART.replace("12000000", "7"))
    expect(size).to_have_value("7")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(answer_text(page)).to_contain_text("uploadPartUrls")


# Next steps ----------------------------------------------------------------------------------


def test_a_file_goes_to_the_link_that_was_asked_for(page: Page, tmp_path: Path) -> None:
    execute(page)
    url = page.locator(".st-key-playground-next").get_by_role("link", name="Open Download link")
    expect(url).to_be_visible()
    link = url.get_attribute("href") or ""
    page.get_by_role("button", name="Upload a file to this link").click()
    expect(page.get_by_text("The next file goes to the links that you asked for")).to_be_visible()
    file = random_file(tmp_path / "mine.bin", 100_000)
    choose(page, file)
    wait_until_done(page, file.name)
    assert sha256(download(link, tmp_path / "copy")) == sha256(file)
    expect(page.get_by_text("The next file goes to the links")).to_be_hidden()


def test_a_file_goes_in_parts_to_the_links_that_were_asked_for(page: Page, tmp_path: Path) -> None:
    write(operations(page), MULTIPART)
    operations(page).press("Control+Enter")
    expect(page.get_by_text("3 upload links, ")).to_be_visible()
    url = page.locator(".st-key-playground-next").get_by_role("link", name="Open Download link")
    link = url.get_attribute("href") or ""
    page.get_by_role("button", name="Upload a file to these links").click()
    file = random_file(tmp_path / "film.bin", 12_000_000)
    choose_part_size(page)
    choose(page, file)
    card = wait_until_done(page, file.name)
    assert [row["status"] for row in parts_of(card)] == ["Done"]
    assert sha256(download(link, tmp_path / "copy")) == sha256(file)


def test_the_chain_goes_on_to_a_cut_out(page: Page) -> None:
    execute(page)
    page.get_by_role("button", name="Upload a file to this link").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "disc.png", "mimeType": "image/png", "buffer": picture()}
    )
    wait_until_done(page, "disc.png")
    page.get_by_role("link", name="Playground").click()
    page.get_by_role("button", name="Remove its background").click()
    expect(operations(page)).to_contain_text("removeBackgroundFromImage")
    expect(variables(page)).to_contain_text("X-Amz-Signature")
    execute(page)
    expect(outcome(page)).to_contain_text("Success")
    cut_out = page.locator(".st-key-playground-next").get_by_role("link", name="Open Image")
    expect(cut_out).to_be_visible()


def picture() -> bytes:
    image = Image.new("RGB", (200, 200), "#dddddd")
    ImageDraw.Draw(image).ellipse((50, 50, 150, 150), fill="#aa2233")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


# Kept ----------------------------------------------------------------------------------------


def test_saved_operations_go_to_another_place_as_a_file(page: Page, tmp_path: Path) -> None:
    switch(page, "Samples, saved, history")
    page.get_by_role("tab", name="Saved").click()
    page.get_by_role("button", name="Save", exact=True).click()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export as a file").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    exported = json.loads(path.read_text())
    assert "Single" in [one["name"] for one in exported["operations"]]
    exported["operations"] = [{"name": "From a file", "text": WHO, "variables": ""}]
    path.write_text(json.dumps(exported))
    page.locator(".st-key-playground-import input").set_input_files(path)
    expect(page.get_by_text("1 operation was taken.")).to_be_visible()
    page.get_by_role("button", name="From a file", exact=True).click()
    expect(operations(page)).to_contain_text("query Who")


def test_two_windows_of_one_person_keep_what_each_of_them_wrote(
    page: Page, context: BrowserContext, app_server: AppServer
) -> None:
    write(operations(page), "query Shared {\n  viewer { id }\n}")
    expect(shown_tab(page)).to_have_text("Shared")
    other = context.new_page()
    other.goto(f"{app_server.url}/playground")
    expect(operations(other)).to_contain_text("query Shared")
    write(operations(page), "query First {\n  viewer { id }\n}")
    expect(shown_tab(page)).to_have_text("First")
    settled(page)
    operations(other).press("Control+End")
    for letter in " # the second one":
        operations(other).press(letter if letter != " " else "Space")
        other.wait_for_timeout(90 if letter != " " else 600)
    expect(other.get_by_text("Another window of yours changed this operation")).to_be_visible()
    expect(operations(other)).to_be_focused()
    expect(operations(other)).to_contain_text("} # the second one")
    expect(shown_tab(other)).to_have_text("Shared")
    operations(other).press("Control+Enter")  # running tells all that was typed
    expect(outcome(other)).to_contain_text("Shared · HTTP 200")
    settled(other)
    other.reload()
    expect(operations(other)).to_contain_text("} # the second one")
    tab(other, "First").click()
    expect(operations(other)).to_contain_text("query First")
    page.reload()
    expect(tab(page, "First")).to_be_visible()
    expect(tab(page, "Shared")).to_be_visible()


def test_a_link_brings_the_operation_to_somebody_else(page: Page, context: BrowserContext) -> None:
    secret = "https://s.example/f?X-Amz-Signature=c0ffee"
    write(operations(page), "query Shared($u: String) {\n  viewer {\n    id\n  }\n}")
    write(variables(page), json.dumps({"u": secret}))
    unfold(page, "Take along: link, curl")
    shown = page.locator(".st-key-playground-share-link code")
    expect(shown).to_contain_text("?connection=Embedded%20service&op=")
    variables(page).press("Control+Enter")  # running tells all that was typed
    expect(outcome(page)).to_contain_text("Shared")
    settled(page)
    link = shown.text_content() or ""
    assert "c0ffee" not in link
    other = context.new_page()
    other.goto(link)
    expect(operations(other)).to_contain_text("query Shared")
    expect(variables(other)).to_contain_text("X-Amz-Signature=***")
    expect(other).not_to_have_url(re.compile("op=|connection="))


def test_scripts_are_those_of_the_operation_or_of_the_whole_upload(page: Page) -> None:
    unfold(page, "Take along: link, curl")
    for name, ending, sign in (
        ("curl", "sh", "#!/usr/bin/env bash"),
        ("PowerShell", "ps1", "#Requires"),
        ("Python", "py", "import requests"),
    ):
        page.get_by_role("tab", name=name, exact=True).click()
        script = page.locator(f".st-key-playground-script-{ending} code")
        expect(script).to_contain_text(sign)
        expect(script).not_to_contain_text("product.png")
        page.get_by_text("The whole upload of a file").click()
        expect(script).to_contain_text("product.png")


# Looks ---------------------------------------------------------------------------------------


def test_every_state_is_accessible(page: Page, expect_accessible: Check) -> None:
    expect_accessible(page)
    execute(page)
    expect(page.get_by_text("Go on with this answer")).to_be_visible()
    expect(answer_text(page)).to_contain_text("uploadUrl")
    expect_accessible(page)
    switch(page, "Form")
    expect(page.get_by_text("It takes no values.")).to_be_visible()
    switch(page, "Samples, saved, history")
    expect(page.get_by_role("button", name="Ask for a single upload link")).to_be_visible()
    expect_accessible(page)
    unfold(page, "Take along: link, curl")
    page.get_by_role("tab", name="Headers").click()
    expect(page.locator(".st-key-playground-share-link code")).to_be_visible()
    expect_accessible(page)
    write(operations(page), "query { nothing }")
    operations(page).press("Control+Enter")
    expect(outcome(page)).to_contain_text("Not valid")
    expect_accessible(page)


def test_the_editor_s_script_is_fetched_with_the_page_and_once(
    context: BrowserContext, app_server: AppServer
) -> None:
    page = playground(context, app_server)
    fetched, loaded = page.evaluate(
        """() => [
          performance.getEntriesByType("resource")
            .filter(({ name }) => /\\/editor\\.[0-9a-f]{12}\\.js$/.test(name))
            .map(({ startTime }) => startTime),
          performance.getEntriesByType("navigation")[0].loadEventEnd]"""
    )
    assert len(fetched) == 1
    assert fetched[0] < loaded  # long before Streamlit has drawn the page and asks for it
