"""Two planes of log-probabilities, chosen against rejected, and where two losses lead at each place.

Everything follows the dragged point in the browser: losses.js (pure), draw.js, index.js.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from components import figures

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
    """The files as one module: a component of Streamlit takes one string."""
    files = (
        HERE.parent / "figures/svg.js",
        HERE / "losses.js",
        HERE / "draw.js",
        HERE / "index.js",
    )
    whole = "\n".join(file.read_text("utf-8") for file in files)
    without_imports = re.sub(r"^import \{[^}]*\} from .*\n", "", whole, flags=re.M)
    return re.sub(r"^export (?!default)", "", without_imports, flags=re.M)


_VIEW = st.components.v2.component(
    "loss_plane",
    html='<div class="loss-plane"></div>',
    css=(HERE / "view.css").read_text("utf-8"),
    js=script(),
)


def loss_plane(data: bytes, *, key: str) -> None:
    """Draw a message on the page."""
    _VIEW(data=data, key=key)
