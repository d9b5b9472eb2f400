import pytest

from components.background.file_names import cut_out_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("shoe.jpg", "shoe-cut-out"),
        ("shoe.final.jpg", "shoe.final-cut-out"),
        ("商" * 90 + ".jpg", "商" * 73 + "-cut-out"),
        ("é" * 200 + ".png", "é" * 110 + "-cut-out"),
        ("👟" * 80, "👟" * 55 + "-cut-out"),
    ],
)
def test_a_cut_out_s_name_fits_any_folder(name: str, stem: str) -> None:
    assert cut_out_stem(name) == stem
    assert len(f"{cut_out_stem(name)}-50.webp".encode()) <= 255
