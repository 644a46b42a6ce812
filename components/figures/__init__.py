"""Pictures that Altair cannot draw, made of SVG in the browser: large matrices, turning pairs, scoreboards.

A message is raw bytes: the header's length (u32, little-endian), a JSON header, float32 values. Every
picture is one ``svg.marks``, like a chart of Vega's, so that one listener saves them all.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.colours import palette
from components.scripts import beside, one_module
from models.traces import Verdict

HERE = Path(__file__).parent
HEIGHT = 400  # pixels, so that a picture stands above the fold at 1366 × 768


def script(name: str) -> str:
    """A figure's file and the one it imports, as one module."""
    return one_module(*beside(HERE, *(("svg", name) if name != "save" else (name,))))


def figure(name: str) -> Any:
    """The component that draws with the file of this name."""
    return st.components.v2.component(
        f"figure_{name}",
        html='<div class="figure"></div>' if name != "save" else None,
        css=(HERE / "figures.css").read_text("utf-8"),
        js=script(name),
    )


_MATRIX, _TURNING, _SCOREBOARD, _SAVE = map(figure, ("matrix", "turning", "scoreboard", "save"))


@dataclass(frozen=True)
class Panel:
    """One matrix: ``values`` (rows, columns), NaN where there is no value; labels, or none for 0, 1, 2 …

    Cells of several panels with the same ``ids`` (of rows, of columns) are marked together. A ``signed``
    panel is drawn on the second scale.
    """

    title: str
    values: NDArray[Any]
    rows: Sequence[str] = ()
    columns: Sequence[str] = ()
    ids: tuple[Sequence[int], Sequence[int]] = ((), ())
    signed: bool = False


@dataclass(frozen=True)
class Scale:
    """What the colours mean: from ``low`` to ``high``; centred on 0 where values have a sign."""

    title: str
    low: float
    high: float
    digits: int = 2

    @property
    def kind(self) -> Any:
        """Diverging where 0 lies in the middle."""
        return "diverging" if self.low == -self.high else "sequential"


def signed(title: str, values: NDArray[Any], digits: int = 2, *, least: float = 0.0) -> Scale:
    """The scale centred on 0 that holds all values, and ``least``, so that a trifle stays pale."""
    most = float(np.nanmax(np.abs(values), initial=least)) or 1.0
    return Scale(title, -most, most, digits)


def message(header: dict[str, Any], *arrays: NDArray[Any]) -> bytes:
    """A header and arrays as the browser gets them: float32, where a number too large for it is ±∞."""
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    with np.errstate(over="ignore"):
        body = b"".join(np.ascontiguousarray(array, "<f4").tobytes() for array in arrays)
    return len(text).to_bytes(4, "little") + text + body


def matrix(
    panels: Sequence[Panel],
    scale: Scale,
    *,
    axes: tuple[str, str],
    label: str,
    key: str,
    square: bool = False,
    held: int | None = None,
    param: str = "",
    gone: str = "",
    hidden: str = "",
    signed: Scale | None = None,
    height: int = HEIGHT,
) -> None:
    """Draw matrices on one colour scale; those of differences on the scale ``signed``.

    ``axes`` names the rows and the columns ("position", "dimension"). ``held`` marks a row; a click on a
    row puts its number into the address as ``param``. ``gone`` is written over cells without a value;
    ``hidden`` names them beside the scale, where they are drawn darker.
    """
    header = {
        "panels": [
            {
                "title": panel.title,
                "rows": panel.values.shape[0],
                "cols": panel.values.shape[1],
                "rowLabels": list(panel.rows),
                "colLabels": list(panel.columns),
                "rowIds": list(panel.ids[0]),
                "colIds": list(panel.ids[1]),
                "signed": panel.signed,
            }
            for panel in panels
        ],
        "palette": {scheme: palette(scale.kind, scheme) for scheme in ("light", "dark")},
        "scale": asdict(scale),
        "signed": asdict(signed) if signed else None,
        "signedPalette": {scheme: palette("diverging", scheme) for scheme in ("light", "dark")}
        if signed
        else {},
        "row": axes[0],
        "column": axes[1],
        "rows": f"{axes[0]} ↓",
        "columns": f"{axes[1]} →",
        "label": label,
        "square": square,
        "held": held,
        "param": param,
        "gone": gone,
        "hidden": hidden,
        "height": height,
    }
    _MATRIX(data=message(header, *(panel.values for panel in panels)), key=key)


@dataclass(frozen=True)
class Pair:
    """Two dimensions that turn together: ``frequency`` in radians a position."""

    name: str
    turn: str
    frequency: float


def turning(
    pairs: Sequence[Pair],
    similarity: NDArray[Any],
    *,
    at: int,
    gap: int,
    params: tuple[str, str],
    product: str,
    label: str,
    key: str,
    height: int = HEIGHT,
) -> None:
    """Draw pairs as hands of a clock with a slider for the position; ``similarity`` is by distance."""
    header = {
        "pairs": [asdict(pair) for pair in pairs],
        "n": len(similarity),
        "at": at,
        "gap": gap,
        "params": dict(zip(("at", "gap"), params, strict=True)),
        "product": product,
        "label": label,
        "height": height,
    }
    _TURNING(data=message(header, similarity), key=key)


@dataclass(frozen=True)
class Cell:
    """One verdict, a number in few words, why, and the state of the page that shows it."""

    verdict: Verdict
    number: str
    why: str
    state: dict[str, str]
    href: str


@dataclass(frozen=True)
class Row:
    """One row of a scoreboard; ``current`` is the one that the page is about."""

    name: str
    cells: Sequence[Cell]
    current: bool = False


def scoreboard(
    columns: Sequence[str], rows: Sequence[Row], *, label: str, key: str, height: int = HEIGHT
) -> None:
    """Draw verdicts as a table; a click on a cell puts its state into the address."""
    header = {
        "columns": list(columns),
        "rows": [
            {"name": row.name, "current": row.current, "cells": [asdict(cell) for cell in row.cells]}
            for row in rows
        ],
        "label": label,
        "height": height,
    }
    _SCOREBOARD(data=message(header), key=key)


def save_on_export(scope: str, *, stem: str, title: str, sentences: str, provenance: str, key: str) -> None:
    """Hear the export buttons ("svg", "png", "html") and save what the container ``scope`` shows."""
    _SAVE(
        data={"scope": scope, "stem": stem, "title": title, "sentences": sentences, "provenance": provenance},
        key=key,
        height=1,
    )
