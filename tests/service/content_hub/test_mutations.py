"""Assets, folders and repositories through GraphQL, as contract 5, 10 and 11 have them."""

import io
import re
import uuid
from collections.abc import Generator
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base
from PIL.TiffImagePlugin import IFDRational

from service.graphql.resolvers.global_ids import global_id
from service.http.safety import PDF_POLICY
from tests.service.api_client import BLOCKS, Api, error_code, part_list, uploaded
from tests.service.live import SMALL, Live, running
from tests.service.sample_images import png

FIELDS = """id assetId name label filename type mimeType published revisionNumber status createdDate
  assetRepositoryId assetFolderId file thumbFile thumbUrl tags contents locale localeGroup
  workflowAssignedBy workflowAssignedTo workflowAssignedAt workflowStatus"""
CREATE = f"mutation ($in: CreateAssetInput!) {{ createAsset(input: $in) {{ {FIELDS} }} }}"
UPSERT = f"""mutation ($in: CreateUpdateAssetInput!) {{
  createOrUpdateAssetByName(input: $in) {{ {FIELDS} }} }}"""
FOLDER = """mutation ($in: CreateAssetFolderInput!) {
  createAssetFolder(input: $in) { id label status children { id } }
}"""
REPOSITORY = global_id("AssetRepository", "5d1f0c9e-0d3c-4a52-9a0a-2f6f1f1d0001")
ARCHIVE = global_id("AssetRepository", "5d1f0c9e-0d3c-4a52-9a0a-2f6f1f1d0002")
NO_FOLDER = "QXNzZXRGb2xkZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw"
UNKNOWN = global_id("Asset", str(uuid.uuid4()))


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    """A service with a Content Hub of its own."""
    with running(tmp_path_factory.mktemp("hub"), **SMALL) as live:
        yield live


def temp_file(api: Api, content: bytes, content_type: str = "image/png") -> str:
    urls = api.single()
    assert api.put(urls["uploadUrl"], content, **{"Content-Type": content_type}).status_code == 200
    return urls["downloadUrl"]


def new(api: Api | None = None, **changes: Any) -> dict[str, Any]:
    given = {"type": "IMAGE", "name": f"asset-{uuid.uuid4().hex}", "filename": "a.png"}
    source = {"src": temp_file(api, png())} if api else {}
    return {**given, "assetRepositoryId": REPOSITORY, **source, **changes}


def create(api: Api, **changes: Any) -> dict[str, Any]:
    answer = api.graphql(CREATE, {"in": new(api, **changes)})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["createAsset"]


def make_folder(api: Api, label: str, **changes: Any) -> dict[str, Any]:
    given = {"assetRepositoryId": REPOSITORY, "label": label, **changes}
    return api.graphql(FOLDER, {"in": given}).json()["data"]["createAssetFolder"]


def refused(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    return error["message"]


def data(api: Api, query: str, **variables: Any) -> Any:
    answer = api.graphql(query, variables)
    assert "errors" not in answer.json(), answer.text
    return answer.json()["data"]


def test_an_asset_keeps_a_copy_of_its_temp_file(live: Live) -> None:
    api, content = live.api, png()
    source = temp_file(api, content)
    asset = create(api, src=source, filename="red.bmp", tags=["a", "b"])
    assert asset["id"] == global_id("Asset", asset["assetId"])
    assert (asset["mimeType"], asset["type"]) == ("image/png", "IMAGE")
    assert (asset["revisionNumber"], asset["published"], asset["status"]) == (1, False, "ACTIVE")
    assert (asset["label"], asset["localeGroup"]) == ("red.bmp", asset["name"])
    assert (asset["tags"], asset["contents"], asset["assetFolderId"]) == (["a", "b"], [], None)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", asset["createdDate"])
    assert '"revisionNumber":1,' in api.graphql(CREATE, {"in": new(api)}).text
    key = source.partition("?")[0].rpartition("/")[2]
    # What the temp file is overwritten with must not reach the asset.
    overwrite = live.service.signer.sign("PUT", f"/files/{key}")
    assert api.put(overwrite, b"other bytes").status_code == 200
    answer = api.get(asset["file"])
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert api.get(asset["file"], Range="bytes=0-3").content == content[:4]
    head = api.http.head(asset["file"], timeout=10)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(content)))


def test_a_pdf_of_an_asset_may_be_shown_and_a_drawing_may_not_run(api: Api) -> None:
    pdf = create(api, src=temp_file(api, b"%PDF-1.7\n", "application/pdf"), filename="a.pdf")
    answer = api.get(pdf["file"])
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"] == PDF_POLICY
    assert answer.headers["Cache-Control"] == "no-transform"
    drawing = create(api, src=temp_file(api, b'<svg xmlns="x">', "application/pdf"))
    answer = api.get(drawing["file"])
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_thumbnail_is_made_of_images(api: Api) -> None:
    asset = create(api)
    answer = api.get(asset["thumbUrl"])
    with Image.open(io.BytesIO(answer.content)) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("JPEG", (320, 200))
    assert asset["thumbFile"] in asset["thumbUrl"]
    clear = create(api, src=temp_file(api, png(64, 64, (0, 0, 0, 0))))
    with Image.open(io.BytesIO(api.get(clear["thumbUrl"]).content)) as thumbnail:
        assert (thumbnail.format, thumbnail.mode, thumbnail.size) == ("PNG", "RGBA", (64, 64))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0 not really", "image/jpeg"),
        (png()[:60], "image/png"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video/mp4"),
        (b"plain words", "text/plain"),
        (bytes(range(256)), "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_media_type_is_that_of_the_content_and_broken_images_have_no_thumbnail(
    api: Api, content: bytes, media_type: str
) -> None:
    asset = create(api, src=temp_file(api, content, "image/gif"))
    assert (asset["mimeType"], asset["thumbUrl"], asset["thumbFile"]) == (media_type, None, None)
    assert api.get(asset["file"]).content == content


def test_an_asset_of_a_multipart_upload_has_its_parts_in_order(api: Api) -> None:
    urls, etags = uploaded(api)
    assert api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
    asset = create(api, src=urls["downloadUrl"], type="VIDEO")
    assert api.get(asset["file"]).content == b"".join(BLOCKS)


def test_an_asset_can_be_made_of_another_assets_file(api: Api) -> None:
    first = create(api)
    second = create(api, src=first["file"])
    assert api.get(second["file"]).content == api.get(first["file"]).content
    assert second["assetId"] != first["assetId"]


def test_src_is_never_fetched_from_elsewhere(live: Live) -> None:
    api = live.api
    good = temp_file(api, png())
    wrong = {
        "http://example.com/files/x": "nothing is fetched from elsewhere",
        good.replace("http://", "https://"): "nothing is fetched from elsewhere",
        good.replace("127.0.0.1", "127.0.0.1.example.com"): "nothing is fetched from elsewhere",
        good.replace("/files/", "/service/"): "nothing is fetched from elsewhere",
        good.replace("http://", "http://user@"): "nothing is fetched from elsewhere",
        "file:///etc/passwd": "nothing is fetched from elsewhere",
        "http://[": "nothing is fetched from elsewhere",
        "": "src is missing",
        good[:-1] + ("0" if good[-1] != "0" else "1"): "not as this service signed it",
        api.single()["uploadUrl"]: "not for downloads",
        api.single()["downloadUrl"]: "nothing was uploaded there yet",
        good.partition("?")[0]: "cannot be used",
        live.signer(age=4000).sign("GET", "/files/x"): "has expired",
        live.signer(key_id="OTHER").sign("GET", "/files/x"): "signed by another service",
        live.signer().sign("GET", "/files/x", {"uploadId": "y"}): "no downloadUrl",
        live.signer().sign("GET", f"/content-hub/{uuid.uuid4()}"): "was deleted or replaced",
        live.signer().sign("GET", "/content-hub/../service.lock"): "nothing is fetched",
    }
    for src, message in wrong.items():
        assert message in refused(api.graphql(CREATE, {"in": new(src=src)})), src


def test_a_name_is_taken_once_and_the_upsert_is_suggested(live: Live) -> None:
    api = live.api
    asset = create(api)
    message = refused(api.graphql(CREATE, {"in": new(api, name=asset["name"])}))
    assert asset["name"] in message
    assert "createOrUpdateAssetByName" in message


def test_the_upsert_keeps_the_id_and_adds_a_revision(live: Live) -> None:
    api = live.api
    given = new(api, label="first", tags=["old"])
    first = data(api, UPSERT, **{"in": given})["createOrUpdateAssetByName"]
    assert first["revisionNumber"] == 1
    other = temp_file(api, b"%PDF-1.7 a document")
    second = data(api, UPSERT, **{"in": {**given, "src": other, "filename": "b.pdf"}})
    second = second["createOrUpdateAssetByName"]
    assert (second["id"], second["revisionNumber"]) == (first["id"], 2)
    assert (second["mimeType"], second["filename"]) == ("application/pdf", "b.pdf")
    assert (second["createdDate"], second["thumbUrl"]) == (first["createdDate"], None)
    assert api.get(first["file"]).status_code == 404
    assert api.get(first["thumbUrl"]).status_code == 404
    kept = {key: value for key, value in given.items() if key not in ("src", "tags")}
    third = data(api, UPSERT, **{"in": kept})["createOrUpdateAssetByName"]
    assert (third["revisionNumber"], third["mimeType"], third["tags"]) == (
        3,
        "application/pdf",
        ["old"],
    )
    assert "no asset named" in refused(api.graphql(UPSERT, {"in": new()}))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "name is blank"),
        ({"name": "n" * 256}, "256 characters"),
        ({"filename": "a\nb"}, "control characters"),
        ({"label": ""}, "label is blank"),
        ({"tags": [""]}, "tags is blank"),
        ({"tags": ["t"] * 101}, "more than 100 tags"),
        ({"assetRepositoryId": "x"}, "assetRepositoryId is not a global id"),
        ({"assetRepositoryId": NO_FOLDER}, "id of another type (AssetFolder)"),
        ({"assetRepositoryId": global_id("AssetRepository", "x")}, "no repository"),
        ({"assetFolderId": global_id("AssetFolder", "x")}, "no folder"),
        ({"contents": [UNKNOWN]}, "contents has an id"),
        ({"contents": ["x"]}, "contents is not a global id"),
        ({"thumbFile": "x"}, "thumbFile is not"),
        ({"src": None}, "src is missing"),
    ],
)
def test_arguments_of_an_asset_are_checked(
    live: Live, changes: dict[str, Any], message: str
) -> None:
    before = sorted(path.name for path in (live.settings.data_dir / "assets").iterdir())
    assert message in refused(live.api.graphql(CREATE, {"in": new(live.api, **changes)}))
    assert sorted(p.name for p in (live.settings.data_dir / "assets").iterdir()) == before


def test_half_a_character_is_a_bad_request(api: Api) -> None:
    query = "query ($k: String!) { assetSearch(keyword: $k) { total } }"
    body = '{"query": "' + query + '", "variables": {"k": "%s"}}'
    headers = {"Authorization": f"Bearer {api.token()}", "Content-Type": "application/json"}
    for text, status in ((r"\ud83d", 400), (r"\ud83d\ude00", 200)):
        answer = api.http.post(
            f"{api.base_url}/graphql", data=body % text, headers=headers, timeout=9
        )
        assert answer.status_code == status


def test_a_set_has_contents_instead_of_a_file(api: Api) -> None:
    member = create(api)
    given = new(
        contents=[member["id"]], workflowAssignedTo="someone", workflowStatus="NOT_ASSIGNED"
    )
    made = data(api, CREATE, **{"in": {**given, "thumbFile": member["thumbFile"]}})["createAsset"]
    assert (made["contents"], made["file"], made["mimeType"]) == ([member["id"]], None, None)
    assert api.get(made["thumbUrl"]).status_code == 200
    assert (made["workflowAssignedTo"], made["workflowStatus"]) == ("someone", "NOT_ASSIGNED")
    assert made["workflowAssignedAt"] == made["createdDate"]
    assert made["workflowAssignedBy"]
    data(api, "mutation ($i: ID!) { deleteAssets(input: { id: [$i] }) }", i=member["id"])
    assert api.get(made["thumbUrl"]).status_code == 200  # still shown by the set


def test_folders_lie_in_folders_and_hold_assets(api: Api) -> None:
    top = make_folder(api, "Top")
    inner = make_folder(api, "Inner", parentId=top["id"])
    asset = create(api, assetFolderId=inner["id"])
    root = create(api, assetFolderId=NO_FOLDER)
    assert (asset["assetFolderId"], root["assetFolderId"]) == (inner["id"], None)
    query = """query ($id: ID!) { node(id: $id) { ... on AssetFolder {
      label status children { id assets { edges { node { name } } } } } } }"""
    found = data(api, query, id=top["id"])["node"]
    assert (found["label"], found["status"]) == ("Top", "ACTIVE")
    [child] = found["children"]
    assert child["assets"]["edges"] == [{"node": {"name": asset["name"]}}]
    for changes, message in (
        ({"parentId": global_id("AssetFolder", "x")}, "parentId is no folder"),
        ({"assetRepositoryId": ARCHIVE, "parentId": top["id"]}, "another repository"),
        ({"label": ""}, "label is blank"),
    ):
        given = {"assetRepositoryId": REPOSITORY, "label": "x", **changes}
        assert message in refused(api.graphql(FOLDER, {"in": given}))


def test_the_graph_leads_from_the_viewer_to_the_assets(api: Api) -> None:
    folder = make_folder(api, "Seen from the viewer")
    asset = create(api, assetFolderId=folder["id"])
    query = """{ viewer { mediaHubs { edges { node { id assetRepositories { edges { node { id label
      assetFolders { edges { node { label assets { edges { node { id } } } } } }
      assets { edges { node { id } } } } } } } } } } }"""
    [hub] = data(api, query)["viewer"]["mediaHubs"]["edges"]
    repositories = [edge["node"] for edge in hub["node"]["assetRepositories"]["edges"]]
    assert [node["label"] for node in repositories] == ["Demo repository", "Archive"]
    folders = {
        edge["node"]["label"]: edge["node"]["assets"]["edges"]
        for edge in repositories[0]["assetFolders"]["edges"]
    }
    assert folders["Seen from the viewer"] == [{"node": {"id": asset["id"]}}]
    assert {"node": {"id": asset["id"]}} in repositories[0]["assets"]["edges"]
    assert repositories[1]["assets"]["edges"] == []


def test_every_node_is_found_by_its_global_id(api: Api) -> None:
    folder, asset = make_folder(api, "Node"), create(api)
    hub = data(api, "{ viewer { mediaHubs { edges { node { id } } } } }")
    [edge] = hub["viewer"]["mediaHubs"]["edges"]
    query = "query ($id: ID!) { node(id: $id) { __typename id } }"
    for found, name in (
        (edge["node"]["id"], "MediaHub"),
        (REPOSITORY, "AssetRepository"),
        (folder["id"], "AssetFolder"),
        (asset["id"], "Asset"),
    ):
        assert data(api, query, id=found)["node"] == {"__typename": name, "id": found}
    for unknown in (UNKNOWN, global_id("AssetFolder", "x"), global_id("CMSHub", "x"), "", "é"):
        assert data(api, query, id=unknown)["node"] is None


def test_no_folder_is_listed_nowhere_and_read_without_an_error(api: Api) -> None:
    query = """query ($id: ID!, $key: String!) {
      node(id: $id) { id ... on AssetFolder { label assets { edges { node { id } } } } }
      assetSearch(filters: { assetFolderId: [$key] }) { total } }"""
    found = data(api, query, id=NO_FOLDER, key=str(uuid.UUID(int=0)))
    assert found["node"] is None
    before = found["assetSearch"]["total"]
    create(api, assetFolderId=NO_FOLDER)
    assert data(api, query, id=NO_FOLDER, key=NO_FOLDER)["assetSearch"]["total"] == before + 1
    folder = make_folder(api, "At the top", parentId=NO_FOLDER)
    listed = """query ($id: ID!) { node(id: $id) { ... on AssetRepository {
      assetFolders { edges { node { id } } } } } }"""
    edges = data(api, listed, id=REPOSITORY)["node"]["assetFolders"]["edges"]
    ids = [edge["node"]["id"] for edge in edges]
    assert folder["id"] in ids
    assert NO_FOLDER not in ids


def test_assets_are_found_by_ids_in_their_order(api: Api) -> None:
    made = [create(api)["id"] for _ in range(3)]
    query = (
        "query ($id: [ID!]!) { assets(id: $id) { edges { node { id } } pageInfo { endCursor } } }"
    )
    asked = [made[2], UNKNOWN, made[0], "nonsense", made[2]]
    found = data(api, query, id=asked)["assets"]["edges"]
    assert [edge["node"]["id"] for edge in found] == [made[2], made[0]]
    assert "at most 1000" in refused(api.graphql(query, {"id": [UNKNOWN] * 1001}))
    assert data(api, query, id=[UNKNOWN] * 1000)["assets"]["edges"] == []


SEARCH = """query ($keyword: String, $filters: AssetSearchFilters, $sort: AssetSearchSort,
    $first: Int, $after: String) {
  assetSearch(keyword: $keyword, filters: $filters, sort: $sort, first: $first, after: $after) {
    total edges { cursor node { id name label updatedDate } }
    pageInfo { hasNextPage hasPreviousPage endCursor } } }"""


def search(api: Api, keyword: str | None, **variables: Any) -> Any:
    return data(api, SEARCH, keyword=keyword, **variables)["assetSearch"]


def test_search_finds_keywords_in_names_labels_files_and_tags(api: Api) -> None:
    mark = uuid.uuid4().hex
    create(api, name=f"N-{mark}")
    create(api, label=f"ÄRGER {mark}")
    create(api, filename=f"{mark}.png")
    create(api, tags=["x", mark.upper()])
    assert search(api, mark)["total"] == 4
    assert search(api, f'"ärger {mark[:6]}"')["total"] == 1
    assert search(api, f"{mark}%")["total"] == search(api, "_" * 40)["total"] == 0


def test_search_filters_sorts_and_pages(api: Api) -> None:
    mark = uuid.uuid4().hex
    folder = make_folder(api, mark)
    ids = [create(api, label=mark, assetFolderId=folder["id"])["id"] for _ in range(3)]
    create(api, label=mark)
    archived = create(api, label=mark, assetRepositoryId=ARCHIVE)["id"]
    everything = search(api, mark)
    assert everything["total"] == 5
    assert everything["edges"][0]["node"]["id"] == archived
    inside = {"assetFolderId": [folder["id"]]}
    rising = search(api, mark, filters=inside, sort={"updatedDate": "ASC"}, first=2)
    assert [edge["node"]["id"] for edge in rising["edges"]] == ids[:2]
    assert (rising["total"], rising["pageInfo"]["hasNextPage"]) == (3, True)
    after = rising["pageInfo"]["endCursor"]
    rest = search(api, mark, filters=inside, sort={"updatedDate": "ASC"}, first=9, after=after)
    assert [edge["node"]["id"] for edge in rest["edges"]] == ids[2:]
    assert rest["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "endCursor": rest["edges"][-1]["cursor"],
    }
    assert search(api, mark, filters={"assetRepositoryId": [ARCHIVE]})["total"] == 1
    assert search(api, mark, filters={"assetFolderId": [NO_FOLDER]})["total"] == 2
    assert search(api, mark, filters={"assetFolderId": [NO_FOLDER, folder["id"]]})["total"] == 5
    assert search(api, mark, filters={"assetFolderId": []})["total"] == 0
    wrong = {"keyword": "", "filters": {"assetFolderId": ["x"]}}
    assert "filters.assetFolderId is neither a UUID nor a global id" in refused(
        api.graphql(SEARCH, wrong)
    )


def test_publishing_marks_an_asset(api: Api) -> None:
    asset = create(api)
    publish = "mutation ($id: ID!) { publishAsset(input: { id: $id }) { publishJobId } }"
    assert data(api, publish, id=asset["id"])["publishAsset"]["publishJobId"]
    query = "query ($id: ID!) { node(id: $id) { ... on Asset { published } } }"
    assert data(api, query, id=asset["id"])["node"]["published"] is True
    assert "no asset" in refused(api.graphql(publish, {"id": UNKNOWN}))


def test_deleting_is_all_or_nothing_and_removes_the_files(live: Live) -> None:
    api = live.api
    delete = "mutation ($id: [ID!]!) { deleteAssets(input: { id: $id }) }"
    folder = live.settings.data_dir / "assets"
    before = {path.name for path in folder.iterdir()}
    ids = [create(api)["id"] for _ in range(2)]
    assert "id number 2" in refused(api.graphql(delete, {"id": [ids[0], UNKNOWN]}))
    assert {path.name for path in folder.iterdir()} != before
    assert data(api, delete, id=ids)["deleteAssets"] == ids
    assert {path.name for path in folder.iterdir()} == before
    assert "at most 200" in refused(api.graphql(delete, {"id": [UNKNOWN] * 201}))
    assert "id number 1 " in refused(api.graphql(delete, {"id": [UNKNOWN] * 200}))


def test_metadata_comes_by_schema_name(api: Api) -> None:
    encoded = io.BytesIO()
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Orientation] = "A camera maker", 1
    exif.get_ifd(IFD.Exif)[Base.ExposureTime] = IFDRational(1, 400)
    Image.new("RGB", (40, 30)).save(encoded, "JPEG", exif=exif)
    asset = create(api, src=temp_file(api, encoded.getvalue()))
    query = """query ($id: ID!, $schema: String!) { node(id: $id) { ... on Asset {
      metadata(schemaName: $schema) { edges { node { schemaName properties } } } } } }"""

    def metadata(schema: str) -> list[Any]:
        node = data(api, query, id=asset["id"], schema=schema)["node"]
        return [edge["node"] for edge in node["metadata"]["edges"]]

    [image] = metadata("image")
    assert image["properties"] == {"width": 40, "height": 30, "format": "JPEG"}
    assert metadata("exif")[0]["properties"] == {
        "make": "A camera maker",
        "orientation": 1,
        "exposureTime": "1/400",
    }
    assert metadata("iptc") == []


def test_assets_outlive_a_restart_and_leftovers_do_not(tmp_path: Any) -> None:
    with running(tmp_path, **SMALL) as live:
        asset = create(live.api)
        folder = live.settings.data_dir / "assets"
        (folder / "0123.partial").write_bytes(b"half")
        (folder / str(uuid.uuid4())).write_bytes(b"a file whose row was never written")
    with running(tmp_path, **SMALL) as live:
        query = "query ($id: ID!) { node(id: $id) { ... on Asset { file thumbUrl } } }"
        node = data(live.api, query, id=asset["id"])["node"]
        assert live.api.get(node["file"]).content == png()
        assert len(list(folder.iterdir())) == 2


def test_content_hub_urls_are_signed_like_all_others(live: Live) -> None:
    api, file = live.api, create(live.api)["file"]
    assert error_code(api.get(file.partition("?")[0])) == (403, "AccessDenied")
    assert error_code(api.get(file[:-2] + "zz")) == (403, "SignatureDoesNotMatch")
    assert error_code(api.put(file, b"x")) == (405, "MethodNotAllowed")
    assert error_code(api.get(live.signer(age=4000).sign("GET", "/content-hub/x"))) == (
        403,
        "AccessDenied",
    )
    assert error_code(api.get(live.signer().sign("GET", "/content-hub/x"))) == (404, "NoSuchKey")
    assert api.get(f"{api.base_url}/content-hub").status_code == 404
