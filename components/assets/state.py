"""What the assets page holds between its runs, so that a run asks the endpoint nothing again."""

import time
from dataclasses import dataclass, field

import streamlit as st

from client.api.api import Api
from client.content_hub.assets import Asset, ContentHubClient, FolderTree, Repository
from client.content_hub.library import AssetLibrary, Place
from client.content_hub.thumbnails import Thumbnails
from client.errors import ClientError
from components.assets.thumbnail import small_picture
from components.session import api
from components.task import Task

QUERY = "asset"
"""The name that the id of the asset on show has in the address."""
_STATE = "assets"
_FRESH = 900
"""Seconds that an asset on show is not read again; its signed URLs live for an hour."""


@dataclass
class AssetListing:
    """The assets of a place that were read so far; with a keyword, those found in it."""

    place: Place
    keyword: str
    assets: list[Asset] = field(default_factory=list[Asset])
    next: str | None = None
    total: int | None = None
    problem: ClientError | None = None


@dataclass
class Opened:
    """The asset on show, and what was done with it.

    Attributes:
        asset: as it was last read; None when there is none with this id.
        job: what publishing answered.
        problem: why the last action failed.
        deleting: whether the visitor is being asked if it may be deleted.
        cut_out: taking its file along to have the background removed.
        temp_file: the transfer that it was taken to, until its page is shown.
        publication: publishing it.
        deletion: deleting it.
        deleted: whether that was done.
    """

    asset_id: str
    asset: Asset | None = None
    job: str | None = None
    problem: ClientError | None = None
    deleting: bool = False
    cut_out: Task = field(default_factory=Task)
    temp_file: str | None = None
    publication: Task = field(default_factory=Task)
    deletion: Task = field(default_factory=Task)
    deleted: bool = False
    read_until: float = 0.0

    def expire(self) -> None:
        """Have the asset read again."""
        self.read_until = 0.0


class AssetBrowser:
    """Everything read over one connection during a visit."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.hub = ContentHubClient(api)
        self.library = AssetLibrary(api)
        self.thumbnails = Thumbnails(api, small_picture)
        self.listing: AssetListing | None = None
        self.notice: str | None = None
        self._repositories: list[Repository] = []
        self._folders: dict[str, FolderTree] = {}
        self._opened: Opened | None = None

    def repositories(self) -> list[Repository]:
        """Return the repositories; while there are none, they are asked for each time.

        Raises:
            ClientError: what `ContentHubClient.repositories` raises.
        """
        self._repositories = self._repositories or self.hub.repositories()
        return self._repositories

    def folders(self, repository_id: str) -> FolderTree:
        """Return the folders of a repository.

        Raises:
            ClientError: what `ContentHubClient.folders` raises.
        """
        if repository_id not in self._folders:
            self._folders[repository_id] = self.hub.folders(repository_id)
        return self._folders[repository_id]

    def list_assets(self, place: Place, keyword: str) -> AssetListing:
        """Return the listing of a place; its first page is read when it is another one now."""
        known = self.listing
        if known is None or (known.place, known.keyword) != (place, keyword):
            known = self.listing = AssetListing(place, keyword)
            self.read_more(known)
        return known

    def read_more(self, listing: AssetListing) -> None:
        """Read the next page of a listing; what went wrong stays with the listing."""
        listing.problem = None
        try:
            if listing.keyword:
                page = self.library.search(listing.keyword, listing.place, listing.next)
            else:
                page = self.library.page(listing.place, listing.next)
        except ClientError as error:
            listing.problem = error
            return
        known = {asset.id for asset in listing.assets}
        listing.assets += [asset for asset in page.assets if asset.id not in known]
        listing.next, listing.total = page.next, page.total

    def open(self, asset_id: str) -> Opened:
        """Return the asset to show, read anew when its signed URLs may be near their end.

        Raises:
            ClientError: what `AssetLibrary.asset` raises.
        """
        opened = self._opened
        if opened is None or opened.asset_id != asset_id:
            opened = self._opened = Opened(asset_id)
        if time.monotonic() > opened.read_until:
            opened.asset = self.library.asset(asset_id)
            opened.read_until = time.monotonic() + _FRESH
        return opened

    def close(self) -> None:
        """Show the list instead of an asset."""
        self._opened = None
        select_asset(None)

    def forget_listing(self) -> None:
        """Have the assets read again."""
        self.listing = None

    def forget_folders(self) -> None:
        """Have the repositories and their folders read again."""
        self._repositories = []
        self._folders.clear()


def assets() -> AssetBrowser:
    """Return what this visit has read over the connection in use."""
    known: AssetBrowser | None = st.session_state.get(_STATE)
    if known is None or known.api is not api():
        known = st.session_state[_STATE] = AssetBrowser(api())
    return known


def selected_asset() -> str | None:
    """Return the id of the asset that the address names."""
    return st.query_params.get(QUERY) or None


def select_asset(asset_id: str | None) -> None:
    """Show an asset, or with None the list; the address follows."""
    if asset_id is None:
        st.query_params.pop(QUERY, None)
    else:
        st.query_params[QUERY] = asset_id


def title_of(asset: Asset) -> str:
    """Return what people call an asset: its label, else its name, else its id."""
    return asset.label.strip() or asset.name.strip() or asset.id
