"""Something to show: folders and a few generated pictures in the Content Hub's first repository.

What is there already is left as it is, so it may run at every start.
"""

import io
import logging
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageDraw

from service.content_hub.folders import FIRST_REPOSITORIES
from service.content_hub.hub import ContentHub
from service.content_hub.model import AssetInput, Search
from service.errors import ServiceError
from service.temp_files import TempFiles

PNG = "image/png"
BACKDROP = "#eef1f4"  # plain, so that background removal has a fair chance

Draw = Callable[[ImageDraw.ImageDraw], None]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DemoAsset:
    """One picture; `folders` leads from the repository's root to where it lies."""

    name: str
    label: str
    folders: tuple[str, ...]
    tags: tuple[str, ...]
    size: tuple[int, int]
    draw: Draw
    published: bool = False

    def png(self) -> bytes:
        """Return the picture."""
        image = Image.new("RGB", self.size, BACKDROP)
        self.draw(ImageDraw.Draw(image))
        content = io.BytesIO()
        image.save(content, "PNG")
        return content.getvalue()


def _bottle(colour: str) -> Draw:
    def draw(on: ImageDraw.ImageDraw) -> None:
        on.rounded_rectangle((260, 260, 440, 820), 60, fill=colour)
        on.rounded_rectangle((310, 120, 390, 320), 20, fill=colour)
        on.rounded_rectangle((300, 90, 400, 150), 12, fill="#333d47")
        on.rectangle((260, 460, 440, 640), fill="#fffaf0")

    return draw


def _mug(colour: str) -> Draw:
    def draw(on: ImageDraw.ImageDraw) -> None:
        on.arc((480, 300, 680, 560), -90, 90, fill=colour, width=44)
        on.rounded_rectangle((220, 220, 580, 660), 50, fill=colour)
        on.ellipse((220, 190, 580, 270), fill="#5b4636")

    return draw


def _hills(on: ImageDraw.ImageDraw) -> None:
    on.rectangle((0, 0, 1600, 400), fill="#bcdcf2")
    on.ellipse((1250, 40, 1400, 190), fill="#ffd166")
    for left, colour in ((-300, "#7fb285"), (350, "#5f9a6b"), (900, "#447a52")):
        on.ellipse((left, 180, left + 1000, 900), fill=colour)


ASSETS = (
    DemoAsset(
        "demo-bottle-green",
        "Bottle, green",
        ("Products", "Bottles"),
        ("demo", "product", "bottle"),
        (700, 900),
        _bottle("#2f7d5b"),
        published=True,
    ),
    DemoAsset(
        "demo-bottle-blue",
        "Bottle, blue",
        ("Products", "Bottles"),
        ("demo", "product", "bottle"),
        (700, 900),
        _bottle("#2b5fa8"),
    ),
    DemoAsset(
        "demo-mug-red",
        "Mug, red",
        ("Products",),
        ("demo", "product", "mug"),
        (800, 800),
        _mug("#c0392b"),
        published=True,
    ),
    DemoAsset(
        "demo-banner", "Banner, hills", ("Banners",), ("demo", "banner"), (1600, 400), _hills
    ),
    DemoAsset("demo-mug-plain", "Mug, plain", (), ("demo", "draft"), (800, 800), _mug("#9aa5b1")),
)


class DemoData:
    """Fills the Content Hub of an open service."""

    def __init__(self, hub: ContentHub, temp_files: TempFiles) -> None:
        self._hub = hub
        self._temp_files = temp_files
        self._repository = next(iter(FIRST_REPOSITORIES))

    def fill(self) -> int:
        """Make what is missing; return how many assets that were.

        A start without demo data is better than none: what cannot be made is logged.
        """
        try:
            made = [asset for asset in ASSETS if self._make(asset)]
        except (OSError, ServiceError) as error:
            log.warning("The demo data is not complete: %s", error)
            return 0
        if made:
            log.info("Made %d demo assets.", len(made))
        return len(made)

    def _make(self, asset: DemoAsset) -> bool:
        found = self._hub.assets.search(Search(keyword=asset.name))[:100]
        if any(there.name == asset.name for there in found):
            return False
        png = asset.png()
        new = AssetInput(
            name=asset.name,
            type="IMAGE",
            filename=f"{asset.name}.png",
            repository_id=self._repository,
            folder_id=self._folder(asset.folders),
            src=self._temp_files.keep([png], len(png), PNG).download_url,
            label=asset.label,
            tags=asset.tags,
        )
        created = self._hub.assets.create(new)
        if asset.published:
            self._hub.assets.publish(created.asset_id)
        return True

    def _folder(self, labels: tuple[str, ...]) -> str | None:
        folder_id: str | None = None
        for label in labels:
            there = self._hub.folders.within(self._repository, folder_id)[:100]
            same = [folder for folder in there if folder.label == label]
            folder = same[0] if same else None
            folder = folder or self._hub.folders.create(self._repository, label, folder_id)
            folder_id = folder.folder_id
        return folder_id
