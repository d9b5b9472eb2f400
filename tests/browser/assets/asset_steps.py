"""What a person does on the assets page, as the browser tests say it, and assets to do it with."""

import io
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.content_hub.assets import Asset, ContentHubClient, NewAsset
from client.content_hub.library import AssetLibrary, Place
from client.transfers.upload import upload_file
from settings import read_settings
from tests.app_server import AppServer
from tests.browser.settled import settled


class Shelf:
    """A folder of its own with assets in it."""

    def __init__(self, api: Api, folder: Path) -> None:
        self._hub, self.library = ContentHubClient(api), AssetLibrary(api)
        self.repository = self._hub.repositories()[0]
        self.label = f"shelf {secrets.token_hex(4)}"
        self.place = Place(
            self.repository.id,
            self.library.create_folder(Place(self.repository.id), self.label),
        )
        self._src = upload_file(api, _picture(folder / "shelf.png")).download_url

    def put(self, label: str) -> Asset:
        new = NewAsset(
            self._src,
            "IMAGE",
            f"{label}-{secrets.token_hex(4)}",
            f"{label}.png",
            self.repository.id,
            self.place.folder_id,
            label=label,
            tags=("red", label),
        )
        return self._hub.create(new)


@contextmanager
def shelf_of(server: AppServer, folder: Path) -> Generator[Shelf]:
    """Make a shelf in whatever Content Hub an app is connected to."""
    settings = read_settings(server.environment_of_child(), folder / "none.toml")
    api = Api(connection_from_settings(settings))
    try:
        yield Shelf(api, folder)
    finally:
        api.close()


def open_assets(page: Page, url: str) -> None:
    page.goto(f"{url}/assets")
    expect(page.get_by_role("heading", name="Assets", exact=True)).to_be_visible()


def choose_folder(page: Page, label: str) -> None:
    """Pick a folder in the list of folders, which draws only the options in sight."""
    settled(page)  # an open list closes when the page moves
    field = page.get_by_role("combobox", name="Folder")
    field.click()
    field.fill(label)
    page.get_by_role("option", name=label, exact=True).click()
    settled(page)  # while the list is drawn anew, what has moved stands there twice


def search_for(page: Page, words: str) -> None:
    """Type words into the search and wait until the list of what they find is drawn."""
    field = page.get_by_label("Search", exact=True)
    field.fill(words)
    field.press("Enter")
    settled(page)


def open_button(page: Page, asset: Asset) -> Locator:
    return page.get_by_role("button", name=f"Open {asset.label}", exact=True)


def expect_picture(page: Page, name: str) -> None:
    """Wait until a thumbnail is drawn, and see that it came from the app itself."""
    picture = page.get_by_role("img", name=f"Thumbnail of {name}", exact=True).first
    expect(picture).to_be_visible()
    page.wait_for_function("image => image.naturalWidth > 0", arg=picture.element_handle())
    assert "/media/" in (picture.get_attribute("src") or "")


def _picture(path: Path) -> Path:
    image = Image.new("RGB", (600, 400), "white")
    ImageDraw.Draw(image).ellipse((200, 100, 400, 300), fill="red")
    content = io.BytesIO()
    image.save(content, "PNG")
    path.write_bytes(content.getvalue())
    return path
