"""Fields of assets, and the queries that find them (contract 11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.content_hub.folders import ROOT_FOLDER
from service.content_hub.model import Asset, Moment, Order, Search
from service.content_hub.sources.signed_files import HUB_PATH
from service.graphql.resolvers.connections import CursorConnection, PageArguments, connect, whole
from service.graphql.resolvers.context import Fields, Info, bad_user_input, context_of, services_of
from service.graphql.resolvers.global_ids import global_id, read_global_id, uuid_of
from service.graphql.resolvers.viewer import DEMO_USER

MOST_IDS = 1_000  # of one `assets` query; contract 4


@dataclass(frozen=True)
class AssetMetadata:
    """Properties of an asset under one schema."""

    schema_name: str
    properties: Mapping[str, Any]


def date_time(moment: float | None) -> str | None:
    """Write epoch seconds as the scalar DateTime: `2022-07-14T08:52:48.143Z`."""
    if moment is None:
        return None
    text = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _assets(_root: Any, info: Info, id: Sequence[str]) -> CursorConnection[Asset]:
    if len(id) > MOST_IDS:
        raise bad_user_input(f"id has {len(id)} ids; it must have at most {MOST_IDS}.")
    read = (read_global_id(item) for item in id)
    keys = [key for type_name, key in filter(None, read) if type_name == "Asset"]
    return whole(services_of(info).hub.assets.find_all(keys))


def _search(
    _root: Any,
    info: Info,
    keyword: str | None = None,
    filters: Mapping[str, Sequence[str] | None] | None = None,
    sort: Mapping[str, str | None] | None = None,
    **page: Any,
) -> CursorConnection[Asset]:
    chosen, sorting = filters or {}, sort or {}
    folders = _keys("filters.assetFolderId", chosen.get("assetFolderId"), "AssetFolder")
    moments: Mapping[str, Moment] = {"updatedDate": "updated", "createdDate": "created"}
    orders = [Order(moments[name], sorting[name] == "ASC") for name in moments if sorting.get(name)]
    search = Search(
        keyword,
        None if folders is None else [None if key == ROOT_FOLDER else key for key in folders],
        _keys("filters.assetRepositoryId", chosen.get("assetRepositoryId"), "AssetRepository"),
        orders or [Order("updated")],
    )
    found = services_of(info).hub.assets.search(search)
    return connect(found, PageArguments(**page), context_of(info).points)


def _keys(argument: str, given: Sequence[str] | None, type_name: str) -> list[str] | None:
    return None if given is None else [uuid_of(argument, text, type_name) for text in given]


def _id(asset: Asset, _info: Info) -> str:
    return global_id("Asset", asset.asset_id)


def _metadata(asset: Asset, _info: Info, schemaName: str) -> CursorConnection[AssetMetadata]:  # noqa: N803
    properties = asset.details.get(schemaName)
    return whole([AssetMetadata(schemaName, properties)] if properties else [])


def _repository_id(asset: Asset, _info: Info) -> str:
    return global_id("AssetRepository", asset.repository_id)


def _folder_id(asset: Asset, _info: Info) -> str | None:
    return asset.folder_id and global_id("AssetFolder", asset.folder_id)


def _file(asset: Asset, info: Info) -> str | None:
    return _signed(info, asset.file_id)


def _thumb_url(asset: Asset, info: Info) -> str | None:
    return _signed(info, asset.thumb_file)


def _signed(info: Info, file_id: str | None) -> str | None:
    return file_id and context_of(info).services.signer.sign("GET", f"{HUB_PATH}/{file_id}")


def _assigned_by(asset: Asset, _info: Info) -> str | None:
    return global_id("User", DEMO_USER.key) if asset.workflow_assigned_to else None


def _assigned_at(asset: Asset, _info: Info) -> str | None:
    return date_time(asset.workflow_assigned_at)


def _created(asset: Asset, _info: Info) -> str | None:
    return date_time(asset.created)


def _updated(asset: Asset, _info: Info) -> str | None:
    return date_time(asset.updated)


def _contents(asset: Asset, _info: Info) -> list[str]:
    return [global_id("Asset", key) for key in asset.content_ids]


FIELDS: Fields = {
    "Query": {"assets": _assets, "assetSearch": _search},
    "Asset": {
        "id": _id,
        "metadata": _metadata,
        "assetRepositoryId": _repository_id,
        "assetFolderId": _folder_id,
        "createdDate": _created,
        "file": _file,
        "thumbUrl": _thumb_url,
        "workflowAssignedBy": _assigned_by,
        "workflowAssignedAt": _assigned_at,
        "contents": _contents,
    },
    "AssetSearchItem": {
        "id": _id,
        "updatedDate": _updated,
    },
}
