"""What a person changes: what is taken as an edit, and what it does to a cut-out."""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutout.choices import ChoiceRefusedError
from cutout.editing.apply import Start, edited, working_alpha
from cutout.editing.edits import (
    EDGES,
    HOLES,
    KEEP,
    MODES,
    MOST_POINTS,
    MOST_STROKES,
    RADIUS,
    REMOVE,
    Edge,
    Edit,
    Stroke,
    painted,
)
from cutout.imaging.arrays import Levels
from cutout.imaging.reading import Picture
from cutout.matting.cutting import shown
from cutout.matting.openings import filled, punched

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
NUMBERS = st.integers() | st.floats() | st.floats(-0.1, 1.1)
STROKES = st.fixed_dictionaries(
    {
        "mode": st.sampled_from(MODES) | JSON,
        "radius": NUMBERS | JSON,
        "points": st.lists(st.lists(NUMBERS, min_size=2, max_size=2), max_size=5) | JSON,
    }
)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "cut": st.none() | st.integers(-3, 5) | JSON,
        "strokes": st.lists(STROKES | JSON, max_size=3) | JSON,
        "holes": st.sampled_from(HOLES) | JSON,
        "edge": st.sampled_from(EDGES) | JSON,
    },
)


@given(JSON | EDITS)
def test_any_json_is_an_edit_within_its_limits_or_refused(value: Any) -> None:
    try:
        edit = Edit.from_json(value)
    except ChoiceRefusedError:
        return
    assert edit.cut in (None, 0, 1, 2)
    assert edit.holes in HOLES
    assert edit.edge in EDGES
    for stroke in edit.strokes:
        assert stroke.mode in MODES
        assert RADIUS[0] <= stroke.radius <= RADIUS[1]
        assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in stroke.points)
    assert Edit.from_json(json.loads(json.dumps(asdict(edit)))) == edit


NO_POINTS: list[object] = []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (1, "An edit must be an object"),
        ({"strokes": "keep"}, "list of strokes must be a list"),
        (
            {"strokes": [{"mode": "erase", "radius": 0.1, "points": NO_POINTS}]},
            "one of keep, remove",
        ),
        ({"strokes": [{"mode": "keep", "radius": True, "points": NO_POINTS}]}, "must be a number"),
        ({"strokes": [{"mode": "keep", "radius": float("nan"), "points": NO_POINTS}]}, "finite"),
        ({"strokes": [{"mode": "keep", "radius": 0.1, "points": [[1]]}]}, "x and y"),
        ({"holes": "drill"}, "as-is, fill, punch"),
        ({"hole": "fill"}, "none of cut, strokes, holes, edge"),
        ({"cut": "1"}, "must be a number"),
    ],
)
def test_a_wrong_edit_is_refused_with_a_sentence(value: Any, message: str) -> None:
    with pytest.raises(ChoiceRefusedError, match=message):
        Edit.from_json(value)


def test_strokes_and_points_are_limited() -> None:
    stroke: dict[str, object] = {"mode": "keep", "radius": 0.1, "points": NO_POINTS}
    assert len(Edit.from_json({"strokes": [stroke] * MOST_STROKES}).strokes) == MOST_STROKES
    with pytest.raises(ChoiceRefusedError, match="at most 500"):
        Edit.from_json({"strokes": [stroke] * (MOST_STROKES + 1)})
    long = {**stroke, "points": [(0.5, 0.5)] * (MOST_POINTS // 2 + 1)}
    with pytest.raises(ChoiceRefusedError, match="100,000 points in all"):
        Edit.from_json({"strokes": [long, long]})


def test_numbers_are_moved_into_their_range() -> None:
    edit = Edit.from_json(
        {"cut": 7, "strokes": [{"mode": "keep", "radius": 9, "points": [[-0.01, 1.2]]}]}
    )
    assert edit == Edit(2, (Stroke("keep", 0.5, ((0, 1),)),))


def test_strokes_are_painted_in_order_and_round() -> None:
    strokes = (
        Stroke("keep", 0.1, ((0.25, 0.5), (0.75, 0.5))),
        Stroke("remove", 0.05, ((0.5, 0.5),)),
        Stroke("keep", 0.1, ()),
    )
    marks = painted(strokes, (100, 200))
    assert marks.shape == (100, 200)
    assert marks[50, 100] == REMOVE
    assert marks[50, 60] == marks[50, 140] == KEEP
    assert marks[50, 34] == KEEP  # the brush is round: it begins before its first point
    assert marks[50, 26] == marks[25, 100] == marks[32, 32] == 0
    core = painted(strokes[:1], (100, 200), 0.5)
    assert core[50, 100] == KEEP
    assert core[65, 100] == 0
    assert marks[65, 100] == KEEP


def test_a_path_of_many_points_is_painted_like_one_of_few() -> None:
    few = Stroke("keep", 0.1, ((0.2, 0.5), (0.8, 0.5)))
    many = Stroke("keep", 0.1, tuple((0.2 + 0.6 * i / 4999, 0.5) for i in range(5000)))
    difference = painted([few], (150, 200)) != painted([many], (150, 200))
    assert difference.mean() < 0.01


def ring(side: int = 400) -> tuple[Levels, Levels]:
    """A red ring on green with a green middle, and an alpha that takes it for a disc."""
    y, x = np.mgrid[:side, :side] - side / 2
    distance = np.hypot(x, y) / side
    rgb = np.full((side, side, 3), (40, 180, 60), np.uint8)
    rgb[(distance < 0.35) & (distance > 0.12)] = (200, 30, 40)
    return rgb, np.where(distance < 0.35, np.uint8(255), np.uint8(0))


def start_of(rgb: Levels, alpha: Levels) -> Start:
    return Start(working_alpha(alpha), shown(rgb, alpha))


def test_what_is_enclosed_and_looks_like_the_background_is_punched() -> None:
    rgb, alpha = ring()
    soft = punched(rgb, working_alpha(alpha))
    assert soft[200, 200] == 0
    assert soft[200, 100] == 1
    assert soft[10, 10] == 0
    rgb[190:210, 190:210] = (30, 30, 220)  # blue is nowhere in the background
    blue = punched(rgb, working_alpha(alpha))
    assert blue[200, 200] == 1
    assert blue[200, 230] == 0


def test_a_bay_of_background_colour_is_no_hole() -> None:
    rgb, alpha = ring()
    rgb[195:205, 200:] = (40, 180, 60)  # a way out of the middle
    assert np.array_equal(punched(rgb, working_alpha(alpha)), working_alpha(alpha))


def test_holes_are_filled() -> None:
    _, alpha = ring()
    alpha[150:250, 150:250] = 0
    soft = filled(working_alpha(alpha))
    assert soft[200, 200] == 1
    assert soft[10, 10] == 0
    alpha[200:, 195:205] = 0  # now the outside reaches it
    assert filled(working_alpha(alpha))[200, 170] == 0


def test_an_edit_of_nothing_changes_no_bit() -> None:
    rgb, alpha = ring()
    start = start_of(rgb, alpha)
    picture = Picture(rgb)
    assert start.cut
    assert edited(picture, picture, start, Edit()) is start.cut
    plain = np.full_like(rgb, 90)
    for holes in HOLES:
        same = edited(Picture(plain), Picture(plain), start, Edit(holes=holes))
        assert np.array_equal(same.alpha, alpha)


def test_punching_and_filling_reach_the_pixels() -> None:
    rgb, alpha = ring()
    picture = Picture(rgb)
    cut = edited(picture, picture, start_of(rgb, alpha), Edit(holes="punch"))
    assert cut.alpha[200, 200] == 0
    assert not cut.rgb[200, 200].any()
    assert np.array_equal(cut.alpha[:40], alpha[:40])
    again = edited(picture, picture, start_of(rgb, cut.alpha), Edit(holes="fill"))
    assert again.alpha[200, 200] == 255
    assert tuple(again.rgb[200, 200]) == (40, 180, 60)


def test_strokes_add_to_the_cut_and_the_rest_keeps_every_bit() -> None:
    rgb, alpha = ring()
    rgb[20:60, 20:60] = (90, 60, 200)
    picture = Picture(rgb)
    keep = Stroke("keep", 0.04, ((0.1, 0.1),))
    remove = Stroke("remove", 0.04, ((0.5, 0.5),))
    start = start_of(rgb, alpha)
    cut = edited(picture, picture, start, Edit(strokes=(keep, remove)))
    assert cut.alpha[40, 40] == 255
    assert tuple(cut.rgb[40, 40]) == (90, 60, 200)
    assert cut.alpha[200, 200] == 0
    assert not cut.rgb[cut.alpha == 0].any()
    assert start.cut
    assert np.array_equal(cut.alpha[300:, 300:], start.cut.alpha[300:, 300:])
    assert np.array_equal(cut.rgb[300:, 300:], start.cut.rgb[300:, 300:])


def test_what_was_transparent_stays_so() -> None:
    rgb, alpha = ring()
    picture = Picture(rgb, alpha)
    stroke = Stroke("keep", 0.05, ((0.05, 0.05),))
    for edit in (Edit(strokes=(stroke,)), Edit(edge="hair")):
        cut = edited(picture, picture, start_of(rgb, alpha), edit)
        assert cut.alpha[20, 20] == 0
        assert not cut.rgb[20, 20].any()


def test_the_width_of_the_edge_is_that_of_the_band_that_is_solved() -> None:
    rgb, alpha = ring(1000)
    blurred = np.random.default_rng(3).integers(0, 60, (1000, 1000, 1), np.uint8)
    picture = Picture(np.clip(rgb.astype(int) + blurred - 30, 0, 255).astype(np.uint8))

    def soft(edge: Edge) -> int:
        alpha_now = edited(picture, picture, start_of(rgb, alpha), Edit(edge=edge)).alpha
        return int(((alpha_now > 0) & (alpha_now < 255)).sum())

    assert soft("thin") < soft("hair")


def test_a_preview_and_the_whole_picture_agree() -> None:
    whole_rgb, whole_alpha = ring(2000)
    whole_rgb[100:300, 100:300] = (90, 60, 200)
    small_rgb, small_alpha = (array[::2, ::2] for array in (whole_rgb, whole_alpha))
    small = Picture(np.ascontiguousarray(small_rgb))
    strokes = (
        Stroke("keep", 0.03, ((0.1, 0.1), (0.12, 0.12))),
        Stroke("remove", 0.03, ((0.5, 0.5), (0.5, 0.45))),
    )
    edit = Edit(strokes=strokes, holes="punch")
    start = start_of(whole_rgb, whole_alpha)
    whole = edited(Picture(whole_rgb), small, start, edit).alpha[::2, ::2] > 127
    cut = shown(small.rgb, np.ascontiguousarray(small_alpha))
    preview = edited(small, small, Start(start.soft, cut), edit).alpha > 127
    assert (whole & preview).sum() / (whole | preview).sum() > 0.99
