"""One column of numbers in one picture: bars, density, dots, box, ECDF and Q–Q, linked.

While a dot or a slider moves, the browser computes every number itself (column.js, held to
models.distributions by tests); as soon as the hand rests, they come from here. What a visitor moves, draws or
chooses goes into the page's address as ``PREFIX_moved`` ("3:1.5;7:-2"), ``PREFIX_drawn`` ("0.10.35…"),
``PREFIX_bins`` and ``PREFIX_range``; a slider's stop as ``PREFIX_NAME``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from components.figures import message
from components.scripts import SVG, beside, one_module
from models.quantise import percent
from models.traces import Array
from models.traces_distributions import Description, Shape

HERE = Path(__file__).parent
HEIGHT = 400  # pixels, so that a picture stands above the fold at 1366 × 768
ROUNDING = 1e-12  # what is smaller, beside the largest value, is rounding
MOST_TOLD = 2000  # values whose z-score and share come along; of more, the browser works them out
MOST_DOTS = 300  # values that are drawn as dots of their own, and can be dragged


@dataclass(frozen=True)
class View:
    """What the visitor has set in the picture: ``bins`` 0 for automatic, ``near`` for the middle 98 %."""

    bins: int = 0
    near: bool = False
    moved: str = ""


@dataclass(frozen=True)
class Drawing:
    """A curve that a hand may change: heights from 0 to 100 at even places of ``domain``."""

    heights: Sequence[int]
    domain: tuple[float, float]


def header(
    shape: Shape,
    described: Description,
    view: View,
    *,
    prefix: str,
    label: str,
    numbers: Sequence[tuple[str, str]],
    stops: str = "",
    truth: tuple[Array, Array] | None = None,
    drawing: Drawing | None = None,
    whole: bool = False,
    edit: bool = True,
    height: int = HEIGHT,
) -> dict[str, Any]:
    """What the browser gets.

    ``numbers`` are printed under the picture, (name, text) each. ``stops`` are those of the sliders that made
    the values, joined by "|". ``truth`` is the density that the values were drawn from; ``whole`` if it has
    none.
    """
    editable, edit = edit, edit and len(shape.values) <= MOST_DOTS
    centre = {"mean": described.mean, "median": described.median, "mode": described.mode}
    nothing = ROUNDING * float(np.abs(shape.values).max())
    known = np.isfinite(described.sd) and described.sd > 0
    short = len(shape.values) <= MOST_TOLD
    return {
        "points": shape.values.tolist(),
        "share": [percent(float(one)) for one in shape.share]
        if short and np.isfinite(shape.share).all()
        else None,
        "z": np.round((shape.values - described.mean) / described.sd, 3).tolist()
        if short and known
        else None,
        "normal": np.round(shape.normal, 4).tolist(),
        "reach": float(max(1.0, shape.normal[-1] * 1.05)),
        "grid": shape.grid.tolist(),
        "density": shape.density.tolist(),
        "truth": None if truth is None else {"x": truth[0].tolist(), "y": truth[1].tolist()},
        "edges": shape.edges.tolist(),
        "box": [
            shape.whiskers[0],
            described.quartiles[0],
            described.median,
            described.quartiles[1],
            shape.whiskers[1],
        ],
        "marks": [
            {"name": name, "value": value if abs(value) > nothing else 0.0} for name, value in centre.items()
        ],
        "numbers": [list(one) for one in numbers],
        "stops": stops,
        "line": [described.mean, described.sd] if known else None,
        "whole": whole,
        "edit": edit,
        "most": MOST_DOTS if editable else 0,
        "draw": drawing and {"heights": list(drawing.heights), "domain": list(drawing.domain)},
        "bins": view.bins,
        "range": "middle" if view.near else "all",
        "moved": view.moved,
        "hint": _hint(drawing is not None, edit),
        "prefix": prefix,
        "label": label,
        "height": height,
    }


def _hint(draws: bool, edit: bool) -> str:
    if draws:
        return "Draw a curve over the bars with mouse or finger."
    if edit:
        return "Drag a dot, or move it by Shift and an arrow key."
    return "Point at a bar or a value, or tap it."


def script(*names: str) -> str:
    """The shared SVG helpers and these files as one module."""
    return one_module(SVG, *beside(HERE, *names))


def _component(name: str, *names: str) -> Any:
    return st.components.v2.component(
        name.replace("-", "_"),
        html=f'<div class="{name}"></div>',
        css=(HERE / "view.css").read_text("utf-8"),
        js=script(*names),
    )


_VIEW = _component("distribution-view", "layout", "column", "draw", "index")
_KNOBS = _component("distribution-knobs", "layout", "column", "sample", "knobs")


def distribution_view(data: Mapping[str, Any], *, key: str) -> None:
    """Draw a header on the page."""
    _VIEW(data=message(dict(data)), key=key)


@dataclass(frozen=True)
class Slider:
    """One slider: ``name`` without the page's prefix, the stop it stands ``at``, what each stop is called."""

    name: str
    label: str
    stops: Sequence[str]
    at: int
    texts: Sequence[str] | None = None


@dataclass(frozen=True)
class Tables:
    """What the browser makes values from.

    ``kind`` is "table" (``rows`` of a slider are quantiles at standard normal scores from −5 to 5), "steps"
    (each number of a row is the score up to which one less is thrown) or "johnson" (no rows). ``scores`` are
    those of values thrown by chance; none for even quantiles. ``n`` is how many values there are where no
    slider says so.
    """

    kind: str
    rows: Mapping[str, Array]
    scores: Array | None
    n: int


def knobs(
    sliders: Sequence[Slider], tables: Tables, *, prefix: str, sketch: bool, moved: str, width: int, key: str
) -> None:
    """Draw sliders that answer in the browser; with ``sketch``, a small picture of the values beside them."""
    chance = [] if tables.scores is None else [tables.scores]
    start, places = sum(map(len, chance)), {}
    for name, rows in tables.rows.items():
        places[name] = {"start": start, "width": rows.shape[1]}
        start += rows.size
    told = {
        "sliders": [asdict(slider) for slider in sliders],
        "kind": tables.kind,
        "tables": places,
        "chance": 0 if tables.scores is None else len(tables.scores),
        "n": tables.n,
        "prefix": prefix,
        "sketch": sketch,
        "moved": moved,
    }
    _KNOBS(data=message(told, *chance, *tables.rows.values()), key=key, width=width)
