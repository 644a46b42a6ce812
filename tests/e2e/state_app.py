"""A page with the state of a picture, a text and a preset, and no model behind it."""

import json
import sys
from pathlib import Path

import streamlit as st

# Streamlit puts this script's own folder on the import path, not the project's.
sys.path.insert(0, str(Path(__file__).parents[2]))

from app import frame, state
from app.catalogue import Page

PAGE = Page(__file__, "A picture", "Does the address hold all?", "", "", "pic", "")
TEXT = "The animal"


def place(text: str) -> int:
    """A layer or a head from 0 to 5."""
    if text not in list("012345"):
        raise ValueError(text)
    return int(text)


def picture() -> None:
    """Show what the server knows."""
    bar = frame.page(PAGE)
    frame.presets(
        [
            frame.Preset("Opening", "As it opens", {"pic_text": TEXT, "pic_layer": "0"}),
            frame.Preset("Other", "Another text and layer", {"pic_text": "café & #1", "pic_layer": "4"}),
        ]
    )
    text = state.url_text("Text", TEXT, key="pic_text")
    area = state.url_text("Area", "", key="pic_area", area=True)
    view = state.read_view(
        "pic",
        [
            state.Param("layer", "0", place, "this model has layers 0–5, so layer 0 is shown"),
            state.Param("head", "1", place, "this model has heads 0–5, so head 1 is shown"),
        ],
    )
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    seen = {"run": st.session_state.runs, **view, "text": text[:80], "length": len(text)}
    st.code(json.dumps({**seen, "area": area}), language="json")
    bar.export(lambda: st.write(f"export of layer {view['layer']}"))


frame.begin()
st.navigation(
    [
        st.Page(picture, title="Picture", default=True),
        st.Page(lambda: st.write("nothing here"), title="Elsewhere", url_path="elsewhere"),
    ]
).run()
