"""Repositories and folders (contract 10 and 14)."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.content_hub.folders import AssetFolder, AssetRepository
from service.content_hub.model import Asset
from service.graphql.resolvers.connections import (
    DEFAULT_PAGE,
    CursorConnection,
    PageArguments,
    connect,
)
from service.graphql.resolvers.context import Fields, Info, context_of, services_of
from service.graphql.resolvers.global_ids import global_id, key_of, optional_key


def _repository_id(repository: AssetRepository, _info: Info) -> str:
    return global_id("AssetRepository", repository.repository_id)


def _top_folders(
    repository: AssetRepository, info: Info, **page: Any
) -> CursorConnection[AssetFolder]:
    found = services_of(info).hub.folders.within(repository.repository_id)
    return connect(found, PageArguments(**page), context_of(info).points)


def _assets_of_repository(
    repository: AssetRepository, info: Info, **page: Any
) -> CursorConnection[Asset]:
    found = services_of(info).hub.assets.in_repository(repository.repository_id)
    return connect(found, PageArguments(**page), context_of(info).points)


def _folder_id(folder: AssetFolder, _info: Info) -> str:
    return global_id("AssetFolder", folder.folder_id)


def _children(folder: AssetFolder, info: Info) -> Sequence[AssetFolder]:
    found = services_of(info).hub.folders.within(folder.repository_id, folder.folder_id)
    children = found[:DEFAULT_PAGE]
    context_of(info).points.spend(len(children))
    return children


def _assets_of_folder(folder: AssetFolder, info: Info, **page: Any) -> CursorConnection[Asset]:
    found = services_of(info).hub.assets.in_folder(folder.folder_id)
    return connect(found, PageArguments(**page), context_of(info).points)


def _create_folder(_root: Any, info: Info, input: Mapping[str, Any]) -> AssetFolder:
    return services_of(info).hub.folders.create(
        key_of("assetRepositoryId", input["assetRepositoryId"], "AssetRepository"),
        input["label"],
        optional_key("parentId", input.get("parentId"), "AssetFolder"),
    )


FIELDS: Fields = {
    "AssetRepository": {
        "id": _repository_id,
        "assetFolders": _top_folders,
        "assets": _assets_of_repository,
    },
    "AssetFolder": {"id": _folder_id, "children": _children, "assets": _assets_of_folder},
    "Mutation": {"createAssetFolder": _create_folder},
}
