"""One unit of an RNN, GRU or LSTM as the well-known drawing, with the real numbers of one step in it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import streamlit as st

from components import figures
from components.colours import GATE_HUES, needs_light_ink, palette
from components.scripts import SVG, beside, one_module
from models.traces_recurrent import UnitTrace

HERE = Path(__file__).parent


def message(trace: UnitTrace, characters: Sequence[str], *, at: int, param: str, title: str) -> bytes:
    """A message for the browser: ``at`` is the step that is shown, ``param`` keeps it in the address."""
    rows = np.concatenate(
        [trace.from_input, trace.from_state, trace.values, [trace.before, trace.after, trace.hidden]]
    ).astype("<f4")
    header = {
        "id": hashlib.blake2b(rows.tobytes() + title.encode(), digest_size=8).hexdigest(),
        "kind": trace.kind,
        "n": len(characters),
        "gates": list(trace.gates),
        "characters": list(characters),
        "at": at,
        "param": param,
        "title": title,
        "most": float(np.abs(trace.after).max()),
        "hues": {name: GATE_HUES[name] for name in trace.gates},
        "palette": {scheme: palette("diverging", scheme) for scheme in ("light", "dark")},
        "ink": {scheme: needs_light_ink(palette("diverging", scheme)) for scheme in ("light", "dark")},
    }
    return figures.message(header, rows)


def script() -> str:
    """The scripts as one module."""
    return one_module(SVG, *beside(HERE, "layout", "index"))


_VIEW = st.components.v2.component(
    "cell_diagram",
    html='<div class="cell-diagram"></div>',
    css=(HERE / "view.css").read_text("utf-8"),
    js=script(),
)


def cell_diagram(data: bytes, *, key: str) -> None:
    """Draw a message on the page."""
    _VIEW(data=data, key=key)
