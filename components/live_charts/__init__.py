"""Charts of Vega-Lite under sliders that move them in the browser, without a rerun.

A chart's specification reads the place of each slider as a parameter of the slider's name: 0 for its first
stop. What hangs on the stop is looked up there, so that every number is the server's.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from components.lie_slider import script as with_vega
from components.lie_slider import vega_file

HERE = Path(__file__).parent
Spec = dict[str, Any]
_CHARTS = st.components.v2.component(
    "live_charts",
    html='<div class="live"><div class="knobs"></div><div class="row"></div></div>',
    css=(HERE / "view.css").read_text("utf-8"),
    js=with_vega("index", HERE),
)


@dataclass(frozen=True)
class Slider:
    """One slider: the parameter of the charts and of the address, its stops, the one it stands ``at``."""

    name: str
    param: str
    label: str
    stops: Sequence[str]
    at: int
    texts: Sequence[str] | None = None


@dataclass(frozen=True)
class Chart:
    """A specification without a size, its share of the width, and what it shows in words."""

    spec: Spec
    label: str
    share: float = 1.0


def live_charts(sliders: Sequence[Slider], charts: Sequence[Chart], *, height: int, key: str) -> None:
    """Draw sliders and, below, charts beside each other, ``height`` pixels high."""
    _CHARTS(
        data={
            "file": vega_file(),
            "sliders": [asdict(slider) for slider in sliders],
            "charts": [asdict(chart) for chart in charts],
            "height": height,
        },
        key=key,
    )
