"""Captions and points of interest: what two published extensions of Amplience send, replayed.

Their documents, selections and what they demand of an answer are facts of contract 13, read in
amplience/dc-extension-shoppable-image and amplience/dc-extension-ai-image-caption.
"""

import base64
import io
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from PIL import Image, ImageDraw

from cutout.imaging.boxes import bounds
from cutout.imaging.regions import holes
from service.graphql.resolvers.viewer import DEMO_ORGANIZATION
from tests.cutout.composites import Composite, composite
from tests.service.images.test_removal import PICTURE, left, stored
from tests.service.live import Live, running
from tests.service.sample_images import png

UNGRANTED = "amp_pat_WITHOUTANYGRANTATALL00.wxyz"
# The extensions have the bare id from the hub and make the global one themselves.
ORGANIZATION = base64.b64encode(f"Organization:{DEMO_ORGANIZATION.key}".encode()).decode()

CAPTION = """mutation generateCaptionForImage($orgId: ID!, $imageUrl: String!) {
  generateCaptionForImage(input: { organizationId: $orgId, imageUrl: $imageUrl }) { caption } }"""
OBJECTS = """objects {
  id label center { x y } bounds { topLeft { x y } height width } outline { x y } }"""
DETECT = f"""mutation detectPointsOfInterestInImage($input: PointsOfInterestInImageInput!) {{
  detectPointsOfInterestInImage(input: $input) {{ {OBJECTS} }} }}"""
FIND = f"""mutation findPointsOfInterestInImage($input: FindPointsOfInterestInImageInput!) {{
  findPointsOfInterestInImage(input: $input) {{ {OBJECTS} }} }}"""

Found = Mapping[str, Any]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    with running(tmp_path_factory.mktemp("looking"), ungranted_pats=UNGRANTED) as made:
        yield made


def jpeg(picture: Composite) -> bytes:
    content = io.BytesIO()
    Image.fromarray(picture.rgb).save(content, "JPEG", quality=95)
    return content.getvalue()


def two_boxes() -> bytes:
    """A large red box on the left and a small blue one on the right, on white."""
    image = Image.new("RGB", (400, 200), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 159, 159), (200, 30, 30))
    draw.rectangle((300, 80, 359, 139), (30, 60, 200))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def caption(live: Live, url: str) -> requests.Response:
    return live.api.graphql(CAPTION, {"orgId": ORGANIZATION, "imageUrl": url})


def detect(live: Live, url: str, **more: object) -> requests.Response:
    given = {"organizationId": ORGANIZATION, "imageUrl": url, **more}
    return live.api.graphql(DETECT, {"input": given})


def find(live: Live, url: str, things: object) -> requests.Response:
    given = {"organizationId": ORGANIZATION, "imageUrl": url, "thingsToFind": things}
    return live.api.graphql(FIND, {"input": given})


def objects_of(answer: requests.Response) -> Sequence[Found]:
    assert answer.status_code == 200
    [payload] = answer.json()["data"].values()
    return payload["objects"]


def problem_of(answer: requests.Response) -> tuple[int, str, str]:
    [problem] = answer.json()["errors"]
    return answer.status_code, problem["extensions"]["code"], problem["message"]


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    return float((one & other).sum() / (one | other).sum())


def box_of(found: Found, side: int) -> np.ndarray:
    box = found["bounds"]
    left, top = round(box["topLeft"]["x"] * side), round(box["topLeft"]["y"] * side)
    drawn = np.zeros((side, side), bool)
    drawn[top : top + round(box["height"] * side), left : left + round(box["width"] * side)] = True
    return drawn


def shape_of(found: Found, side: int) -> np.ndarray:
    image = Image.new("1", (side, side))
    corners = [(corner["x"] * side, corner["y"] * side) for corner in found["outline"]]
    ImageDraw.Draw(image).polygon(corners, 1)
    return np.asarray(image)


@pytest.mark.parametrize(
    ("subject", "backdrop", "label"),
    [
        ("bottle", "studio", "mostly green object"),
        ("mug", "plain", "red object"),
        ("shoes", "texture", "mostly red object"),
        ("gift", "room", "mostly purple object"),
    ],
)
def test_what_the_shoppable_image_extension_detects_lies_round_the_object(
    live: Live, subject: str, backdrop: str, label: str
) -> None:
    picture = composite(subject, backdrop, 7)
    mask = picture.alpha > 0.5
    solid, box = mask | holes(mask), bounds(mask)
    assert box
    truth = np.zeros_like(mask)
    truth[box.slices] = True
    [found] = objects_of(detect(live, stored(live.api, jpeg(picture), "image/jpeg")))
    assert found["label"] == label
    assert overlap(box_of(found, len(mask)), truth) > 0.95
    assert overlap(shape_of(found, len(mask)), solid) > 0.93
    center = round(found["center"]["y"] * len(mask)), round(found["center"]["x"] * len(mask))
    assert mask[center]
    assert 3 <= len(found["outline"]) <= 64


def test_several_objects_come_by_size_each_with_an_id_that_stays(live: Live) -> None:
    url = stored(live.api, two_boxes())
    found = objects_of(detect(live, url, hints=["a cube"]))
    assert [one["label"] for one in found] == ["red object", "blue object"]
    assert found[0]["bounds"] == {
        "topLeft": {"x": pytest.approx(0.1, abs=0.01), "y": pytest.approx(0.2, abs=0.01)},
        "width": pytest.approx(0.3, abs=0.01),
        "height": pytest.approx(0.6, abs=0.01),
    }
    assert found[1]["center"] == pytest.approx({"x": 0.825, "y": 0.55}, abs=0.01)
    assert len({one["id"] for one in found}) == 2
    assert objects_of(detect(live, url)) == found


def test_things_to_find_are_names_for_the_objects_by_size(live: Live) -> None:
    url = stored(live.api, two_boxes())
    detected = objects_of(detect(live, url))
    found = objects_of(find(live, url, ["bag", "hat", "shoe"]))
    assert [one["label"] for one in found] == ["bag", "hat"]
    assert [{**one, "label": ""} for one in found] == [{**one, "label": ""} for one in detected]
    assert objects_of(find(live, url, ["hat"])) == [{**found[0], "label": "hat"}]


def test_a_caption_says_that_it_is_a_stand_in_and_is_always_the_same(live: Live) -> None:
    mug = stored(live.api, jpeg(composite("mug", "white", 7)), "image/jpeg")
    expected = "A stand-in caption: a red object in the middle on a white background"
    for _ in range(2):
        answer = caption(live, mug)
        assert answer.json() == {"data": {"generateCaptionForImage": {"caption": expected}}}


def test_an_image_without_an_object_is_an_answer_too(live: Live) -> None:
    url = stored(live.api, png())
    assert objects_of(detect(live, url)) == []
    assert objects_of(find(live, url, ["bag"])) == []
    words = caption(live, url).json()["data"]["generateCaptionForImage"]["caption"]
    assert words == "A stand-in caption: no clear object on a red background"


def test_each_costs_one_credit_and_leaves_no_file(live: Live) -> None:
    url = stored(live.api, PICTURE, "image/jpeg")
    before, files = left(live), len(live.files)
    assert "errors" not in caption(live, url).json()
    assert left(live) == before - 1
    assert "errors" not in detect(live, url).json()
    assert left(live) == before - 2
    assert "errors" not in find(live, url, ["bottle"]).json()
    assert left(live) == before - 3
    assert len(live.files) == files


def test_without_a_credit_each_answers_insufficient_credits(tmp_path: Path) -> None:
    with running(tmp_path, credits=1) as live:
        url = stored(live.api, PICTURE, "image/jpeg")
        assert "errors" not in caption(live, url).json()
        for answer in (caption(live, url), detect(live, url), find(live, url, ["bottle"])):
            assert problem_of(answer)[:2] == (200, "INSUFFICIENT_CREDITS")
            assert answer.json()["data"] is None


@pytest.mark.parametrize(
    ("content", "declared", "message"),
    [
        (b"words", "image/png", "it is text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png", "it is image/svg+xml"),
        (png(), "text/html", 'uploaded with the Content-Type "text/html"'),
        (PICTURE[: len(PICTURE) // 2], "image/jpeg", "is damaged or incomplete"),
        (png(8, 8), "image/png", "sides must have"),
    ],
    ids=["text", "drawing", "another type", "half an image", "too small"],
)
def test_what_is_no_image_is_refused_and_costs_nothing(
    live: Live, content: bytes, declared: str, message: str
) -> None:
    url, before = stored(live.api, content, declared), left(live)
    for answer in (caption(live, url), detect(live, url), find(live, url, ["bottle"])):
        status, code, words = problem_of(answer)
        assert (status, code) == (200, "BAD_USER_INPUT")
        assert message in words
    assert left(live) == before


@pytest.mark.parametrize("url", ["https://example.com/a.jpg", "file:///etc/passwd", "", "%"])
def test_urls_of_elsewhere_are_refused_and_cost_nothing(live: Live, url: str) -> None:
    before = left(live)
    for answer in (caption(live, url), detect(live, url), find(live, url, ["bottle"])):
        status, code, words = problem_of(answer)
        assert (status, code) == (200, "BAD_USER_INPUT")
        assert words.startswith("imageUrl must be a downloadUrl of this service")
    assert left(live) == before


@pytest.mark.parametrize("things", [[], [""], ["bag", " \t"]])
def test_nothing_to_find_is_refused_and_costs_nothing(live: Live, things: list[str]) -> None:
    url, before = stored(live.api, PICTURE, "image/jpeg"), left(live)
    status, code, words = problem_of(find(live, url, things))
    assert (status, code) == (200, "BAD_USER_INPUT")
    assert words == "thingsToFind must name at least one thing, and none blank."
    assert left(live) == before


@pytest.mark.parametrize(
    ("query", "given"),
    [
        (DETECT, {"organizationId": ORGANIZATION}),
        (DETECT, {"imageUrl": "x"}),
        (FIND, {"organizationId": ORGANIZATION, "imageUrl": "x"}),
        (FIND, {"organizationId": ORGANIZATION, "imageUrl": "x", "thingsToFind": [None]}),
    ],
)
def test_an_input_that_lacks_something_is_not_executed(
    live: Live, query: str, given: dict[str, object]
) -> None:
    assert problem_of(live.api.graphql(query, {"input": given}))[:2] == (400, "BAD_USER_INPUT")


def test_a_caption_without_an_image_is_not_executed(live: Live) -> None:
    answer = live.api.graphql(CAPTION, {"orgId": ORGANIZATION})
    assert problem_of(answer)[:2] == (400, "BAD_USER_INPUT")


def test_another_organization_and_a_caller_without_a_grant_are_refused(live: Live) -> None:
    stranger = base64.b64encode(b"Organization:org_x").decode()
    given = {"organizationId": stranger, "imageUrl": "x", "thingsToFind": ["bag"]}
    for query, variables in (
        (CAPTION, {"orgId": stranger, "imageUrl": "x"}),
        (DETECT, {"input": {name: given[name] for name in ("organizationId", "imageUrl")}}),
        (FIND, {"input": given}),
    ):
        status, code, words = problem_of(live.api.graphql(query, variables))
        assert (status, code) == (200, "BAD_USER_INPUT")
        assert "organizationId" in words
        request = {"query": query, "variables": variables}
        answer = live.api.post_graphql(request, Authorization=f"Bearer {UNGRANTED}")
        assert answer.json()["errors"] == [{"message": 'Request failed with status code: "403"'}]
