"""One field that finds at once, in the browser: names first, then what is said about them."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

_SEARCH = st.components.v2.component(
    "plainsight_search",
    css=(HERE / "view.css").read_text("utf-8"),
    js=(HERE / "search.js").read_text("utf-8") + (HERE / "index.js").read_text("utf-8"),
)


def search_box(entries: Sequence[tuple[str, str, str, str, str]], label: str) -> None:
    """Draw the field; an entry is its name, one line about it, its link, its kind, and other words for it.

    Links are relative and stay in this tab. The key / leads into the field from anywhere on the page.
    """
    _SEARCH(key="search", data={"entries": [list(entry) for entry in entries], "label": label})
