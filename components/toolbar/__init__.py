"""Browser-side buttons of a page's frame: Share, export as a picture, and the ear for picture state."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

HERE = Path(__file__).parent

_TOOLBAR = st.components.v2.component(
    "plainsight_toolbar",
    css=(HERE / "toolbar.css").read_text("utf-8"),
    js=(HERE / "toolbar.js").read_text("utf-8"),
)


def share(
    *,
    missing: str = "",
    local: str = "",
    host: str = "",
    collectable: bool = False,
    key: str = "toolbar_share",
) -> None:
    """Draw the button that copies the address of the present state.

    ``missing`` says what the link cannot hold ("the text is too long for a link"); ``local`` that nobody else
    can open it, and ``host`` is the name and port by which others may. ``collectable`` offers to
    keep the view for a lesson, which ``collected_views`` gives back. The same element
    hears ``plainsight:view`` events and types their values into the page's hidden inputs.
    """
    said = {"missing": missing, "local": local, "host": host, "collectable": collectable}
    _TOOLBAR(key=key, data={"buttons": ["share"], **said}, width="content")


def export_buttons(formats: Sequence[str], key: str = "toolbar_export") -> None:
    """Draw one button a format ("svg", "png"); a click asks the picture by a ``plainsight:export`` event."""
    _TOOLBAR(key=key, data={"buttons": list(formats), "missing": ""})
