"""Two planes of log-probabilities, chosen against rejected, and where two losses lead at each place.

Everything follows the dragged point in the browser: losses.js (pure), draw.js, index.js.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from components import figures
from components.scripts import SVG, beside, one_module

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Field:
    """One number that a slider sets: its label, its range, its step and the digits that are printed."""

    label: str
    low: float
    high: float
    step: float
    digits: int = 2


def message(view: Mapping[str, float | str], fields: Mapping[str, Field], *, prefix: str) -> bytes:
    """What the browser gets: ``view`` has the methods ``left`` and ``right`` and a number for each field."""
    return figures.message(
        {
            "view": dict(view),
            "fields": {name: asdict(field) for name, field in fields.items()},
            "prefix": prefix,
        }
    )


def script() -> str:
    """The scripts as one module."""
    return one_module(SVG, *beside(HERE, "losses", "draw", "index"))


_VIEW = st.components.v2.component(
    "loss_plane",
    html='<div class="loss-plane"></div>',
    css=(HERE / "view.css").read_text("utf-8"),
    js=script(),
)


def loss_plane(data: bytes, *, key: str) -> None:
    """Draw a message on the page."""
    _VIEW(data=data, key=key)
