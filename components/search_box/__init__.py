"""One field that finds at once, in the browser: names first, then what is said about them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

_SEARCH = st.components.v2.component(
    "plainsight_search",
    css=(HERE / "view.css").read_text("utf-8"),
    js=(HERE / "search.js").read_text("utf-8") + (HERE / "index.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Reader:
    """The page that reads a text of one's own: its title, a line about it, its link, the text's parameter.

    ``most`` are the bytes of an encoded text that a link holds.
    """

    page: str
    about: str
    link: str
    parameter: str
    most: int


def search_box(entries: Sequence[tuple[str, str, str, str, str]], label: str, reader: Reader) -> None:
    """Draw the field; an entry is its name, one line about it, its link, its kind, and other words for it.

    Links are relative and stay in this tab. The key / leads into the field from anywhere on the page. What is
    more than a word can be taken to the ``reader`` as it was typed.
    """
    data = {"entries": [list(entry) for entry in entries], "label": label, "reader": asdict(reader)}
    _SEARCH(key="search", data=data)
