"""Lists and searches assets page by page, publishes and deletes them, makes folders.

A page has `PAGE` assets, so that a request costs about that many of the 10,000 points that
contract 4 allows. Ids that go into fields whose type is not documented are written as literals,
which validate for `ID` and for `String` alike.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from client.api.api import Api
from client.api.documents import document
from client.api.pagination import next_cursor, nodes, text_of
from client.connection.connection import bare_id
from client.content_hub.assets import NO_FOLDER_ID, Asset, read_asset
from client.errors import ClientError, GraphQLFailedError, OutcomeUnknownError, ServiceDownError
from client.json_object import JsonObject, as_object

PAGE = 24
_MOST_PAGES = 5
"""Pages that are read for one, where none of what they hold belongs to the place."""
MOST_DELETED = 200
"""Ids that one `deleteAssets` takes (contract 4)."""


@dataclass(frozen=True)
class Place:
    """A repository, or one of its folders; ids are global."""

    repository_id: str
    folder_id: str | None = None

    @property
    def is_folder(self) -> bool:
        """Whether it is a real folder, not the one that stands for no folder."""
        return bool(self.folder_id) and not self.is_no_folder

    @property
    def is_no_folder(self) -> bool:
        """Whether it is the folder that some endpoints list for assets in no folder."""
        return self.folder_id == NO_FOLDER_ID

    @property
    def id(self) -> str:
        """The id to read assets of: the folder's if it is one, else the repository's."""
        return (self.folder_id if self.is_folder else None) or self.repository_id

    def holds(self, asset: Asset) -> bool:
        """Return whether an asset listed for this place belongs to it.

        A repository may list all of its assets or those outside of folders only; what stands for
        no folder has the latter, whichever it is.
        """
        return not (self.is_no_folder and asset.folder_id)


@dataclass(frozen=True)
class AssetPage:
    """Some of the assets of a place, or of what a search found.

    Attributes:
        next: what to ask the next page with; None when there is none.
        total: how many the search found in all; None where the API does not count.
    """

    assets: tuple[Asset, ...]
    next: str | None
    total: int | None = None


def listing_query(
    place: Place, keyword: str = "", after: str | None = None
) -> tuple[str, JsonObject]:
    """Return the query for a page of a place's assets, or of those a keyword finds in it.

    Filters of a search take bare ids (contract 19.3).
    """
    page: JsonObject = {"first": PAGE, **({"after": after} if after else {})}
    if not keyword:
        text = document("assets-of")
        if place.is_folder:
            text = text.replace("AssetRepository", "AssetFolder")
        return text, {"id": place.id, **page}
    text = document("search-assets")
    if place.is_folder:
        text = text.replace("assetRepositoryId", "assetFolderId")
    return text, {"keyword": keyword, "place": bare_id(place.id), **page}


def assets_query(asset_ids: Sequence[str]) -> tuple[str, JsonObject]:
    """Return the query for assets by their global ids."""
    return document("assets-by-id"), {"ids": list(asset_ids)}


class AssetLibrary:
    """Reads assets a page at a time and changes them, over one connection. Thread-safe.

    All its methods raise:
        ApiError: one of its leaves.
        ServiceDownError: no answer arrived.
    """

    def __init__(self, api: Api) -> None:
        self._api = api

    def page(self, place: Place, after: str | None = None) -> AssetPage:
        """Return assets of a repository, in whatever folder, or of one folder."""

        def read(after: str | None) -> AssetPage:
            data = self._api.graphql.execute(*listing_query(place, after=after))
            found = as_object(as_object(data.get("node")).get("assets"))
            return AssetPage(tuple(map(read_asset, nodes(found))), next_cursor(found))

        return _kept_to(place, read, after)

    def search(self, keyword: str, place: Place, after: str | None = None) -> AssetPage:
        """Return assets that the keyword finds in a place, the newest first.

        The search tells ids only, so a second request asks what they are.
        """

        def read(after: str | None) -> AssetPage:
            data = self._api.graphql.execute(*listing_query(place, keyword, after))
            found = as_object(data.get("assetSearch"))
            assets = self._described([str(node["id"]) for node in nodes(found)])
            total = found.get("total")
            return AssetPage(assets, next_cursor(found), total if isinstance(total, int) else None)

        return _kept_to(place, read, after)

    def asset(self, asset_id: str) -> Asset | None:
        """Return one asset; None when the account has none with this global id."""
        return next(iter(self._described([asset_id])), None)

    def create_folder(self, place: Place, label: str) -> str:
        """Make a folder in a place, and return its global id.

        Raises:
            OutcomeUnknownError: the answer was lost; reading the folders anew tells.
        """
        values = {"repository": place.repository_id, "label": label}
        if place.is_folder:
            values["parent"] = place.id
        try:
            data = self._api.graphql.execute(document("create-folder"), values)
        except ServiceDownError as error:
            if not error.request_sent:
                raise
            raise OutcomeUnknownError(
                f'It is not known whether the folder "{label}" was created: {error}', name=label
            ) from error
        return text_of(as_object(data.get("createAssetFolder")), "id")

    def delete(self, asset_ids: Sequence[str]) -> None:
        """Delete up to `MOST_DELETED` assets for good; after a lost answer they are looked for."""
        ids = json.dumps(list(asset_ids))
        delete = document("delete-assets").replace("[]", ids)
        try:
            self._api.graphql.execute(delete)
        except (ServiceDownError, GraphQLFailedError) as error:
            if not self._are_gone(asset_ids, error):
                raise

    def _are_gone(self, asset_ids: Sequence[str], error: ClientError) -> bool:
        """Tell whether the assets are gone in spite of the error, as after a lost answer."""
        if isinstance(error, ServiceDownError) and not error.request_sent:
            return False
        try:
            return not self._described(asset_ids)
        except ClientError:
            return False

    def _described(self, asset_ids: Sequence[str]) -> tuple[Asset, ...]:
        """Return the assets in the order of their ids; those that are gone are left out."""
        if not asset_ids:
            return ()
        found = as_object(self._api.graphql.execute(*assets_query(asset_ids)).get("assets"))
        assets = {asset.id: asset for asset in map(read_asset, nodes(found))}
        return tuple(assets[one] for one in asset_ids if one in assets)


def _kept_to(place: Place, read: Callable[[str | None], AssetPage], after: str | None) -> AssetPage:
    """Return the next page that has assets of the place; pages without any are skipped."""
    page = read(after)
    for _ in range(_MOST_PAGES - 1):
        if page.next is None or any(map(place.holds, page.assets)):
            break
        page = read(page.next)
    if not place.is_no_folder:
        return page
    return AssetPage(tuple(filter(place.holds, page.assets)), page.next)
