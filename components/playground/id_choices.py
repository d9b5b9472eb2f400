"""Values to choose from for ids and links in a form, as the endpoint and this app know them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from client.api.documents import document
from client.connection.connection import bare_id
from client.content_hub.assets import ContentHubClient
from client.errors import ClientError
from client.json_object import as_list, as_object
from components.session import api, of_connection, username
from process import this_process

_STATE = "playground_id_choices"


@dataclass(frozen=True)
class IdChoice:
    """A value and what it is called."""

    value: str
    label: str


@dataclass
class _FetchedChoices:
    choices: dict[str, Sequence[IdChoice]] = field(default_factory=dict[str, Sequence[IdChoice]])
    failed: bool = False


def id_choices(name: str) -> Sequence[IdChoice]:
    """Return what the field of that name may hold, asking the endpoint once a visit.

    Nothing is returned for names that mean nothing here, or where the endpoint does not tell.
    """
    fetch = _SOURCES.get(name)
    if fetch is None:
        return ()
    if name in ("imageUrl", "src"):
        return fetch()
    state: _FetchedChoices = of_connection().setdefault(_STATE, _FetchedChoices())
    if name not in state.choices:
        try:
            state.choices[name] = fetch()
        except ClientError:
            state.choices[name] = ()
            state.failed = True
    return state.choices[name]


def filter_choices(name: str) -> Sequence[IdChoice]:
    """Return what a search's filter of that name may hold: bare ids (contract 19.3)."""
    return [IdChoice(bare_id(one.value), one.label) for one in id_choices(name)]


def choices_failed() -> bool:
    """Return whether the endpoint did not give choices for some field."""
    state: _FetchedChoices | None = of_connection().get(_STATE)
    return bool(state and state.failed)


def forget_choices() -> None:
    """Have the endpoint asked again."""
    of_connection().pop(_STATE, None)


def _organizations() -> Sequence[IdChoice]:
    return [IdChoice(one["id"], one["name"]) for one in api().operations.viewer()["organizations"]]


def _repositories() -> Sequence[IdChoice]:
    return [IdChoice(one.id, one.label) for one in ContentHubClient(api()).repositories()]


def _folders() -> Sequence[IdChoice]:
    hub = ContentHubClient(api())
    return [
        IdChoice(folder.id, " / ".join((repository.label, *folder.path)))
        for repository in hub.repositories()
        for folder in hub.folders(repository.id).folders
    ]


def _assets() -> Sequence[IdChoice]:
    found = as_object(api().graphql.execute(document("newest-assets")).get("assetSearch"))
    nodes = [as_object(as_object(edge).get("node")) for edge in as_list(found.get("edges"))]
    return [
        IdChoice(str(node["id"]), str(node.get("label") or node.get("name") or node["id"]))
        for node in nodes
        if node.get("id")
    ]


def _own_files() -> Sequence[IdChoice]:
    return [
        IdChoice(receipt.download_url, transfer.name)
        for transfer, receipt in this_process().transfers.finished(username())
        if receipt.deadline > time.time()
    ]


_SOURCES: Mapping[str, Callable[[], Sequence[IdChoice]]] = {
    "organizationId": _organizations,
    "assetRepositoryId": _repositories,
    "assetFolderId": _folders,
    "parentId": _folders,
    "id": _assets,
    "imageUrl": _own_files,
    "src": _own_files,
}
