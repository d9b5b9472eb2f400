"""The edges of a cut-out: solved alpha and colours, at full size, some rows at a time."""

import numpy as np
import pytest

from cutout.imaging.arrays import resized
from cutout.matting import edges
from cutout.matting.edges import solve_edges
from tests.cutout.composites import composite


def test_strips_of_rows_have_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    image = composite("fur", "plain", 2)
    whole = solve_edges(image.rgb, image.alpha)
    monkeypatch.setattr(edges, "STRIP_PIXELS", 7 * 640)
    strips = solve_edges(image.rgb, image.alpha)
    assert np.array_equal(whole.alpha, strips.alpha)
    assert np.array_equal(whole.rgb, strips.rgb)


def test_a_wider_band_solves_more_pixels() -> None:
    image = composite("fur", "plain", 2)
    coarse = (image.alpha > 0.5).astype(np.float32)
    soft = [
        int(((result.alpha > 0) & (result.alpha < 255)).sum())
        for result in (solve_edges(image.rgb, coarse, width) for width in (0.4, 1.0, 2.5))
    ]
    assert soft[0] < soft[1] < soft[2]


def test_hair_is_solved_better_than_the_mask_it_comes_from() -> None:
    image = composite("fur", "white", 2)
    coarse = (resized(image.alpha, (160, 160)) > 0.5).astype(np.float32)
    solved = solve_edges(image.rgb, coarse).alpha / 255
    unsolved = resized(coarse, (640, 640))
    assert np.abs(solved - image.alpha).mean() < 0.8 * np.abs(unsolved - image.alpha).mean()


def test_colours_of_the_edge_are_the_subjects_own() -> None:
    truth = np.zeros((200, 200), np.float32)
    truth[:, :100] = 1
    truth[:, 100] = 0.5
    red, green = np.array([200.0, 20.0, 20.0]), np.array([20.0, 200.0, 20.0])
    mixed = truth[..., None] * red + (1 - truth[..., None]) * green
    result = solve_edges(mixed.astype(np.uint8), truth)
    assert np.abs(result.alpha[:, 100].astype(int) - 128).max() < 20
    assert np.abs(result.rgb[:, 100].astype(int) - red).max() < 30
    assert not result.rgb[:, 150].any()
