"""The bar of a running lesson: the step before, the step after, notes for the lecturer, a code for phones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
import streamlit as st

HERE = Path(__file__).parent
# Bytes; a longer address makes a code too fine for a phone in the last row.
LONGEST_CODE = 500

_BAR = st.components.v2.component(
    "plainsight_lesson_bar",
    css=(HERE / "lesson_bar.css").read_text("utf-8"),
    js=(HERE / "lesson_bar.js").read_text("utf-8"),
)
_TURNING = st.components.v2.component(
    "plainsight_lesson_turning", js=(HERE / "turning.js").read_text("utf-8")
)
_EMPTIED = st.components.v2.component(
    "plainsight_lesson_emptied", js=(HERE / "emptied.js").read_text("utf-8")
)
_FOLLOWING = st.components.v2.component(
    "plainsight_lesson_following", js=(HERE / "following.js").read_text("utf-8")
)
_GO = st.components.v2.component(
    "plainsight_lesson_go", js="export default ({ data }) => location.replace(data.to)"
)
_COLLECTED = st.components.v2.component(
    "plainsight_collected_views",
    css=(HERE / "lesson_bar.css").read_text("utf-8"),
    js=(HERE / "collected.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Phone:
    """The address that phones open, or why there is none."""

    address: str
    warning: str = ""


def code(address: str) -> str:
    """A QR code as the address of an SVG picture, black on white with a quiet zone; empty where too long."""
    if not address or len(address.encode()) > LONGEST_CODE:
        return ""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(border=4, light="white"))


def lesson_bar(
    *,
    lesson: str,
    at: int,
    steps: Sequence[Mapping[str, str]],
    before: str,
    after: str,
    here: str,
    present: bool,
    phone: Phone,
    says: bool = True,
) -> None:
    """Draw the bar; it hears N for the notes and Q for the code.

    ``before``, ``after`` and ``here`` are relative addresses, empty where there is no step; ``steps`` have
    title, say and ask; ``at`` counts from 0. Without ``says`` what to say stands in the notes alone.
    """
    drawn = code(phone.address)
    why = phone.warning or ("" if drawn else "The address of this step is too long for a code; use Share.")
    _BAR(
        key="lesson_bar",
        data={
            "lesson": lesson,
            "at": at,
            "steps": [{name: step[name] for name in ("title", "say", "ask")} for step in steps],
            "before": before,
            "after": after,
            "here": here,
            "present": present,
            "says": says,
            "code": drawn,
            "address": phone.address,
            "why": why,
        },
        width="content" if present else "stretch",
    )


def turning(*, lesson: str, links: Sequence[str], tail: str, present: bool) -> None:
    """Hear the keys that turn a step, also while a page is drawn: arrows, PageUp, PageDown, Home and End.

    ``links`` are the steps' own; ``tail`` names the lesson in the address.
    """
    data = {"lesson": lesson, "links": list(links), "tail": tail, "present": present}
    _TURNING(key="lesson_turning", data=data)


def following() -> None:
    """Follow the links to steps on this page without loading it anew."""
    _FOLLOWING(key="lesson_following")


def emptied(query: str) -> None:
    """Tell the address of a step once more when the browser shows nothing of the page."""
    _EMPTIED(key="lesson_emptied", data={"query": query})


def go(to: str) -> None:
    """Lead the browser on to a relative address, without a way back to here."""
    _GO(key="lesson_go", data={"to": to})


def collected_views(take: Callable[[Any], None]) -> None:
    """Offer the views that this browser collected by Share; ``take`` gets them, unchecked, as they come."""
    key = "lesson_collected"
    _COLLECTED(key=key, on_views_change=lambda: take(st.session_state[key].get("views")))
