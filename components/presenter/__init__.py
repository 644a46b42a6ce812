"""What a room needs beside the picture: a pointer that can be seen, keys, and a picture within the window."""

from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

_PRESENTER = st.components.v2.component("plainsight_presenter", js=(HERE / "presenter.js").read_text("utf-8"))


def presenter() -> None:
    """Draw a ring round the mouse; P switches it, C hides the controls and shows them again."""
    _PRESENTER(key="presenter")
