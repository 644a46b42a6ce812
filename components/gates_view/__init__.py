"""Gates over text: all units × characters as a heat map, one unit's curves, and what the model expects next.

A message is raw bytes: the header's length (u32, little-endian), a JSON header, then for every layer and
direction each series (units, steps), one byte a value in hundredths, as far as its values lie within ±1.27,
else two; then (steps, GUESSES) places in the alphabet of the likeliest characters, their per cent, and per
cent (steps,) given to the character that stands there.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components.colours import GATE_HUES, Kind, needs_light_ink, palette
from components.scripts import SVG, beside, one_module
from models.traces_recurrent import CharTrace, GateTrace

HERE = Path(__file__).parent
GUESSES = 4  # characters drawn below each column
CLIP = 0.9  # share of a cell state's values that the colours tell apart
WIDE = 32767
SHORT = {
    "forget": ("f", "forget f", "Forget gate"),
    "input": ("i", "input i", "Input gate"),
    "candidate": ("g", "candidate g", "Cell candidate"),
    "output": ("o", "output o", "Output gate"),
    "reset": ("r", "reset r", "Reset gate"),
    "update": ("z", "update z", "Update gate"),
    "cell": ("c", "cell c", "Cell state"),
    "hidden": ("h", "hidden h", "Hidden state"),
}
WHY = {
    "forget": "How much of the cell state is kept: 1 all, 0 nothing",
    "input": "How much of the candidate is written into the cell",
    "candidate": "What would be written",
    "output": "How much of the cell is shown to the rest of the network",
    "reset": "How much of the old state the candidate may use",
    "update": "How much of the old state stays: 1 all, 0 nothing",
    "cell": "What the cell holds; nothing bounds it",
    "hidden": "What the unit shows to the rest of the network",
}
DASHES = {"input": "5 2", "reset": "5 2", "output": "1.5 2", "candidate": "2 2", "hidden": "6 2"}
ORDER = {
    "LSTM": ("forget", "input", "candidate", "output", "cell", "hidden"),
    "GRU": ("update", "reset", "candidate", "hidden"),
    "RNN": ("hidden",),
}


@dataclass(frozen=True)
class View:
    """What the visitor looks at: layer and direction, series, unit, order, held character, window."""

    part: int = 0
    series: str = "hidden"
    unit: int = 0
    order: str = "number"
    at: int | None = None
    start: int = 0

    def browser(self) -> dict[str, Any]:
        """The view as index.js keeps it."""
        view = asdict(self)
        return {"from": view.pop("start"), **view}


def series_of(trace: GateTrace) -> dict[str, NDArray[Any]]:
    """The series that are drawn, each (layers, directions, steps, units)."""
    values = {**trace.gates, "hidden": trace.hidden}
    if trace.cell is not None:
        values["cell"] = trace.cell
    return {name: values[name] for name in ORDER[trace.kind]}


def part_names(trace: GateTrace) -> list[str]:
    """The layers and directions in the order of a message."""
    layers, directions = trace.hidden.shape[:2]
    ways = ["reads forwards", "reads backwards"] if directions == 2 else [""]
    names = [f"layer {layer + 1}" if layers > 1 else "" for layer in range(layers)]
    return [", ".join(filter(None, (name, way))) or "the only layer" for name in names for way in ways]


def message(
    trace: CharTrace,
    view: View,
    *,
    sentences: Sequence[str],
    overall: str = "",
    rules: Sequence[Mapping[str, Any]] = (),
    default: View | None = None,
    prefix: str = "",
) -> bytes:
    """A message for the browser; ``sentences`` holds one finding a unit, by layer, direction and unit.

    ``rules`` are what single units follow: "part", "unit", "name", and "yes", the places underlined with it.
    """
    series = series_of(trace.gates)
    parts = part_names(trace.gates)
    units = trace.gates.hidden.shape[-1]
    if len(sentences) != len(parts) * units:
        raise ValueError(f"{len(sentences)} sentences for {len(parts) * units} units; give one a unit.")
    described = [_describe(name, values) for name, values in series.items()]
    body = b"".join(
        _levels(values.reshape(-1, *values.shape[-2:])[part], each)
        for part in range(len(parts))
        for each, values in zip(described, series.values(), strict=True)
    )
    top = np.argsort(-trace.probabilities, axis=1, kind="stable")[:, :GUESSES]
    per_cent = np.round(100 * np.take_along_axis(trace.probabilities, top, 1))
    given = np.nan_to_num(np.round(100 * np.exp2(-trace.bits)))
    body += b"".join(np.ascontiguousarray(part, np.uint8).tobytes() for part in (top, per_cent, given))
    text = "".join(trace.characters).encode("utf-8", "replace")
    header = {
        "id": hashlib.blake2b(body + text, digest_size=8).hexdigest(),
        "n": len(trace.characters),
        "units": units,
        "characters": list(trace.characters),
        "unseen": np.flatnonzero(trace.codes == 0).tolist(),
        "alphabet": trace.alphabet,
        "both": trace.both_ways,
        "guesses": GUESSES,
        "parts": parts,
        "series": described,
        "gates": [name for name in series if name in ("forget", "input", "output", "reset", "update")],
        "states": [name for name in series if name in ("cell", "hidden", "candidate")],
        "palette": _palettes(lambda colours: list(colours)),
        "ink": _palettes(needs_light_ink),
        "view": view.browser(),
        "defaults": (default or view).browser(),
        "prefix": prefix,
        "sentences": list(sentences),
        "overall": overall,
        "rules": list(rules),
    }
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return len(head).to_bytes(4, "little") + head + body


def _palettes(of: Any) -> Mapping[str, Any]:
    kinds: tuple[Kind, Kind] = ("sequential", "diverging")
    return {kind: {scheme: of(palette(kind, scheme)) for scheme in ("light", "dark")} for kind in kinds}


def _describe(name: str, values: NDArray[Any]) -> dict[str, Any]:
    """What the browser knows of a series: its names, its scale, its bytes."""
    letter, short, full = SHORT[name]
    signed = name in ("cell", "hidden", "candidate")
    high = 1.0
    if name == "cell":
        reach = float(np.quantile(np.abs(values), CLIP))
        high = max(1.0, float(math.ceil(reach)))
    wide = bool(np.abs(values).max() > 1.27)
    return {
        "id": name,
        "letter": letter,
        "short": short,
        "name": full,
        "why": WHY[name],
        "low": -high if signed else 0.0,
        "high": high,
        "clipped": name == "cell",
        "kind": "diverging" if signed else "sequential",
        "wide": wide,
        "zero": 0 if wide or not signed else 127,
        "colour": GATE_HUES.get(name),
        "dash": DASHES.get(name, ""),
    }


def _levels(values: NDArray[Any], each: Mapping[str, Any]) -> bytes:
    """(steps, units) in hundredths as the browser gets them: (units, steps)."""
    hundredths = np.round(values.T.astype(np.float64) * 100)
    if each["wide"]:
        return np.clip(hundredths, -WIDE, WIDE).astype("<i2").tobytes()
    return (hundredths + each["zero"]).astype(np.uint8).tobytes()


def script() -> str:
    """The scripts as one module."""
    return one_module(SVG, *beside(HERE, "layout", "draw", "index"))


_VIEW = st.components.v2.component(
    "gates_view",
    html='<div class="gates-view"></div>',
    css=(HERE / "view.css").read_text("utf-8"),
    js=script(),
)


def gates_view(data: bytes, *, key: str) -> None:
    """Draw a message on the page."""
    _VIEW(data=data, key=key)
