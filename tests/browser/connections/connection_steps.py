"""What a person does on the connections page, as the browser tests say it."""

from playwright.sync_api import Page, expect

from components.connections import words
from tests.browser.endpoint import Endpoint
from tests.browser.steps import unfold


def open_connections(page: Page) -> None:
    page.get_by_role("link", name="Connections").click()
    expect(page.get_by_role("heading", name=words.LIST_TITLE)).to_be_visible()


def add(page: Page, endpoint: Endpoint, name: str = "Stage") -> None:
    """Fill in the form as an admin does, and save it."""
    fill_in(page, endpoint, name)
    page.get_by_role("button", name=words.SAVE, exact=True).click()
    expect(page.get_by_text(words.SAVED.format(name=name))).to_be_visible()
    secret = page.get_by_role("textbox", name=words.CLIENT_SECRET, exact=True)
    expect(secret).to_have_attribute("value", "")


def fill_in(page: Page, endpoint: Endpoint, name: str) -> None:
    """Enter the fields of a new connection."""
    unfold(page, words.ADD_TITLE)
    for label, value in (
        (words.NAME, name),
        (words.GRAPHQL_ENDPOINT, f"{endpoint.url}/graphql"),
        (words.TOKEN_URL, f"{endpoint.url}/oauth/token"),
        (words.CLIENT_ID, endpoint.client_id),
        (words.CLIENT_SECRET, endpoint.client_secret),
    ):
        page.get_by_role("textbox", name=label, exact=True).fill(value)


def rename(page: Page, name: str, new_name: str) -> None:
    """Change a connection's name as an admin does."""
    page.get_by_role("button", name=words.CHANGE.format(name=name)).click()
    field = page.get_by_role("textbox", name=words.NAME, exact=True)
    expect(field).to_have_value(name)
    field.fill(new_name)
    page.get_by_role("button", name=words.SAVE, exact=True).click()
    expect(page.get_by_text(words.SAVED.format(name=new_name))).to_be_visible()


def use(page: Page, name: str) -> None:
    page.get_by_role("button", name=words.USE.format(name=name)).click()
    expect(page.get_by_role("heading", name=f"In use: {name}")).to_be_visible()
