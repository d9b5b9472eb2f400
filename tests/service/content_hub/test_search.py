"""`assetSearch` by Amplience's page of search conventions and its own clients (contract 19.3)."""

import sqlite3
import unicodedata
import uuid
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from service.content_hub.refusal import InputRefusedError
from service.content_hub.search import MOST_TERMS, Term, searched_text, terms_of
from service.graphql.resolvers.global_ids import read_global_id
from tests.service.api_client import Api
from tests.service.content_hub.test_mutations import (
    ARCHIVE,
    REPOSITORY,
    UNKNOWN,
    UPSERT,
    create,
    data,
    make_folder,
    refused,
    search,
)
from tests.service.live import SMALL, Live, running

GREEN, BLUE = "demo-bottle-green", "demo-bottle-blue"
BANNER = "demo-banner"
RED, PLAIN = "demo-mug-red", "demo-mug-plain"
ALL = {GREEN, BLUE, RED, BANNER, PLAIN}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Generator[Api, None, None]:
    """A service with the demo data and nothing else."""
    with running(tmp_path_factory.mktemp("demo"), demo_data=True) as live:
        yield live.api


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    with running(tmp_path_factory.mktemp("search"), **SMALL) as live:
        yield live


def names(found: Any) -> list[str]:
    return [edge["node"]["name"] for edge in found["edges"]]


def ids(found: Any) -> list[str]:
    return [edge["node"]["id"] for edge in found["edges"]]


def bare(global_id: str) -> str:
    read = read_global_id(global_id)
    assert read
    return read[1]


@pytest.mark.parametrize(
    ("keyword", "expected"),
    [
        # What finds everything: the gallery's "*", nothing at all, and what amounts to that.
        (None, ALL),
        ("", ALL),
        (" \t\n", ALL),
        ("*", ALL),
        (" * ", ALL),
        ('"', ALL),
        ('""', ALL),
        ('" " ""', ALL),
        ("* laptop", ALL),
        # Single terms, in any case, and parts of words.
        ("blue", {BLUE}),
        ("BOTTLE", {GREEN, BLUE}),
        ("ottl", {GREEN, BLUE}),
        ("demo", ALL),
        ("laptop", set[str]()),
        # Several terms: any of them.
        ("blue red", {BLUE, RED}),
        ("red  \N{NO-BREAK SPACE} hills", {RED, BANNER}),
        ("laptop bottle", {GREEN, BLUE}),
        ("bottle demo", ALL),
        ("laptop phone", set[str]()),
        # A phrase; its space finds a hyphen too, in the middle of a name as at its start.
        ('"demo bottle"', {GREEN, BLUE}),
        ('"DEMO MUG RED"', {RED}),
        ('"bottle blu"', {BLUE}),
        ('"demo  mug\tred"', {RED}),
        ('" demo bottle "', {GREEN, BLUE}),
        ('"mug, plain"', {PLAIN}),
        ('"demo-bottle"', {GREEN, BLUE}),
        ('"bottle demo"', set[str]()),
        ("demo bottle", ALL),
        # Several phrases; phrases and words.
        ('"mug red" "bottle blue"', {RED, BLUE}),
        ('"mug red""bottle blue"', {RED, BLUE}),
        ('"mug red" hills', {RED, BANNER}),
        ('hills"mug red"blue', {RED, BANNER, BLUE}),
        ('hills "bottle demo"', {BANNER}),
        # A quote that was not closed yet.
        ('"bottle blu', {BLUE}),
        ('hills "mug r', {BANNER, RED}),
        ('"mug red" "bottle bl', {RED, BLUE}),
        # Outside quotes a hyphen is a hyphen; words are looked for in one field at a time.
        ("demo-mug", {RED, PLAIN}),
        ("mug,-red", set[str]()),
        ('"demo banner banner, hills"', set[str]()),
    ],
)
def test_the_conventions_hold_on_the_demo_data(
    demo: Api, keyword: str | None, expected: set[str]
) -> None:
    """Must show: every kind of example of the page gives the kind of answer that it describes."""
    found = search(demo, keyword)
    assert set(names(found)) == expected
    assert found["total"] == len(expected)


def test_a_search_without_any_argument_finds_everything(demo: Api) -> None:
    assert data(demo, "{ assetSearch { total } }")["assetSearch"]["total"] == len(ALL)
    literal = "{ assetSearch(keyword: null) { total } }"
    assert data(demo, literal)["assetSearch"]["total"] == len(ALL)


@pytest.mark.parametrize("filtered", ["assetFolderId", "assetRepositoryId"])
def test_documents_with_string_variables_are_valid(live: Live, filtered: str) -> None:
    """As Amplience's media gallery declares them: `String!` for the UUID, `String` for words."""
    api, mark = live.api, uuid.uuid4().hex
    folder = make_folder(api, mark)
    inside = create(api, label=mark, assetFolderId=folder["id"])
    create(api, label=mark, assetRepositoryId=ARCHIVE)
    query = f"""query ($place: String!, $words: String, $after: String) {{
      assetSearch(keyword: $words, first: 100, after: $after, sort: {{ updatedDate: DESC }},
        filters: {{ {filtered}: [$place] }}) {{
        total pageInfo {{ hasNextPage endCursor }}
        edges {{ node {{ id name label updatedDate }} }} }} }}"""
    place = folder["id"] if filtered == "assetFolderId" else REPOSITORY
    for given in (place, bare(place), bare(place).upper()):
        found = data(api, query, place=given, words=mark, after=None)["assetSearch"]
        assert ids(found) == [inside["id"]]
        without_words = data(api, query, place=given)["assetSearch"]
        assert inside["id"] in ids(without_words)


def test_filters_take_uuids_bare_and_global_together(live: Live) -> None:
    api, mark = live.api, uuid.uuid4().hex
    folders = [make_folder(api, mark) for _ in range(2)]
    made = [create(api, label=mark, assetFolderId=folder["id"])["id"] for folder in folders]
    both = [folders[0]["id"], bare(folders[1]["id"])]
    assert set(ids(search(api, mark, filters={"assetFolderId": both}))) == set(made)
    nowhere = {"assetFolderId": [str(uuid.uuid4())]}
    assert search(api, mark, filters=nowhere)["total"] == 0
    other = {"assetFolderId": both, "assetRepositoryId": [bare(ARCHIVE)]}
    assert search(api, mark, filters=other)["total"] == 0
    anywhere = {"assetFolderId": None, "assetRepositoryId": None}
    assert search(api, mark, filters=anywhere)["total"] == 2


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"assetFolderId": [REPOSITORY]}, "filters.assetFolderId is the id of another type"),
        ({"assetRepositoryId": [UNKNOWN]}, "another type (Asset); it must be of AssetRepository"),
        ({"assetRepositoryId": ["x"]}, "filters.assetRepositoryId is neither a UUID nor"),
        ({"assetRepositoryId": [""]}, "filters.assetRepositoryId is neither a UUID nor"),
        ({"assetFolderId": ["*"]}, "filters.assetFolderId is neither a UUID nor"),
        ({"assetFolderId": [f"{{{uuid.uuid4()}}}"]}, "filters.assetFolderId is neither"),
        ({"assetFolderId": [f"{uuid.uuid4()}\n"]}, "filters.assetFolderId is neither"),
    ],
)
def test_a_filter_that_is_no_id_of_its_kind_is_refused(
    live: Live, filters: dict[str, Any], message: str
) -> None:
    query = "query ($f: AssetSearchFilters) { assetSearch(filters: $f) { total } }"
    assert message in refused(live.api.graphql(query, {"f": filters}))


@pytest.mark.parametrize("character", ["%", "_", "\\", "/", "'", "[", "?", "*", "^", "-", "é"])
def test_no_character_of_a_word_stands_for_others(live: Live, character: str) -> None:
    api, mark = live.api, uuid.uuid4().hex
    with_it = create(api, label=f"{mark}{character}end")
    create(api, label=f"{mark}xend")
    create(api, label=f"{mark}xxend")
    for keyword in (f"{mark}{character}end", f'"{mark}{character}end"'):
        assert ids(search(api, keyword)) == [with_it["id"]]


@pytest.mark.parametrize("text", ["café crème", "Ångström", "한국어", "ố và ở"])
def test_what_was_composed_finds_what_was_not_and_the_other_way_round(
    live: Live, text: str
) -> None:
    api, mark = live.api, uuid.uuid4().hex
    forms = [unicodedata.normalize(form, text) for form in ("NFC", "NFD")]
    assert forms[0] != forms[1]
    made = [create(api, name=f"{mark} {form}")["id"] for form in forms]
    made.append(create(api, tags=[f"{mark} {forms[1].upper()}"])["id"])
    for form in forms:
        assert set(ids(search(api, f'"{mark} {form}"'))) == set(made)
        assert set(ids(search(api, f'"{mark} {form.upper()}"'))) == set(made)


@pytest.mark.parametrize(
    ("label", "keyword"),
    [
        ("STRASSE", "straße"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        ("ﬁligree", "FILIGREE"),
        ("😀 smile", "😀"),
        ("no\N{NO-BREAK SPACE}break", '"no break"'),
        ("two  spaces", '"two spaces"'),
        ('the 12" disc', '12"'),
    ],
)
def test_texts_that_differ_in_case_or_spaces_only_are_found(
    live: Live, label: str, keyword: str
) -> None:
    asset = create(live.api, label=label)
    assert asset["id"] in ids(search(live.api, keyword, first=100))


def test_an_accent_is_not_a_matter_of_case(live: Live) -> None:
    mark = uuid.uuid4().hex
    create(live.api, label=f"{mark}é")
    assert search(live.api, f"{mark}e")["total"] == 0


def test_very_long_keywords_are_answered(live: Live) -> None:
    api, mark = live.api, uuid.uuid4().hex
    longest = create(api, label=mark + "ß" * (255 - len(mark)))
    assert ids(search(api, longest["label"].upper())) == [longest["id"]]
    for word in (mark + "a" * 60_000, "%" * 60_000, f'"{mark}' + " a" * 60_000):
        assert search(api, word)["total"] == 0
    assert ids(search(api, f"{mark} {'a' * 60_000}")) == [longest["id"]]


def test_hundreds_of_words_are_too_many(live: Live) -> None:
    operations = Path(__file__).parents[3] / "docs/operations.md"
    assert f"at most {MOST_TERMS} words and phrases" in operations.read_text(encoding="utf-8")
    api, mark = live.api, uuid.uuid4().hex
    asset = create(api, label=f"the {mark}")
    words = [uuid.uuid4().hex for _ in range(MOST_TERMS)]
    assert ids(search(api, " ".join([mark, *words[1:]]))) == [asset["id"]]
    assert ids(search(api, f"{mark} " * 5_000)) == [asset["id"]]  # one word, however often
    query = "query ($k: String) { assetSearch(keyword: $k) { total } }"
    for keyword in (" ".join([mark, *words]), " ".join(f'"{word} a"' for word in [mark, *words])):
        assert f"more than {MOST_TERMS} words" in refused(api.graphql(query, {"k": keyword}))


@pytest.mark.parametrize(
    "sort",
    [
        None,
        {"updatedDate": "ASC"},
        {"updatedDate": "DESC"},
        {"createdDate": "ASC"},
        {"createdDate": "DESC"},
        {"createdDate": "ASC", "updatedDate": "DESC"},
        {"createdDate": None, "updatedDate": None},
    ],
)
def test_pages_of_a_search_by_several_words_have_every_asset_once(
    live: Live, sort: dict[str, str | None] | None
) -> None:
    api = live.api
    one, two = uuid.uuid4().hex, uuid.uuid4().hex
    made = [create(api, label=label)["id"] for label in [one, two, f"{one}-{two}", two, one]]
    with sqlite3.connect(live.settings.data_dir / "content-hub.sqlite3") as database:
        # Assets of one moment: only the number tells them apart.
        database.execute("UPDATE assets SET created = 1, updated = 1")
    database.close()
    keyword, after, seen = f'{one} "{two}" nothing-else', None, list[str]()
    for more in (True, True, False):
        page = search(api, keyword, sort=sort, first=2, after=after)
        seen += ids(page)
        after = page["pageInfo"]["endCursor"]
        assert (page["total"], page["pageInfo"]["hasNextPage"]) == (5, more)
    rising = sort is not None and "ASC" in (sort.get("createdDate"), sort.get("updatedDate"))
    assert seen == (made if rising else made[::-1])


def test_the_moment_of_making_and_of_the_last_change_both_sort(live: Live) -> None:
    api, mark = live.api, uuid.uuid4().hex
    name = f"first-{mark}"
    first = create(api, name=name, label=mark)["id"]
    second = create(api, label=mark)["id"]
    changed = {
        "type": "IMAGE",
        "name": name,
        "filename": "b.png",
        "assetRepositoryId": REPOSITORY,
    }
    data(api, UPSERT, **{"in": changed})
    assert ids(search(api, mark, sort={"createdDate": "ASC"})) == [first, second]
    assert ids(search(api, mark, sort={"createdDate": "DESC"})) == [second, first]
    assert ids(search(api, mark, sort={"updatedDate": "ASC"})) == [second, first]
    assert ids(search(api, mark)) == [first, second]


def test_assets_of_an_earlier_version_are_found_as_new_ones_are(tmp_path: Path) -> None:
    decomposed = unicodedata.normalize("NFD", "Café crème")
    with running(tmp_path, **SMALL) as live:
        made = create(live.api, label=decomposed, tags=["Größe"])
        file = live.settings.data_dir / "content-hub.sqlite3"
    with sqlite3.connect(file) as database:  # as it was written before
        database.execute("UPDATE assets SET searched = ?", [f"{decomposed}\nGröße".casefold()])
        database.execute("PRAGMA user_version = 0")
    database.close()
    for _ in range(2):
        with running(tmp_path, **SMALL) as live:
            assert ids(search(live.api, '"café crème"')) == [made["id"]]
            assert ids(search(live.api, "GRÖSSE")) == [made["id"]]


def test_terms_are_told_apart() -> None:
    assert terms_of('Red "extra  small" x"y z') == [
        Term("red"),
        Term("extra small", phrase=True),
        Term("x"),
        Term("y z", phrase=True),
    ]
    assert terms_of('a A "a" "A"') == [Term("a"), Term("a", phrase=True)]
    with pytest.raises(InputRefusedError):
        terms_of(" ".join(map(str, range(100_000))))


def test_a_field_is_a_line() -> None:
    assert searched_text(["A b", "ÄÖ\u2028x", ""]) == "a b\näö x\n"
