"""The Content Hub: repositories, folders, and making an asset of a temp file (contract 5, 10, 11).

Pages of connections have at most 100 nodes, and folders are read two levels at a time, so that no
request comes near the 10,000 points of contract 4.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from client.api.api import Api
from client.api.documents import document
from client.api.pagination import first_node, next_cursor, nodes, text_of
from client.errors import (
    ClientError,
    Detail,
    GraphQLFailedError,
    NameTakenError,
    OutcomeUnknownError,
    ServiceDownError,
    UnexpectedAnswerError,
)
from client.json_object import JsonObject, as_list, as_number, as_object

AssetType = Literal["IMAGE", "VIDEO"]
"""The values that are confirmed (contract 10)."""

LONGEST_NAME = 255
EVERYTHING = "*"
"""The keyword that finds all assets (contract 19.3)."""
_FOLDERS_AT_ONCE = 20
"""A service may cap how often a document repeats a field; ours does at 25."""
_MOST_FOLDER_REQUESTS = 12
_MOST_SEARCH_PAGES = 5
NO_FOLDER_ID = "QXNzZXRGb2xkZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw"
"""A folder that stands for none (contract 5). An endpoint may list it (contract 19.10)."""
_EXTENSION = re.compile(r"(?<=.)\.[A-Za-z0-9]{1,8}$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Repository:
    """A place for assets; `id` is a global id."""

    id: str
    label: str


@dataclass(frozen=True)
class Folder:
    """A folder; `path` has the labels from the top level down to its own."""

    id: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class FolderTree:
    """The folders of a repository, each followed by what is in it; `NO_FOLDER_ID` comes last.

    Attributes:
        whole: False when there are more than were read.
    """

    folders: tuple[Folder, ...]
    whole: bool


@dataclass(frozen=True)
class NewAsset:
    """What an asset is made of; without a folder it goes to the root of the repository.

    Attributes:
        src: a temp file's download URL.
    """

    src: str = field(repr=False)
    type: AssetType
    name: str
    filename: str
    repository_id: str
    folder_id: str | None = None
    label: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asset:
    """An asset as far as the API told of it: only `id` and `name` are certain.

    Attributes:
        id: the global id.
        asset_id: the bare UUID that delivery uses.
        type: `IMAGE`, `VIDEO` or another value of the endpoint's enum.
        status: as the endpoint's enum has it.
        revision: 1 at first.
        created: seconds since the epoch.
        folder_id: empty at the root of the repository.
        file: where the file can be fetched; signed by some services, so not to be logged.
    """

    id: str
    name: str
    asset_id: str = ""
    filename: str = ""
    published: bool = False
    mime_type: str = ""
    label: str = ""
    type: str = ""
    status: str = ""
    revision: int | None = None
    created: float | None = None
    repository_id: str = ""
    folder_id: str = ""
    tags: tuple[str, ...] = ()
    file: str = field(default="", repr=False)
    thumb_url: str = field(default="", repr=False)


def read_asset(node: JsonObject) -> Asset:
    """Return the asset of a node with the fields of `assets-by-id.graphql` and `assets-of`."""
    revision = as_number(node.get("revisionNumber"))
    folder_id = text_of(node, "assetFolderId")
    return Asset(
        id=str(node["id"]),
        name=text_of(node, "name"),
        asset_id=text_of(node, "assetId"),
        filename=text_of(node, "filename"),
        published=node.get("published") is True,
        mime_type=text_of(node, "mimeType"),
        label=text_of(node, "label"),
        type=text_of(node, "type"),
        status=text_of(node, "status"),
        revision=None if revision is None else int(revision),
        created=_moment(text_of(node, "createdDate")),
        repository_id=text_of(node, "assetRepositoryId"),
        folder_id="" if folder_id == NO_FOLDER_ID else folder_id,
        tags=tuple(str(tag) for tag in as_list(node.get("tags"))),
        file=text_of(node, "file"),
        thumb_url=text_of(node, "thumbUrl"),
    )


def suggested_name(filename: str) -> str:
    """Return a name for an asset: the file's without its extension, which names do not have."""
    one_line = _CONTROL.sub(" ", filename).strip()
    return _EXTENSION.sub("", one_line)[:LONGEST_NAME].strip() or "asset"


class ContentHubClient:
    """Reads and writes assets over one connection. Thread-safe."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def repositories(self) -> list[Repository]:
        """Return the repositories of all media hubs the credentials reach.

        An empty list is the usual sign of credentials without a grant (contract 2.3).

        Raises:
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        found: list[Repository] = []
        hub: str | None = None
        while True:
            hubs = self._hub_page(hub, found)
            hub = next_cursor(hubs)
            if hub is None:
                return found

    def folders(self, repository_id: str) -> FolderTree:
        """Return the folders of a repository, at most about 12 requests' worth.

        Raises:
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        reading = _FolderReading(self._api)
        reading.top_level(repository_id)
        while reading.unread and reading.requests_left:
            reading.next_level()
        return reading.tree()

    def free_name(self, name: str) -> str:
        """Return the name, or with a number, `film (2)`, when assets have it already.

        A guess: somebody else may take it before it is used.

        Raises:
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        ending = _EXTENSION.search(name)
        stem, extension = (name[: ending.start()], ending[0]) if ending else (name, "")
        stem = re.sub(r" \(\d+\)$", "", stem)
        found = self._search(stem)
        if name not in found.ids:
            return name
        number = 2 if found.whole else found.total + 2
        while True:
            tail = f" ({number}){extension}"
            candidate = stem[: LONGEST_NAME - len(tail)] + tail
            if candidate not in found.ids:
                return candidate
            number += 1

    def is_taken(self, name: str) -> bool:
        """Return whether an asset of the account has exactly this name.

        Raises:
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        return self._id_of(name) is not None

    def create(self, new: NewAsset) -> Asset:
        """Make an asset. The mutation is sent once; after a lost answer the asset is looked for.

        Raises:
            NameTakenError: an asset has the name, as far as can be told before anything is sent.
            OutcomeUnknownError: the answer was lost, and no asset has the name so far.
            ApiError: another of its leaves.
            ServiceDownError: no answer arrived before anything was sent.
        """
        if self.is_taken(new.name):
            raise _taken(new.name)
        asset_id = self._create_once(new)
        try:
            data = self._api.graphql.execute(document("assets-by-id"), {"ids": [asset_id]})
        except ClientError:  # it is there, which is what matters
            return Asset(asset_id, new.name)
        node = first_node(as_object(data.get("assets")))
        return read_asset({**node, "id": asset_id, "name": text_of(node, "name") or new.name})

    def publish(self, asset: Asset) -> str:
        """Ask for an asset to be published; return the id of the job, which runs on its own.

        Raises:
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived; publishing again does no harm.
        """
        data = self._api.graphql.execute(document("publish-asset"), {"id": asset.id})
        return str(as_object(data.get("publishAsset")).get("publishJobId", ""))

    def _hub_page(self, hub: str | None, found: list[Repository]) -> JsonObject:
        repository: str | None = None
        while True:
            values = _given(hub=hub, repository=repository)
            data = self._api.graphql.execute(document("repositories"), values)
            hubs = as_object(as_object(data.get("viewer")).get("mediaHubs"))
            page = as_object(first_node(hubs).get("assetRepositories"))
            found.extend(Repository(str(node["id"]), _label(node)) for node in nodes(page))
            repository = next_cursor(page)
            if repository is None:
                return hubs

    def _create_once(self, new: NewAsset) -> str:
        create = document("create-asset").replace("type: IMAGE", f"type: {new.type}")
        variables = _given(
            src=new.src,
            name=new.name,
            filename=new.filename,
            repository=new.repository_id,
            folder=new.folder_id,
            label=new.label,
            tags=list(new.tags) or None,
        )
        try:
            answer = self._api.graphql.ask(create, variables)
        except ServiceDownError as error:
            if not error.request_sent:
                raise
            return self._made_in_spite_of(error, new)
        if not answer.failure:
            created = str(as_object((answer.data or {}).get("createAsset")).get("id") or "")
            no_id = UnexpectedAnswerError("createAsset was answered without an id.", field="id")
            return created or self._made_in_spite_of(no_id, new)
        if answer.status >= 500:
            return self._made_in_spite_of(answer.failure, new)
        if isinstance(answer.failure, GraphQLFailedError) and self.is_taken(new.name):
            raise _taken(new.name) from answer.failure
        raise answer.failure

    def _made_in_spite_of(self, error: ClientError, new: NewAsset) -> str:
        """Look for the asset whose answer was lost; its name was free just before."""
        unknown = OutcomeUnknownError(
            f'It is not known whether the asset "{new.name}" was created: {error}', name=new.name
        )
        try:
            found = self._id_of(new.name)
        except ClientError:
            raise unknown from error
        if found is None:
            raise unknown from error
        return found

    def _id_of(self, name: str) -> str | None:
        return self._search(name, until=name).ids.get(name)

    def _search(self, keyword: str, until: str | None = None) -> "_Found":
        """Return the assets that a keyword finds; stops early once the name `until` is found."""
        ids: dict[str, str] = {}
        after: str | None = None
        total = 0
        for _ in range(_MOST_SEARCH_PAGES):
            values = _given(keyword=_to_find(keyword), after=after)
            data = self._api.graphql.execute(document("search-names"), values)
            page = as_object(data.get("assetSearch"))
            total = int(as_number(page.get("total")) or 0)
            ids |= {text_of(node, "name"): str(node["id"]) for node in nodes(page)}
            after = next_cursor(page)
            if after is None or until in ids:
                return _Found(ids, total, whole=True)
        return _Found(ids, total, whole=False)


@dataclass(frozen=True)
class _Found:
    """What a search found: name -> id."""

    ids: Mapping[str, str]
    total: int
    whole: bool


class _FolderReading:
    """Reads the folders of a repository level by level."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._labels: dict[str, str] = {}
        self._children: dict[str, list[str]] = {}
        self._top: list[str] = []
        self.unread: list[str] = []
        self.requests_left = _MOST_FOLDER_REQUESTS
        self._pages_left = False

    def top_level(self, repository_id: str) -> None:
        """Read the folders at the top, and those in them."""
        after: str | None = None
        while self.requests_left:
            data = self._ask(document("top-folders"), _given(id=repository_id, after=after))
            page = as_object(as_object(data.get("node")).get("assetFolders"))
            for node in nodes(page):
                folder_id = self._take(node)
                self._top.append(folder_id)
                if folder_id != NO_FOLDER_ID:  # nothing is in what stands for no folder
                    self.unread += self._take_children(folder_id, node)
            after = next_cursor(page)
            if after is None:
                return
        self._pages_left = True

    def next_level(self) -> None:
        """Read what is in the next folders that were not looked into."""
        batch, self.unread = self.unread[:_FOLDERS_AT_ONCE], self.unread[_FOLDERS_AT_ONCE:]
        parents = {f"f{number}": parent for number, parent in enumerate(batch)}
        variables = ", ".join(f"${name}: ID!" for name in parents)
        fields = " ".join(
            f"{name}: node(id: ${name}) {{ ... on AssetFolder {{ children {{ id label }} }} }}"
            for name in parents
        )
        data = self._ask(f"query ({variables}) {{ {fields} }}", parents)
        for name, parent in parents.items():
            self.unread += self._take_children(parent, as_object(data.get(name)))

    def tree(self) -> FolderTree:
        """Return what was read."""
        top_level = sorted(self._top, key=lambda one: one == NO_FOLDER_ID)
        folders = tuple(folder for top in top_level for folder in self._below(top, ()))
        return FolderTree(folders, whole=not self.unread and not self._pages_left)

    def _ask(self, document: str, variables: Mapping[str, Any]) -> JsonObject:
        self.requests_left -= 1
        return self._api.graphql.execute(document, variables)

    def _take(self, node: JsonObject) -> str:
        folder_id = str(node["id"])
        self._labels[folder_id] = _label(node)
        return folder_id

    def _take_children(self, parent: str, node: JsonObject) -> list[str]:
        children = [child for child in map(as_object, as_list(node.get("children"))) if child]
        new = [self._take(child) for child in children if str(child["id"]) not in self._labels]
        self._children[parent] = new
        return new

    def _below(self, folder_id: str, above: tuple[str, ...]) -> Iterator[Folder]:
        path = (*above, self._labels[folder_id])
        yield Folder(folder_id, path)
        for child in self._children.get(folder_id, ()):
            yield from self._below(child, path)


def _moment(date_time: str) -> float | None:
    try:
        return datetime.fromisoformat(date_time).timestamp()
    except ValueError:
        return None


def _given(**variables: object) -> dict[str, object]:
    return {name: value for name, value in variables.items() if value is not None}


def _to_find(name: str) -> str:
    """Return a keyword that finds the assets of a name, and few others.

    Several words would find assets with any of them (contract 19.3); as a phrase they stand
    together. A phrase cannot hold a quote, so the longest piece without one has to do.
    """
    piece = max(name.split('"'), key=len).strip()
    return f'"{piece}"' if len(piece.split()) > 1 else piece or EVERYTHING


def _label(node: JsonObject) -> str:
    return text_of(node, "label") or str(node["id"])


def _taken(name: str) -> NameTakenError:
    details: dict[str, Detail] = {"name": name}
    return NameTakenError(f'An asset named "{name}" exists already.', **details)
