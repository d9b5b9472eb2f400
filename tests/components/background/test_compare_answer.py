from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.background.compare.compare import CompareAnswer, ShownBackdrop

pytestmark = pytest.mark.usefixtures("installed_components")


def answer_to(reported: dict[str, Any] | None) -> CompareAnswer:
    """What Python makes of a report of the viewer."""

    def script() -> None:
        import streamlit as st

        from components.background.compare.compare import compare_answer

        st.session_state["answer"] = compare_answer("viewer")

    app = AppTest.from_function(script)
    if reported is not None:
        app.session_state["viewer"] = reported
    app.run()
    return app.session_state["answer"]


def test_nothing_reported_is_the_checkerboard_and_no_list() -> None:
    assert answer_to(None) == CompareAnswer(backdrop=ShownBackdrop(), strokes=None)


def test_a_report_is_taken_over() -> None:
    strokes = [{"mode": "keep", "radius": 0.1, "points": [[0.5, 0.5]]}]
    backdrop = {"kind": "gradient", "colour": "#123456", "second_colour": "#abcdef"}
    reported = {"backdrop": backdrop, "strokes": strokes}
    assert answer_to(reported) == CompareAnswer(ShownBackdrop(**backdrop), strokes)


@pytest.mark.parametrize(
    "backdrop",
    [
        None,
        "white",
        {"kind": "lava"},
        {"kind": ["white"]},
        {"kind": "checkerboard", "colour": "red"},
        {"kind": "checkerboard", "colour": "#123456; position: fixed", "second_colour": 7},
    ],
)
def test_what_no_viewer_reports_is_not_taken_over(backdrop: object) -> None:
    assert answer_to({"backdrop": backdrop, "strokes": "many"}) == answer_to(None)
