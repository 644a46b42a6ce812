"""Text painted by one number a character, line by line, as in Karpathy et al. 2015; a stretch can be marked.

Several texts stand below each other, or one text painted by several things. A rule or another yes and no is
drawn as a line under the characters, so that colour is never the only sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import figures
from components.colours import Kind, needs_light_ink, palette
from components.scripts import SVG, beside, one_module

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Painted:
    """One text: ``values`` (n,) paint its characters, from ``low`` to ``high``; ``under`` (n,) draws a line.

    ``differs`` (n,) draws a red line under characters that are not those of another text.
    """

    title: str
    text: str
    values: NDArray[Any]
    low: float
    high: float
    under: NDArray[Any] | None = None
    differs: NDArray[Any] | None = None

    @property
    def kind(self) -> Kind:
        """Diverging where 0 lies in the middle."""
        return "diverging" if self.low == -self.high else "sequential"


def painted_text(
    texts: Sequence[Painted],
    *,
    label: str,
    key: str,
    param: str = "",
    marked: tuple[int, int] | None = None,
    focus: int | None = None,
    rows: bool = False,
    height: int = 0,
) -> None:
    """Draw texts. ``param`` lets a visitor mark a stretch of the first text by dragging: "12-34".

    A page scrolls what is longer than ``height``; a room sees the lines round the character ``focus``, which
    is the end of the stretch unless given. There ``rows`` puts each title beside its text, to be compared
    letter by letter.
    """
    header = {
        "texts": [
            {
                "title": each.title,
                "characters": list(each.text),
                "low": each.low,
                "high": each.high,
                "kind": each.kind,
                "under": np.flatnonzero(each.under).tolist() if each.under is not None else [],
                "differs": np.flatnonzero(each.differs).tolist() if each.differs is not None else [],
            }
            for each in texts
        ],
        "palette": {
            kind: {scheme: palette(kind, scheme) for scheme in ("light", "dark")}
            for kind in ("sequential", "diverging")
        },
        "ink": {
            kind: {scheme: needs_light_ink(palette(kind, scheme)) for scheme in ("light", "dark")}
            for kind in ("sequential", "diverging")
        },
        "label": label,
        "param": param,
        "marked": list(marked) if marked else None,
        "focus": focus,
        "rows": rows,
        "height": height,
    }
    _VIEW(data=figures.message(header, *(each.values for each in texts)), key=key)


def script() -> str:
    """The scripts as one module."""
    return one_module(SVG, *beside(HERE, "layout", "index"))


_VIEW = st.components.v2.component(
    "painted_text",
    html='<div class="painted-text"></div>',
    css=(HERE / "view.css").read_text("utf-8"),
    js=script(),
)
