import pytest

from components.asset_temp_file import safe_file_name


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("Shoe (2).png", "Shoe (2).png"),
        ("größe 鞋.jpg", "größe 鞋.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..", "asset"),
        ("", "asset"),
        ("a\x00b\n.png", "a_b_.png"),
        ("C:\\x\\y.png", "C_x_y.png"),
        (f"{'n' * 300}.png", f"{'n' * 56}.png"),
    ],
)
def test_a_file_name_leads_nowhere_else(given: str, safe: str) -> None:
    assert safe_file_name(given) == safe
    assert len(safe.encode()) < 256
