"""What the endpoint's schema must have: names, spellings, types and whether they may be null.

A row is a path into the schema (`type_paths.py`) and the type that the contract gives it. A name
that is documented with a nullability that is only inferred makes two probes.
"""

import re
from collections.abc import Mapping

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
)

from client.api.schema import read_schema
from client.contract_check.outcome import NothingClearError, Seen
from client.contract_check.probe import Basis, Probe, add_probe, probe
from client.contract_check.probes.type_paths import type_at, type_named
from client.contract_check.trial import MULTIPART, SINGLE, Trial
from client.errors import (
    AuthExpiredError,
    CredentialsRefusedError,
    RateLimitedError,
    ServiceDownError,
)

_SINGLE, _MULTIPART = f"Mutation.{SINGLE}", f"Mutation.{MULTIPART}"
_REMOVE = "Mutation.removeBackgroundFromImage"
_MARKS = re.compile(r"[!\[\]]")
_NUMBERS = ("Float", "Int")
_MOST_DETAILS = 30
_KINDS: Mapping[type, str] = {
    GraphQLObjectType: "Organization itself",
    GraphQLInterfaceType: "an interface",
    GraphQLUnionType: "a union",
}
_NO_ANSWER = (AuthExpiredError, CredentialsRefusedError, RateLimitedError, ServiceDownError)

Rows = Mapping[str, str]


@probe("schema", "3", "inferred", "introspection is answered")
def introspection(trial: Trial) -> str:
    """The endpoint tells its schema."""
    loaded = trial.shared("schema", lambda: read_schema(trial.api))
    if isinstance(loaded.problem, _NO_ANSWER):
        raise loaded.problem
    return "introspection is answered" if loaded.live else "introspection is refused"


@probe("schema", "7.2", "inferred", "filesize", "filesize and fileSize")
def size_spelling(trial: Trial) -> str:
    """The size of a file is spelled filesize."""
    schema = trial.schema()
    found = [
        name for name in ("filesize", "fileSize") if type_at(schema, f"{_MULTIPART}(input).{name}")
    ]
    return " and ".join(found) or "neither spelling"


@probe("schema", "7.3", "inferred", "Float")
def size_types(trial: Trial) -> Seen:
    """Sizes are Float, since 2 GiB is no Int."""
    schema = trial.schema()
    paths = [
        *(f"{_MULTIPART}(input).{name}" for name in ("filesize", "fileSize")),
        f"{_MULTIPART}.minPartSize",
        f"{_MULTIPART}.maxPartSize",
    ]
    kinds = {path: type_at(schema, path) for path in paths}
    seen = sorted({_MARKS.sub("", kind) for kind in kinds.values() if kind})
    details = tuple(f"{path}: {kind}" for path, kind in kinds.items() if kind)
    return Seen(" and ".join(seen) or "no size at all", seen == ["Float"], details)


@probe("schema", "19.7", "inferred", *_KINDS.values())
def organization_node(trial: Trial) -> str:
    """What the node of an organization's edge is."""
    node = type_named(trial.schema(), "Query.viewer.organizations.edges.node")
    return next((text for kind, text in _KINDS.items() if isinstance(node, kind)), "nothing known")


@probe("schema", "19.8", "observed", "a scalar, or a list of them")
def delete_answer(trial: Trial) -> Seen:
    """DeleteAssets can be asked without a selection."""
    path = "Mutation.deleteAssets"
    kind, named = type_at(trial.schema(), path), type_named(trial.schema(), path)
    if kind is None:
        raise NothingClearError("There is no deleteAssets.")
    scalar = isinstance(named, GraphQLScalarType | GraphQLEnumType)
    return Seen("a scalar, or a list of them" if scalar else kind, scalar, (f"{path}: {kind}",))


def _names(id_: str, section: str, basis: Basis, title: str, rows: Rows) -> None:
    """Register a probe of names and named types; lists and nulls are let be."""
    _add(id_, section, basis, title, rows, exact=False)


def _types(id_: str, section: str, basis: Basis, title: str, rows: Rows) -> None:
    """Register a probe of types in full: names, lists and nulls."""
    _add(id_, section, basis, title, rows, exact=True)


def _add(id_: str, section: str, basis: Basis, title: str, rows: Rows, *, exact: bool) -> None:
    def action(trial: Trial) -> Seen:
        schema = trial.schema()
        wrong: list[str] = []
        for path, expected in rows.items():
            found = type_at(schema, path)
            if found is None:
                wrong.append(f"{path} is missing")
            elif not _same(found, expected, exact=exact):
                wrong.append(f"{path} is {found}")
        if not wrong:
            return Seen("as expected", as_expected=True)
        return Seen("; ".join(wrong[:_MOST_DETAILS]), as_expected=False, details=tuple(wrong))

    kinds = {path: kind if exact else _MARKS.sub("", kind) for path, kind in rows.items()}
    told = ", ".join(f"{path.rpartition('.')[2]}: {kind}" for path, kind in kinds.items())
    add_probe(Probe(id_, "schema", title, section, basis, (told,), action))


def _same(found: str, expected: str, *, exact: bool) -> bool:
    if exact:
        return found == expected
    bare, wanted = _MARKS.sub("", found), _MARKS.sub("", expected)
    return bare == wanted or (wanted == "number" and bare in _NUMBERS)


_names(
    "single-names",
    "6",
    "documented",
    "createTempFileUploadUrl and its fields",
    {f"{_SINGLE}.uploadUrl": "String", f"{_SINGLE}.downloadUrl": "String"},
)
_types(
    "single-nulls",
    "6",
    "inferred",
    "Its URLs are never null",
    {f"{_SINGLE}.uploadUrl": "String!", f"{_SINGLE}.downloadUrl": "String!"},
)
_names(
    "multipart-names",
    "7.1",
    "documented",
    "createTempFileMultipartUploadUrl and its fields",
    {
        f"{_MULTIPART}.downloadUrl": "String",
        f"{_MULTIPART}.completeUrl": "String",
        f"{_MULTIPART}.uploadPartUrls": "[String]",
        f"{_MULTIPART}.minPartSize": "number",
        f"{_MULTIPART}.maxPartSize": "number",
    },
)
_types(
    "multipart-nulls",
    "7.1",
    "inferred",
    "Its fields are never null",
    {
        f"{_MULTIPART}.downloadUrl": "String!",
        f"{_MULTIPART}.completeUrl": "String!",
        f"{_MULTIPART}.uploadPartUrls": "[String!]!",
        f"{_MULTIPART}.minPartSize": "Float!",
        f"{_MULTIPART}.maxPartSize": "Float!",
    },
)
_names(
    "remove-background-names",
    "9",
    "documented",
    "removeBackgroundFromImage, its input and its field",
    {
        f"{_REMOVE}(input).organizationId": "ID",
        f"{_REMOVE}(input).imageUrl": "String",
        f"{_REMOVE}.imageUrl": "String",
    },
)
_types(
    "remove-background-nulls",
    "9",
    "inferred",
    "Its input takes ID! and String!",
    {
        f"{_REMOVE}(input).organizationId": "ID!",
        f"{_REMOVE}(input).imageUrl": "String!",
        f"{_REMOVE}.imageUrl": "String!",
    },
)
_types(
    "create-asset-input",
    "10",
    "documented",
    "The input of createAsset",
    {
        f"Mutation.createAsset(input).{name}": kind
        for name, kind in {
            "src": "String",
            "type": "AssetType!",
            "name": "String!",
            "filename": "String!",
            "assetRepositoryId": "ID!",
            "label": "String",
            "assetFolderId": "ID",
            "contents": "[ID!]",
            "localeGroup": "String",
            "locale": "String",
            "workflowAssignedTo": "ID",
            "workflowStatus": "WorkflowStatus",
            "tags": "[String!]",
            "thumbFile": "String",
        }.items()
    },
)
_names(
    "create-asset-answer",
    "10",
    "inferred",
    "createAsset answers with an Asset",
    {"Mutation.createAsset": "Asset", "Mutation.createAsset.id": "ID"},
)
_types(
    "asset-fields",
    "11",
    "documented",
    "The 25 fields of Asset",
    {
        f"Asset.{name}": kind
        for name, kind in {
            "id": "ID!",
            "metadata": "AssetMetadataConnection",
            "metadata(schemaName)": "String!",
            "assetId": "String!",
            "assetRepositoryId": "ID",
            "assetFolderId": "ID",
            "createdDate": "DateTime",
            "status": "AssetStatus",
            "published": "Boolean",
            "filename": "String",
            "revisionNumber": "Float",
            "label": "String",
            "name": "String",
            "mimeType": "String",
            "locale": "String",
            "localeGroup": "String",
            "thumbFile": "String",
            "file": "String",
            "thumbUrl": "String",
            "tags": "[String!]",
            "type": "AssetType",
            "workflowAssignedBy": "ID",
            "workflowAssignedTo": "ID",
            "workflowAssignedAt": "DateTime",
            "workflowStatus": "WorkflowStatus",
            "contents": "[ID!]",
        }.items()
    },
)
_names(
    "asset-types",
    "10",
    "documented",
    "The kinds of asset that are known",
    {"AssetType.IMAGE": "value", "AssetType.VIDEO": "value"},
)
_names(
    "asset-states",
    "14",
    "inferred",
    "The values of AssetStatus and WorkflowStatus",
    {
        "AssetStatus.ACTIVE": "value",
        "AssetStatus.INACTIVE": "value",
        "WorkflowStatus.NOT_ASSIGNED": "value",
    },
)
_types(
    "asset-folder-fields",
    "14",
    "documented",
    "The fields of AssetFolder",
    {
        "AssetFolder.id": "ID!",
        "AssetFolder.label": "String!",
        "AssetFolder.status": "String!",
        "AssetFolder.children": "[AssetFolder!]!",
        "AssetFolder.assets(before)": "String",
        "AssetFolder.assets(after)": "String",
        "AssetFolder.assets(first)": "Int",
        "AssetFolder.assets(last)": "Int",
        "AssetFolder.assets": "AssetsConnection!",
    },
)
_names(
    "queries",
    "11",
    "documented",
    "viewer, node, assets and assetSearch",
    {
        "Query.viewer": "User",
        "Organization.id": "ID",
        "Query.viewer.mediaHubs.edges.node.assetRepositories.edges.node": "AssetRepository",
        "AssetRepository.assetFolders.edges.node": "AssetFolder",
        "Query.node": "Node",
        "Query.node(id)": "ID",
        "Query.assets": "AssetsConnection",
        "Query.assets(id)": "[ID]",
        "Query.assetSearch(keyword)": "String",
        "Query.assetSearch.total": "number",
    },
)
_names(
    "search-filters",
    "11",
    "observed",
    "assetSearch's filters, sort and nodes",
    {
        "Query.assetSearch(filters).assetFolderId": "[String]",
        "Query.assetSearch(filters).assetRepositoryId": "[String]",
        "Query.assetSearch.edges.node.updatedDate": "DateTime",
        "Query.assetSearch.edges.node.label": "String",
        "Query.assetSearch.edges.node.name": "String",
    },
)
_types(
    "search-keyword",
    "19.3",
    "observed",
    "assetSearch can be asked without a keyword",
    {"Query.assetSearch(keyword)": "String"},
)
_names(
    "organization-hubs",
    "19.7",
    "observed",
    "The hubs of an organization, and the picture of a user",
    {
        "Organization.cmsHubs": "CMSHub",
        "Organization.cmsHubs.id": "ID",
        "Organization.cmsHubs.label": "String",
        "User.picture": "String",
    },
)
_names(
    "page-info",
    "5",
    "inferred",
    "The four fields of pageInfo",
    {
        f"Query.assets.pageInfo.{name}": kind
        for name, kind in {
            "hasNextPage": "Boolean",
            "hasPreviousPage": "Boolean",
            "startCursor": "String",
            "endCursor": "String",
        }.items()
    },
)
_names(
    "other-mutations",
    "10",
    "observed",
    "createOrUpdateAssetByName, publishAsset, deleteAssets",
    {
        "Mutation.createOrUpdateAssetByName(input)": "CreateUpdateAssetInput",
        "Mutation.createOrUpdateAssetByName.id": "ID",
        "Mutation.publishAsset(input).id": "ID",
        "Mutation.publishAsset.publishJobId": "ID",
        "Mutation.deleteAssets(input).id": "[ID]",
    },
)
_names(
    "create-folder",
    "10",
    "documented",
    "createAssetFolder and its input",
    {
        "Mutation.createAssetFolder(input).assetRepositoryId": "ID",
        "Mutation.createAssetFolder(input).label": "String",
        "Mutation.createAssetFolder(input).parentId": "ID",
    },
)
_names(
    "credit-balance",
    "9",
    "observed",
    "The credit balance of an organization",
    {
        "Organization.creditBalance.balance": "number",
        "Organization.creditBalance.creditAllowance": "number",
    },
)
_names(
    "payload-type-names",
    "14",
    "inferred",
    "The names of types that nobody has documented",
    {
        _SINGLE: "CreateTempFileUploadUrlPayload",
        f"{_MULTIPART}(input)": "CreateTempFileMultipartUploadUrlInput",
        _MULTIPART: "CreateTempFileMultipartUploadUrlPayload",
        f"{_REMOVE}(input)": "RemoveBackgroundFromImageInput",
        _REMOVE: "RemoveBackgroundFromImagePayload",
        "Mutation.publishAsset": "PublishAssetPayload",
        "Mutation.deleteAssets(input)": "DeleteAssetsInput",
    },
)
