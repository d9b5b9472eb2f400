from components.upload.words import plan_text


def test_the_plan_says_size_parts_and_pace_in_one_line() -> None:
    part = 16 * 1024**2
    assert plan_text("single", 3_000_000, 1, 3_000_000, 3) == "3 MB, so it goes in one PUT."
    assert plan_text("multipart", 250_000_000, 15, part, 3) == (
        "250 MB, so it goes in 15 parts of 16 MiB, 3 at a time."
    )
    assert plan_text("multipart", 6_000_000, 1, part, 3) == "6 MB, so it goes in 1 part."
