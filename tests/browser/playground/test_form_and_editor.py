"""The form and the editor typed into shortly after each other, in a real browser.

`tests/components/playground/test_form_and_editor.py` goes through many more schedules, with the
browser's part in node.
"""

import random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from client.playground.saved_operations import OperationStore
from tests.app_server import AppServer
from tests.browser.playground.playground_steps import (
    operations,
    outcome,
    playground,
    switch,
    variables,
    write,
)
from tests.browser.settled import settled

TEXT = """# head
query Find($first: Int) {
  assetSearch(keyword: "a", first: $first, after: null) { # inline
    edges { node { id } }
  }
}
# tail"""
VARIABLES = '{"first": 5, "n": 9007199254740993}'
PAUSES = (0, 150, 400, 800)  # milliseconds
KEY = 20


@pytest.fixture
def page(context: BrowserContext, app_server: AppServer, signed_in_state: dict[str, Any]) -> Page:
    context.add_cookies(signed_in_state["cookies"])
    page = playground(context, app_server, TEXT, VARIABLES)
    switch(page, "Form")
    expect(keyword(page)).to_have_value("a")
    settled(page)
    return page


def keyword(page: Page) -> Locator:
    return page.locator(".st-key-playground-form").get_by_label("keyword (String)")


def type_behind(pane: Locator, text: str) -> None:
    pane.press("Control+End")
    pane.press_sequentially(text, delay=KEY)


def lines(pane: Locator) -> str:
    return "\n".join(
        line.replace("\n", "") for line in pane.locator(".cm-line").all_text_contents()
    )


@pytest.mark.parametrize("pause", PAUSES)
@pytest.mark.parametrize("first", ["form", "editor"])
def test_what_is_typed_into_both_is_kept(page: Page, first: str, pause: int) -> None:
    chance = random.Random(f"{first}{pause}")  # noqa: S311 - the same in every run
    said, tail = "a", "# tail"

    def form() -> None:
        nonlocal said
        letters = chance.choice(["b", "bc", "bcdef"])
        keyword(page).press("End")
        keyword(page).press_sequentially(letters, delay=KEY)
        said += letters

    def editor() -> None:
        nonlocal tail
        letters = chance.choice([" note", "\n# note right after"])
        type_behind(operations(page), letters)
        tail += letters

    steps = [form, editor] if first == "form" else [editor, form]
    for step in [*steps, steps[0]]:
        step()
        page.wait_for_timeout(pause)
    expected = TEXT.replace('"a"', f'"{said}"').replace("# tail", tail)
    expect(keyword(page)).to_have_value(said)
    settled(page)
    expect(operations(page)).to_contain_text(f'"{said}"')
    assert lines(operations(page)) == expected
    assert lines(variables(page)) == VARIABLES
    keyword(page).focus()  # what is typed in the editor is told when it is left
    settled(page)
    page.reload()
    expect(operations(page)).to_contain_text(f'"{said}"')
    assert lines(operations(page)) == expected
    assert lines(variables(page)) == VARIABLES


@pytest.mark.parametrize("pause", [0, 300, 700, 1100])
def test_one_value_typed_into_both_keeps_both(page: Page, pause: int) -> None:
    write(operations(page), TEXT.replace('"a"', '"TEXT"'))
    page.wait_for_timeout(pause)
    keyword(page).press("End")
    keyword(page).press_sequentially("ZZ", delay=KEY)
    expect(operations(page)).to_contain_text('"TEXTZZ"')
    expect(keyword(page)).to_have_value("TEXTZZ")


def test_the_keys_that_run_do_so_from_a_field_of_the_form_too(
    page: Page, app_server: AppServer
) -> None:
    keyword(page).press("End")
    keyword(page).press_sequentially(" lamp")
    keyword(page).press("Control+Enter")
    expect(outcome(page)).to_contain_text("Find · HTTP 200")
    expect(keyword(page)).to_be_focused()
    store = OperationStore(app_server.data_dir)
    newest = store.newest_history("demo", 1)[0]
    store.close()
    assert 'keyword: "a lamp"' in newest.text
