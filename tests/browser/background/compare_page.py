"""The page of `compare_app.py`: the viewer, what Python heard of it, and levers to pull."""

import json

import streamlit as st

from components.background.compare.compare import (
    CompareData,
    ShownBackdrop,
    compare,
    compare_answer,
)

KEY = "viewer"
SIZES = {"wide": (3200, 2400), "tall": (1200, 1800)}

st.set_page_config(page_title="Viewer", layout="wide")
state = st.session_state
if "strokes" not in state:
    state.update(strokes=[], heard=0, asked=0, cut="1", picture="wide", backdrop=ShownBackdrop())


def hear_strokes() -> None:
    state.heard += 1
    state.strokes = list(compare_answer(KEY).strokes or [])


def give_detail() -> None:
    state.asked += 1


def hear_backdrop() -> None:
    state.backdrop = compare_answer(KEY).backdrop


def start_over() -> None:
    state.strokes = []


def change(name: str, value: str) -> None:
    state[name] = value


st.title("Viewer", anchor=False)
picture = state.picture
width, height = SIZES[picture]
full = state.asked > 0 and not state.get("previews", False)
before, after = f"/pictures/{picture}-before", f"/pictures/{picture}-after-{state.cut}"
answer = compare(
    CompareData(
        before=before,
        after=after,
        before_full=f"{before}?full" if full else None,
        after_full=f"{after}?full" if full else None,
        width=width,
        height=height,
        name=f"<b>{picture}</b>.jpg",
        strokes=state.strokes,
        version=state.cut,
        brush=not state.get("no-brush", False),
        busy=state.get("busy", False),
        backdrop_image="/pictures/any-backdrop" if state.get("image", False) else None,
        backdrop=state.backdrop,
    ),
    key=KEY,
    on_strokes=hear_strokes,
    on_detail=give_detail,
    on_backdrop=hear_backdrop,
)

levers = st.container(horizontal=True)
levers.button("Start over", on_click=start_over)
levers.button("Other cut", on_click=change, args=("cut", "2"))
levers.button("Other picture", on_click=change, args=("picture", "tall"))
levers.checkbox("Busy", key="busy")
levers.checkbox("No brush", key="no-brush")
levers.checkbox("Backdrop image", key="image")
levers.checkbox("Previews only", key="previews")
report = {
    "strokes": state.strokes,
    "heard": state.heard,
    "asked": state.asked,
    "backdrop": vars(answer.backdrop),
}
st.text(json.dumps(report))
