"""How assets are found: keywords, filters, order and pages, by what the account has already.

Nothing is made. A word is taken from the name of an asset that is there, and one that nothing has.
"""

import re
from typing import Any

from client.api.graphql import GraphQLAnswer
from client.api.pagination import next_cursor, nodes, text_of
from client.connection.connection import bare_id
from client.content_hub.assets import NO_FOLDER_ID
from client.contract_check.outcome import NothingClearError, NotRunError
from client.contract_check.probe import probe
from client.contract_check.trial import Trial, told_failure
from client.json_object import JsonObject, as_number, as_object

_NO_WORD = "zqxjkvwzqxj"
_WORD = re.compile(r"[A-Za-z]{3,}")
_SEARCH = """\
query ($keyword: String!, $first: Int, $after: String) {
  assetSearch(keyword: $keyword, first: $first, after: $after) {
    total edges { node { id name } } pageInfo { hasNextPage endCursor } } }"""
_IN_REPOSITORY = """\
query ($place: String!) {
  assetSearch(keyword: "*", first: 1, filters: { assetRepositoryId: [$place] }) { total } }"""
_SORTED = '{ assetSearch(keyword: "*", first: 1, sort: { createdDate: DESC }) { total } }'
_WITHOUT_KEYWORD = "{ assetSearch(first: 1) { total } }"
_REPOSITORIES = """\
{ viewer { mediaHubs(first: 5) { edges { node { assetRepositories(first: 20) { edges { node {
  id assetFolders(first: 50) { edges { node { id } } } } } } } } } } }"""
_ASSETS_OF = """\
query ($id: ID!) { node(id: $id) { ... on AssetRepository { assets(first: 100) {
  edges { node { id assetFolderId } } } } } }"""


@probe("assets", "19.3", "observed", "more than a word that nothing has")
def search_everything(trial: Trial) -> str:
    """The keyword * finds everything."""
    everything = _total(trial, "*")
    if not everything and not _total(trial, "a"):
        raise NotRunError("There are no assets to find.")
    return "more than a word that nothing has" if everything else "nothing"


@probe("assets", "19.3", "inferred", "everything", "nothing")
def search_without_keyword(trial: Trial) -> str:
    """What a search without a keyword finds."""
    answer = trial.ask(_WITHOUT_KEYWORD)
    if answer.failure:
        return told_failure(answer)
    return "everything" if _total_of(answer) else "nothing"


@probe("assets", "19.3", "documented", "it is found")
def search_in_capitals(trial: Trial) -> str:
    """Case does not matter in a search."""
    return "it is found" if _total(trial, _word(trial).swapcase()) else "it is not found"


@probe("assets", "19.3", "documented", "it is found")
def search_part_of_word(trial: Trial) -> str:
    """A part of a word is enough for a search."""
    return "it is found" if _total(trial, _word(trial)[:-1]) else "it is not found"


@probe("assets", "19.3", "documented", "it is found")
def search_any_word(trial: Trial) -> str:
    """Of several words one is enough for a search."""
    found = _total(trial, f"{_word(trial)} {_NO_WORD}")
    return "it is found" if found else "it is not found"


@probe("assets", "19.3", "documented", "nothing is found")
def search_phrase(trial: Trial) -> str:
    """Words in double quotes have to stand together."""
    found = _total(trial, f'"{_word(trial)} {_NO_WORD}"')
    return "something is found" if found else "nothing is found"


@probe("assets", "19.3", "documented", "success")
def search_order(trial: Trial) -> str:
    """A search can be sorted by createdDate."""
    return told_failure(trial.ask(_SORTED))


@probe("assets", "19.3", "documented", "another asset")
def search_next_page(trial: Trial) -> str:
    """The endCursor of a page leads to the next one."""
    values = {"keyword": "*", "first": 1}
    first = as_object(trial.data(_SEARCH, values).get("assetSearch"))
    cursor = next_cursor(first)
    if cursor is None:
        raise NotRunError("There are not two assets to find.")
    second = as_object(trial.data(_SEARCH, {**values, "after": cursor}).get("assetSearch"))
    ids = [[text_of(node, "id") for node in nodes(page)] for page in (first, second)]
    return "another asset" if ids[1] and ids[0] != ids[1] else "the same asset or none"


@probe("assets", "19.3", "observed", "it finds the assets")
def search_bare_id(trial: Trial) -> str:
    """The filters of a search take bare UUIDs."""
    return _told_filter(trial, bare_id(_filled(trial)["id"]))


@probe("assets", "19.3", "inferred", "it finds nothing", "it finds the assets", "it is refused")
def search_global_id(trial: Trial) -> str:
    """What a global id does in the filters of a search."""
    return _told_filter(trial, _filled(trial)["id"])


@probe("assets", "19.10", "inferred", "not listed", "listed")
def no_folder(trial: Trial) -> str:
    """Whether a folder is listed that stands for none."""
    listed = [
        text_of(repository, "id")
        for repository in _repositories(trial)
        for folder in nodes(as_object(repository.get("assetFolders")))
        if folder.get("id") == NO_FOLDER_ID
    ]
    return "listed" if listed else "not listed"


@probe("assets", "19.10", "inferred", "all of its assets", "those in no folder")
def repository_assets(trial: Trial) -> str:
    """Which assets a repository lists: all, or those in no folder."""
    found = [node for _, listed in _listings(trial) for node in listed]
    if any(text_of(node, "assetFolderId") not in ("", NO_FOLDER_ID) for node in found):
        return "all of its assets"
    if _total(trial, "*") <= len(found):
        raise NotRunError("No asset is in a folder.")
    return "those in no folder"


def _total(trial: Trial, keyword: str) -> int:
    return _total_of(trial.ask(_SEARCH, {"keyword": keyword, "first": 1}))


def _total_of(answer: GraphQLAnswer) -> int:
    """Return how many were found.

    Raises:
        ClientError: the search failed.
        NothingClearError: the answer has no total.
    """
    if answer.failure:
        raise answer.failure
    total = as_number(as_object((answer.data or {}).get("assetSearch")).get("total"))
    if total is None:
        raise NothingClearError("The answer has no total.")
    return int(total)


def _word(trial: Trial) -> str:
    """Return the longest word in the name of an asset that a search for it finds.

    Raises:
        NotRunError: there is none.
    """

    def found() -> str:
        data = trial.data(_SEARCH, {"keyword": "*", "first": 20})
        names = [text_of(node, "name") for node in nodes(as_object(data.get("assetSearch")))]
        words: list[str] = [word for name in names for word in _WORD.findall(name)]
        words.sort(key=len)
        if not words or not _total(trial, words[-1]):
            raise NotRunError("No asset has a word in its name that a search finds.")
        return words[-1]

    return trial.shared("a word of an asset's name", found)


def _told_filter(trial: Trial, place: str) -> str:
    answer = trial.ask(_IN_REPOSITORY, {"place": place})
    if answer.errors:
        return "it is refused"
    return "it finds the assets" if _total_of(answer) else "it finds nothing"


def _filled(trial: Trial) -> JsonObject:
    """Return a repository that has assets.

    Raises:
        NotRunError: none has.
    """
    for repository, listed in _listings(trial):
        if listed:
            return repository
    raise NotRunError("No repository has assets.")


def _listings(trial: Trial) -> list[tuple[JsonObject, list[JsonObject]]]:
    """Return repositories, each with up to 100 of the assets that it lists."""

    def read() -> list[tuple[JsonObject, list[JsonObject]]]:
        listings: list[tuple[JsonObject, list[JsonObject]]] = []
        for repository in _repositories(trial)[:5]:
            data = trial.data(_ASSETS_OF, {"id": text_of(repository, "id")})
            assets = as_object(as_object(data.get("node")).get("assets"))
            listings.append((repository, list(nodes(assets))))
        return listings

    return trial.shared("assets of repositories", read)


def _repositories(trial: Trial) -> list[JsonObject]:
    def read() -> list[JsonObject]:
        viewer: Any = trial.data(_REPOSITORIES).get("viewer")
        hubs = nodes(as_object(as_object(viewer).get("mediaHubs")))
        return [node for hub in hubs for node in nodes(as_object(hub.get("assetRepositories")))]

    return trial.shared("repositories with folders", read)
