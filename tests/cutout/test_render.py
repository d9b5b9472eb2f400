"""From files to finished pictures: results of every size, previews, cuts, transparent originals."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, PngImagePlugin

from cutout.choices import ChoiceRefusedError
from cutout.editing.edits import Edit, Stroke
from cutout.engines.engine import Confidence, Engine, Matte
from cutout.engines.simple.engine import SimpleEngine
from cutout.finishing.finish import Finish, Format
from cutout.imaging.arrays import Levels
from cutout.imaging.reading import ImageRefusedError, read_picture
from cutout.jobs.rendering import Choices, Rendering, cuts_of, original_of, rendered
from cutout.matting.cutting import CutOutVerdict, cut_out, encoded, matte_of

ENGINE: Engine = SimpleEngine()
RED, GREY = (200, 30, 40), (190, 192, 195)


def photograph(width: int = 320, height: int = 240) -> Levels:
    """A red box on grey, in the middle half of the picture."""
    rgb = np.full((height, width, 3), GREY, np.uint8)
    rgb[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = RED
    return rgb


def file_of(pixels: Levels, path: Path, **options: Any) -> Path:
    Image.fromarray(pixels).save(path, **options)
    return path


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return file_of(photograph(), tmp_path / "original.png")


@pytest.fixture
def result(original: Path, tmp_path: Path) -> Path:
    picture = read_picture(original)
    matte = matte_of(picture, ENGINE)
    path = tmp_path / "result.png"
    path.write_bytes(encoded(cut_out(picture, matte), matte))
    return path


def choices(
    result: Path | None = None,
    edit: Edit | None = None,
    finish: Finish | None = None,
    longest: int | None = None,
    backdrop: Path | None = None,
) -> Choices:
    return Choices(result, edit or Edit(), finish or Finish(), longest, backdrop, "stem")


def pixels_of(rendering: Rendering) -> Levels:
    with Image.open(io.BytesIO(rendering.file.content)) as image:
        assert image.size == (rendering.width, rendering.height)
        return np.asarray(image)


def test_without_an_edit_the_result_keeps_every_pixel(original: Path, result: Path) -> None:
    rendering = rendered(original, choices(result), ENGINE)
    with Image.open(result) as image:
        assert np.array_equal(pixels_of(rendering), np.asarray(image))
    assert rendering.verdict == CutOutVerdict(
        "simple", "good", "The backdrop is plain and the subject stands out."
    )


def test_without_a_result_the_original_is_cut_out(original: Path, result: Path) -> None:
    here = pixels_of(rendered(original, choices(), ENGINE))
    there = pixels_of(rendered(original, choices(result), ENGINE))
    assert np.array_equal(here, there)


def in_inches(image: Image.Image) -> tuple[float, ...]:
    """The density that a file states, by its own field or, a WebP, by its EXIF."""
    exif = image.getexif()
    unit = exif.get(ExifTags.Base.ResolutionUnit)
    by_exif = exif.get(ExifTags.Base.XResolution), exif.get(ExifTags.Base.YResolution)
    assert unit in (None, 2)
    return tuple(float(one) for one in image.info.get("dpi", by_exif))


def exif_of(density: tuple[float, float]) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.XResolution], exif[ExifTags.Base.YResolution] = density
    exif[ExifTags.Base.ResolutionUnit] = 2
    return exif


PRINT = (300.0, 240.0)
STATED: dict[str, dict[str, Any]] = {
    "JPEG": {"dpi": PRINT, "quality": 95},
    "PNG": {"dpi": PRINT},
    "TIFF": {"dpi": PRINT},
    "WEBP": {"exif": exif_of(PRINT), "lossless": True},
}


@pytest.mark.parametrize("kind", STATED)
@pytest.mark.parametrize("form", ["png", "webp", "webp-lossless", "jpeg"])
@pytest.mark.parametrize("changes", [{}, {"crop": True, "longest": 100}])
def test_the_density_of_the_original_stays(
    tmp_path: Path, kind: str, form: Format, changes: dict[str, Any]
) -> None:
    original = file_of(photograph(), tmp_path / "original", format=kind, **STATED[kind])
    rendering = rendered(original, choices(finish=Finish(format=form, **changes)), ENGINE)
    with Image.open(io.BytesIO(rendering.file.content)) as image:
        assert max(image.size) == changes.get("longest", 320)
        assert in_inches(image) == pytest.approx(PRINT, rel=0.001)
        others = {ExifTags.Base.XResolution, ExifTags.Base.YResolution}
        assert set(image.getexif()) <= {*others, ExifTags.Base.ResolutionUnit}


def test_the_density_is_in_both_files_of_a_zip(tmp_path: Path) -> None:
    original = file_of(photograph(), tmp_path / "original.png", dpi=PRINT)
    content = rendered(original, choices(finish=Finish(format="zip")), ENGINE).file.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            with Image.open(io.BytesIO(archive.read(name))) as image:
                assert in_inches(image) == pytest.approx(PRINT, rel=0.001)


@pytest.mark.parametrize("form", ["png", "webp", "webp-lossless", "jpeg"])
def test_without_a_density_none_is_stated(original: Path, form: Format) -> None:
    file = rendered(original, choices(finish=Finish(format=form)), ENGINE).file
    with Image.open(io.BytesIO(file.content)) as image:
        assert "dpi" not in image.info
        assert not image.getexif()


def test_a_preview_has_its_size(original: Path, result: Path) -> None:
    pixels = pixels_of(rendered(original, choices(result, longest=160), ENGINE))
    assert pixels.shape == (120, 160, 4)
    assert tuple(pixels[60, 80]) == (*RED, 255)
    assert pixels[5, 5].max() == 0


@pytest.mark.parametrize("factor", [0.5, 2])
def test_a_result_of_another_size_is_scaled(original: Path, tmp_path: Path, factor: float) -> None:
    alpha = np.zeros((240, 320), np.uint8)
    alpha[60:180, 80:240] = 255
    image = Image.fromarray(np.dstack([photograph(), alpha]))
    path = tmp_path / "remote.png"
    image.resize((round(320 * factor), round(240 * factor))).save(path)
    rendering = rendered(original, choices(path), ENGINE)
    pixels = pixels_of(rendering)
    assert pixels.shape == (240, 320, 4)
    assert tuple(pixels[120, 160]) == (*RED, 255)
    assert pixels[20, 20].max() == 0
    assert np.abs(pixels[..., 3].astype(int) - alpha).mean() < 3
    assert rendering.verdict is None  # it does not say who made it


def test_a_result_of_another_picture_is_refused(original: Path, tmp_path: Path) -> None:
    other = file_of(np.zeros((240, 240, 4), np.uint8), tmp_path / "other.png")
    with pytest.raises(ChoiceRefusedError, match=r"240 x 240 pixels.*original's 320 x 240"):
        rendered(original, choices(other), ENGINE)
    other.write_bytes(b"<html>")
    with pytest.raises(ChoiceRefusedError, match=r"^The cut-out is .*none of"):
        rendered(original, choices(other), ENGINE)


def test_a_result_without_transparency_is_taken_as_it_is(original: Path, tmp_path: Path) -> None:
    opaque = file_of(photograph(), tmp_path / "opaque.jpg")
    pixels = pixels_of(rendered(original, choices(opaque), ENGINE))
    assert pixels[..., 3].min() == 255


def test_text_of_a_result_that_is_not_ours_is_not_believed(original: Path, tmp_path: Path) -> None:
    picture = read_picture(original)
    matte = matte_of(picture, ENGINE)
    odd = Matte(matte.alpha, "x" * 3000, Confidence.GOOD, "why")
    path = tmp_path / "odd.png"
    path.write_bytes(encoded(cut_out(picture, odd), odd))
    verdict = rendered(original, choices(path), ENGINE).verdict
    assert verdict
    assert len(verdict.engine) == 500
    with Image.open(path) as image:
        text = PngImagePlugin.PngInfo()
        text.add_text("Cut-out engine", "simple")
        text.add_text("Cut-out confidence", "<b>certain</b>")
        image.save(path, pnginfo=text)
    assert rendered(original, choices(path), ENGINE).verdict is None


def test_orientation_holds_for_result_and_preview_alike(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = np.ascontiguousarray(np.rot90(photograph()))  # stands on its side in the file
    path = file_of(turned, tmp_path / "turned.jpg", exif=exif, quality=95)
    upright = pixels_of(rendered(path, choices(), ENGINE))
    assert upright.shape == (240, 320, 4)
    preview = pixels_of(rendered(path, choices(longest=160), ENGINE))
    assert preview.shape == (120, 160, 4)
    assert preview[60, 80, 3] == 255


def test_strokes_of_a_large_picture_are_those_of_its_preview(tmp_path: Path) -> None:
    original = file_of(photograph(3200, 2400), tmp_path / "large.jpg", quality=92)
    picture = read_picture(original)
    matte = matte_of(picture, ENGINE)
    result = tmp_path / "result.png"
    result.write_bytes(encoded(cut_out(picture, matte), matte))
    edit = Edit(
        strokes=(
            Stroke("remove", 0.03, ((0.3, 0.3), (0.5, 0.3))),
            Stroke("keep", 0.02, ((0.1, 0.1),)),
        )
    )
    whole = pixels_of(rendered(original, choices(result, edit), ENGINE))
    preview = pixels_of(rendered(original, choices(result, edit, longest=1600), ENGINE))
    assert whole.shape == (2400, 3200, 4)
    assert preview.shape == (1200, 1600, 4)
    assert preview[360, 640, 3] == whole[720, 1280, 3] == 0
    assert preview[120, 160, 3] == whole[240, 320, 3] == 255
    kept = whole[::2, ::2, 3] > 127
    as_well = preview[..., 3] > 127
    assert (kept & as_well).sum() / (kept | as_well).sum() > 0.99


def test_the_cuts_to_choose_from_are_those_that_are_rendered(tmp_path: Path) -> None:
    rgb = photograph()
    rgb[100:140, 140:180] = GREY  # a hole, or not
    original = file_of(rgb, tmp_path / "original.png")
    cuts = cuts_of(original, 160, ENGINE)
    assert 1 <= len(cuts) <= 3
    assert len({preview for _, preview in cuts}) == len(cuts)
    for number, (verdict, preview) in enumerate(cuts):
        rendering = rendered(original, choices(edit=Edit(cut=number), longest=160), ENGINE)
        assert rendering.verdict == verdict
        with Image.open(io.BytesIO(preview)) as image:
            alpha = np.asarray(image)[..., 3]
        assert np.abs(pixels_of(rendering)[..., 3].astype(int) - alpha).mean() < 4


class OneCut:
    """An engine that has no other cut to offer."""

    name = "one"

    def matte(self, rgb: Levels) -> Matte:
        return Matte(np.ones(rgb.shape[:2], np.float32), self.name, Confidence.GOOD, "All of it.")

    def hypotheses(self, rgb: Levels) -> list[Matte]:
        return [self.matte(rgb)]


def test_a_cut_that_there_is_not_is_refused(original: Path) -> None:
    assert rendered(original, choices(edit=Edit(cut=0)), OneCut()).width == 320
    with pytest.raises(ChoiceRefusedError, match="no cut number 3"):
        rendered(original, choices(edit=Edit(cut=2)), OneCut())


def test_a_transparent_original_keeps_its_alpha_and_offers_cuts(tmp_path: Path) -> None:
    alpha = np.full((240, 320), 255, np.uint8)
    alpha[:30] = 90
    original = file_of(np.dstack([photograph(), alpha]), tmp_path / "original.png")
    pixels = pixels_of(rendered(original, choices(), ENGINE))
    assert np.array_equal(pixels[..., 3], alpha)
    assert np.array_equal(pixels[..., :3], photograph())
    cuts = cuts_of(original, 320, ENGINE)
    assert "transparent already" in cuts[0][0].reason
    assert len(cuts) > 1
    other = pixels_of(rendered(original, choices(edit=Edit(cut=1)), ENGINE))
    assert other[120, 160, 3] == 255
    assert other[200, 20, 3] == 0


def test_a_backdrop_is_read_like_any_image(original: Path, tmp_path: Path) -> None:
    half = np.zeros((64, 64, 4), np.uint8)
    half[:, :32] = (0, 0, 200, 255)
    behind = file_of(half, tmp_path / "behind.png")
    finish = Finish(backdrop="image")
    pixels = pixels_of(rendered(original, choices(finish=finish, backdrop=behind), ENGINE))
    assert tuple(pixels[5, 5]) == (0, 0, 200)
    assert tuple(pixels[5, 315]) == (255, 255, 255)
    behind.write_bytes(b"%PDF-1.7")
    with pytest.raises(ChoiceRefusedError, match=r"^The picture for the backdrop is a PDF"):
        rendered(original, choices(finish=finish, backdrop=behind), ENGINE)


def test_facts_and_a_preview_of_the_original(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = file_of(photograph(640, 480), tmp_path / "original.jpg", exif=exif)
    source, notes, preview = original_of(path, 100)
    assert (source.width, source.height, source.format, source.mode) == (480, 640, "JPEG", "RGB")
    assert any("orientation" in note for note in notes)
    with Image.open(io.BytesIO(preview)) as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (75, 100), "RGB")
    path.write_bytes(b"no image")
    with pytest.raises(ImageRefusedError):
        original_of(path, 100)
