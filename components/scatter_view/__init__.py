"""Points of one or several maps on canvases, one selection in all; drawn and searched in the browser.

A message to the browser is raw bytes: the header's length (u32, little-endian), a JSON header, then the
arrays that the header names (positions as float32, neighbours as u16, pictures as bytes).
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import standalone
from components.colours import palette
from components.scripts import beside, one_module

HERE = Path(__file__).parent
SCRIPTS = ("layout", "elements", "draw", "svg", "words", "controls", "pointer", "index")
MOST_POINTS = 65_535  # a neighbour is two bytes
MOST_LEVELS = 40  # different texts of a column that still are groups
# Okabe–Ito as far as a small mark can be seen on a light and on a dark page
CATEGORIES = (
    "#2f8fd0",
    "#e69f00",
    "#009e73",
    "#d55e00",
    "#cc79a7",
    "#8a6fd1",
    "#a89a00",
    "#7a8594",
    "#946037",
    "#2ab7c9",
    "#c4265e",
    "#7fbf3f",
)
HINT = (
    "Click a point for its neighbours. Click a name in the legend, or draw a box or a lasso, to follow "
    "points from map to map."
)


@dataclass(frozen=True)
class Map:
    """One panel: places (n, 2 or 3), what stands over it, and what is known of each point on it.

    ``near`` (n, k) are each point's neighbours on this map; ``values`` numbers by name, a point each
    (local trust); ``axes`` name the two directions where they mean something. ``id`` lets
    points travel when the same map comes again with another setting. ``strangers`` are not the points
    of the labels (noise in their place): they have no name, and no selection reaches them.
    """

    name: str
    xy: NDArray[Any]
    note: str = ""
    near: NDArray[Any] | None = None
    values: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    axes: tuple[str, str] | None = None
    id: str = ""
    strangers: bool = False


@dataclass(frozen=True)
class Arrow:
    """An arrow on one map, in its coordinates; ``points`` are named first where labels compete."""

    map: int
    start: tuple[float, float]
    end: tuple[float, float]
    label: str = ""
    dashed: bool = False
    points: tuple[int, ...] = ()


@dataclass(frozen=True)
class Truth:
    """The true neighbours of every point: index (n, k), what is printed beside them (n, k), its name."""

    index: NDArray[Any]
    number: NDArray[Any]
    metric: str


@dataclass(frozen=True)
class View:
    """What the visitor looks at; all of it changes in the browser and stands in the address.

    ``colour`` and ``shape`` name a column ("colour": the same as the colour; "none"); ``pick`` is the
    held point or −1; ``sel`` a selection (layout.js); ``zoom`` of each map; ``turn`` of a space in
    degrees; ``frame`` the place in a film, "" for maps side by side.
    """

    colour: str = "none"
    shape: str = "colour"
    pick: int = -1
    sel: str = ""
    zoom: str = ""
    turn: str = "-30,20"
    labels: str = "on"
    frame: str = ""


def message(
    labels: Sequence[str],
    maps: Sequence[Map],
    view: View | None = None,
    *,
    columns: Mapping[str, Sequence[Any]] | None = None,
    truth: Truth | None = None,
    arrows: Sequence[Arrow] = (),
    ranges: Mapping[str, tuple[float, float]] | None = None,
    images: NDArray[np.uint8] | None = None,
    marked: Sequence[int] = (),
    default: View | None = None,
    across: int = 0,
    film: bool = False,
    below: int = 110,
    prefix: str = "",
    title: str = "",
    stem: str = "map",
    provenance: str = "",
    hint: str = HINT,
) -> bytes:
    """What the browser gets.

    ``columns`` hold a text or a number a point. ``default`` is the view that an address without parameters
    means. ``ranges`` are the fixed scales of the maps' own numbers, 0 to 1 else. ``across`` fixes how many
    maps stand side by side; ``film`` offers to play them as one; ``below`` is how many pixels of the
    window stay free under the maps; ``stem`` names saved files, "" where a larger picture takes
    these maps up. ``marked`` points are ringed and named first.
    """
    n = len(labels)
    if n > MOST_POINTS:
        raise ValueError(f"{n} points; the view takes {MOST_POINTS}.")
    arrays: dict[str, list[Any]] = {}
    body: list[bytes] = []

    def add(name: str, array: Any, kind: str) -> None:
        packed = np.ascontiguousarray(array, {"f": "<f4", "h": "<u2", "b": "u1"}[kind])
        arrays[name] = [kind, sum(map(len, body)), packed.size]
        body.append(packed.tobytes())

    for at, drawn in enumerate(maps):
        if drawn.xy.shape not in ((n, 2), (n, 3)):
            raise ValueError(f"{drawn.name} has places of shape {drawn.xy.shape} for {n} labels.")
        add(f"xy{at}", drawn.xy, "f")
        if drawn.near is not None:
            add(f"near{at}", drawn.near, "h")
        for v, values in enumerate(drawn.values.values()):
            add(f"value{at}_{v}", values, "f")
    if truth is not None:
        add("truth", truth.index, "h")
        add("distance", truth.number, "f")
    if images is not None:
        add("images", images, "b")
    default = default or View()
    header = {
        "points": hashlib.blake2b("\0".join(labels).encode("utf-8", "replace"), digest_size=8).hexdigest(),
        "labels": list(labels),
        "columns": [_column(name, values) for name, values in (columns or {}).items()],
        "maps": [
            {
                "id": each.id or each.name,
                "name": each.name,
                "note": each.note,
                "dims": each.xy.shape[1],
                "values": list(each.values),
                "axes": each.axes,
                "strangers": each.strangers,
            }
            for each in maps
        ],
        "arrays": arrays,
        "arrows": [
            {
                "map": each.map,
                "from": each.start,
                "to": each.end,
                "label": each.label,
                "dashed": each.dashed,
                "points": each.points,
            }
            for each in arrows
        ],
        "marked": list(marked),
        "ranges": dict(ranges or {}),
        "k": 0 if truth is None else truth.index.shape[1],
        "metric": "" if truth is None else truth.metric,
        "images": None if images is None else {"height": images.shape[1], "width": images.shape[2]},
        "categories": CATEGORIES,
        "ramps": {scheme: _ramp(scheme) for scheme in ("light", "dark")},
        "view": asdict(view or default),
        "defaults": asdict(default),
        "across": across,
        "film": film,
        "below": below,
        "prefix": prefix,
        "title": title,
        "stem": stem,
        "provenance": provenance,
        "hint": hint,
    }
    data = b"".join(body)
    plain = json.dumps(header, ensure_ascii=False, separators=(",", ":"))
    header["id"] = hashlib.blake2b(data + plain.encode("utf-8", "replace"), digest_size=8).hexdigest()
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return len(text).to_bytes(4, "little") + text + data


def _ramp(scheme: Any) -> list[str]:
    """Colours of numbers; without the end that is nearly the page's own."""
    return list(palette("sequential", scheme))[50:]


def _column(name: str, values: Sequence[Any]) -> dict[str, Any]:
    """A column of numbers as numbers; one of texts as the places of its levels, the rare ones as −1."""
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        finite = [float(value) if np.isfinite(value) else None for value in values]
        return {"name": name, "levels": None, "values": finite}
    texts = [str(value) for value in values]
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    often = sorted(counts, key=lambda text: -counts[text])[:MOST_LEVELS]
    levels = [text for text in counts if text in set(often)]  # in the order of the points
    place = {text: at for at, text in enumerate(levels)}
    return {"name": name, "levels": levels, "values": [place.get(text, -1) for text in texts]}


def script() -> str:
    """The scripts as one module."""
    return one_module(*beside(HERE, *SCRIPTS))


def style() -> str:
    """The component's style sheet."""
    return (HERE / "view.css").read_text("utf-8")


_VIEW = st.components.v2.component(
    "scatter_view", html='<div class="scatter-view"></div>', css=style(), js=script()
)


def scatter_view(data: bytes, *, key: str) -> None:
    """Draw a message on the page."""
    _VIEW(data=data, key=key)


_UNPACK = """
const encoded = atob("@@")
const bytes = new Uint8Array(encoded.length)
for (let i = 0; i < encoded.length; i++) bytes[i] = encoded.charCodeAt(i)
document.querySelector("footer").textContent = parse(bytes).header.provenance
mount(document.querySelector(".scatter-view"), bytes)
"""


def standalone_html(data: bytes, *, title: str) -> str:
    """One HTML file that shows the message without a server."""
    tail = _UNPACK.replace("@@", b64encode(data).decode("ascii"))
    return standalone.page("scatter-view", title=title, style=style(), script=script() + tail)
