"""Making, publishing and deleting assets (contract 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.content_hub.model import Asset, AssetInput
from service.graphql.resolvers.context import Fields, Info, services_of
from service.graphql.resolvers.global_ids import global_id, key_of, optional_key

Input = Mapping[str, Any]


@dataclass(frozen=True)
class PublishAssetPayload:
    """What publishing answers with."""

    publish_job_id: str


def _create(_root: Any, info: Info, input: Input) -> Asset:
    return services_of(info).hub.assets.create(_new_asset(input))


def _create_or_update(_root: Any, info: Info, input: Input) -> Asset:
    return services_of(info).hub.assets.create_or_update(_new_asset(input))


def _new_asset(given: Input) -> AssetInput:
    return AssetInput(
        name=given["name"],
        type=given["type"],
        filename=given["filename"],
        repository_id=key_of("assetRepositoryId", given["assetRepositoryId"], "AssetRepository"),
        folder_id=optional_key("assetFolderId", given.get("assetFolderId"), "AssetFolder"),
        src=given.get("src"),
        label=given.get("label"),
        content_ids=_keys("contents", given.get("contents")),
        locale=given.get("locale"),
        locale_group=given.get("localeGroup"),
        workflow_assigned_to=given.get("workflowAssignedTo"),
        workflow_status=given.get("workflowStatus"),
        tags=given.get("tags"),
        thumb_file=given.get("thumbFile"),
    )


def _publish(_root: Any, info: Info, input: Input) -> PublishAssetPayload:
    job = services_of(info).hub.assets.publish(key_of("id", input["id"], "Asset"))
    return PublishAssetPayload(global_id("PublishJob", job))


def _delete(_root: Any, info: Info, input: Input) -> list[str]:
    given: Sequence[str] = input["id"]
    services_of(info).hub.assets.delete(_keys("id", given) or [])
    return list(given)


def _keys(argument: str, given: Sequence[str] | None) -> list[str] | None:
    return None if given is None else [key_of(argument, item, "Asset") for item in given]


FIELDS: Fields = {
    "Mutation": {
        "createAsset": _create,
        "createOrUpdateAssetByName": _create_or_update,
        "publishAsset": _publish,
        "deleteAssets": _delete,
    }
}
