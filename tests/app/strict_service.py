"""The service with a schema and answers as strict as what public clients show of a real endpoint.

`python -m tests.app.strict_service` is `python -m service`, but for this (contract 19; where
nothing is known, what would trouble a client most):

- the filters of a search take bare UUIDs, a global id finds nothing;
- `*` finds everything, and no keyword or an empty one nothing;
- the node of an organization's edge is a union, so `... on Organization` is the only way to it;
- `deleteAssets` answers null;
- a folder that stands for none is listed first; its own `assets` are none, a search in it finds
  nothing, and it is the folder of every asset that is in no other.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInt,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
)

from service import app
from service.__main__ import main
from service.content_hub.folders import ROOT_FOLDER, AssetFolder, AssetRepository
from service.graphql.rate_limit import RateLimit
from service.graphql.resolvers.connections import CursorConnection, PageArguments, connect
from service.graphql.resolvers.context import Info, context_of, services_of
from service.graphql.resolvers.global_ids import global_id
from service.graphql.schema import load_schema

NO_FOLDER_LABEL = "(no folder)"
NEW_MINUTE = "new-minute"
"""The file in its data folder that has the requests of a minute counted anew."""
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_FOLDERS = 1_000

Resolver = Callable[..., Any]
Filters = Mapping[str, Sequence[str] | None]


def strict_schema(size_spelling: str = "") -> GraphQLSchema:
    """Build the service's schema and make it strict."""
    schema = load_schema(size_spelling)
    owner = GraphQLUnionType(
        "Owner",
        [_object(schema, "Organization"), _object(schema, "User")],
        _name_of,
    )
    schema.type_map["Owner"] = owner
    _field(schema, "OrganizationEdge", "node").type = GraphQLNonNull(owner)
    search = _field(schema, "Query", "assetSearch")
    search.resolve = _strict_search(_resolver(search))
    delete = _field(schema, "Mutation", "deleteAssets")
    delete.type, delete.resolve = GraphQLInt, _without_answer(_resolver(delete))
    _field(schema, "AssetRepository", "assetFolders").resolve = _top_folders
    folder = _field(schema, "Asset", "assetFolderId")
    folder.resolve = _with_no_folder(_resolver(folder))
    return schema


def _name_of(value: object, _info: object, _kind: object) -> str:
    return type(value).__name__


def _object(schema: GraphQLSchema, name: str) -> GraphQLObjectType:
    kind = schema.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return kind


def _field(schema: GraphQLSchema, kind: str, name: str) -> GraphQLField:
    return _object(schema, kind).fields[name]


def _resolver(field: GraphQLField) -> Resolver:
    assert field.resolve
    return field.resolve


def _strict_search(search: Resolver) -> Resolver:
    def strict(
        root: Any,
        info: Info,
        keyword: str | None = None,
        filters: Filters | None = None,
        **more: Any,
    ) -> Any:
        kept = {name: list(filter(_is_known, ids or ())) for name, ids in (filters or {}).items()}
        if not (keyword or "").strip():
            kept["assetRepositoryId"] = []
        return search(root, info, keyword=keyword, filters=kept, **more)

    return strict


def _is_known(text: str) -> bool:
    return bool(_UUID.fullmatch(text)) and text != ROOT_FOLDER


def _without_answer(delete: Resolver) -> Resolver:
    def strict(root: Any, info: Info, **given: Any) -> None:
        delete(root, info, **given)

    return strict


def _with_no_folder(folder_id: Resolver) -> Resolver:
    def strict(asset: Any, info: Info) -> str:
        return folder_id(asset, info) or global_id("AssetFolder", ROOT_FOLDER)

    return strict


def _top_folders(
    repository: AssetRepository, info: Info, **page: Any
) -> CursorConnection[AssetFolder]:
    found = services_of(info).hub.folders.within(repository.repository_id)
    none = AssetFolder(ROOT_FOLDER, repository.repository_id, None, NO_FOLDER_LABEL)
    folders = [none, *found[:_MOST_FOLDERS]]
    return connect(folders, PageArguments(**page), context_of(info).points)


class _Minutes(RateLimit):
    """Counts anew once somebody has made the file: a test need not pay for those before it."""

    def admit(self, credential: str) -> None:
        new_minute = Path(os.environ["TFW_DATA_DIR"]) / NEW_MINUTE
        if new_minute.exists():
            new_minute.unlink()
            self._admitted.clear()
        super().admit(credential)


if __name__ == "__main__":
    app.load_schema = strict_schema
    app.RateLimit = _Minutes
    sys.exit(main())
