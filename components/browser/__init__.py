"""What a browser keeps for itself between visits: its own number, and the key of a room that it opened."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent
KNOWN = "browser:known"
DROPPED = "browser:dropped"

_BROWSER = st.components.v2.component("plainsight_browser", js=(HERE / "browser.js").read_text("utf-8"))


@dataclass(frozen=True)
class Browser:
    """``number`` is random and tells browsers apart, nothing else; ``room`` is empty without a room."""

    number: str
    room: str


def browser(key: str = "browser") -> Browser | None:
    """What this browser keeps; None until it has told, one rerun after the first."""
    known: Browser | None = st.session_state.get(KNOWN)
    data = {"keep": known.room if known else "", "drop": st.session_state.get(DROPPED, "")}
    told = _BROWSER(key=key, data=data, on_kept_change=lambda: None).kept
    if known is None and isinstance(told, dict):
        known = Browser(str(told.get("number", ""))[:64], str(told.get("room", ""))[:64])
        st.session_state[KNOWN] = known
    return known


def keep_room(room: str) -> None:
    """Let the browser keep another room from the next run on, or none instead of the one it has."""
    known: Browser = st.session_state.get(KNOWN) or Browser("", "")
    st.session_state[DROPPED] = "" if room else known.room
    st.session_state[KNOWN] = Browser(known.number, room)
