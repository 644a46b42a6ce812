"""The column that most views look at: chosen, drawn, typed, and what a visitor has moved of it."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from app.distributions import cached, knobs, own
from app.distributions.knobs import FAMILIES, KNOBS, MOST, SAMPLED, none
from app.distributions.shared import PREFIX
from app.settings import SETTINGS
from app.state import Param, choice, read_view, url_text, whole
from components.distribution_view import MOST_DOTS, Drawing, View
from models import families
from models.families import Population
from models.tables import iphone
from models.traces import Array

MOST_MOVED = 60
LIMIT = 1e12  # largest value a dot may be dragged to
MOST_SEED = 999
PLACES = 41  # of a drawn curve
DRAWN_OVER = (0.0, 10.0)
HILLS = 70 * np.exp(-((np.arange(PLACES) - 12) ** 2) / 50) + 40 * np.exp(
    -((np.arange(PLACES) - 29) ** 2) / 18
)
DRAWN = ".".join(str(round(height)) for height in HILLS)
OWN = "23 25 25 26 28 29 31 31 33 36 38 41 45 52 64 120"
OPENING = {
    "source": "lognormal",
    **{name: knob.default for name, knob in KNOBS.items()},
    "n": knobs.MANY,
    "sample": "random",
    "seed": "351",
    "drawn": "",
    "moved": "",
    "text": OWN,
    "column": "",
    "bins": "",
    "range": "",
}


@dataclass(frozen=True)
class Data:
    """The column and what is known of it.

    ``given`` are the values before a visitor moved any. ``population`` is None for numbers that were not
    drawn from a distribution. ``stops`` are those of the sliders, joined by "|".
    """

    name: str
    values: Array
    given: Array
    population: Population | None
    view: View
    seed: int
    stops: str
    drawing: Drawing | None = None

    @property
    def moved(self) -> int:
        """How many values the visitor has moved."""
        return self.view.moved.count(":")

    @property
    def origin(self) -> Population:
        """What more values are thrown from: the distribution, or else the column itself."""
        return self.population or families.column(self.name, self.values)

    @property
    def key(self) -> str:
        """A text that tells ``origin`` from every other."""
        drawn = self.drawing and self.drawing.heights
        own_values = "" if self.population else hashlib.sha256(self.values.tobytes()).hexdigest()
        return f"{self.name} {drawn} {own_values}"

    @property
    def whole(self) -> bool:
        """Whether the values come in steps, so that no density stands over them."""
        return self.population is not None and self.population.whole


def parse_moved(text: str) -> dict[int, float]:
    """Moved values by index; raises ValueError on what is none."""
    out: dict[int, float] = {}
    for part in text.split(";")[: MOST_MOVED + 1] if text else []:
        index, value = part.split(":")
        if not (index.isascii() and index.isdigit() and len(index) < 6 and abs(float(value)) <= LIMIT):
            raise ValueError(text)
        out[int(index)] = float(value)
    if len(out) > MOST_MOVED:
        raise ValueError(text)
    return out


def parse_drawn(text: str) -> tuple[int, ...]:
    """Heights of a drawn curve; raises ValueError on what is none."""
    heights = tuple(int(part) for part in (text or DRAWN).split(".") if part.isascii() and part.isdigit())
    if len(heights) != PLACES or max(heights) > 100 or max(heights) == 0:
        raise ValueError(text)
    return heights


def parse_bins(text: str) -> int:
    """How many bins; 0 for automatic."""
    if text and not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= 80):
        raise ValueError(text)
    return int(text or 0)


def parse_range(text: str) -> bool:
    """Whether the axis holds only the middle 98 %."""
    if text not in ("", "middle"):
        raise ValueError(text)
    return text == "middle"


PARAMS = (
    Param("moved", "", parse_moved, f"up to {MOST_MOVED} dots can be moved, so none is", rerun=True),
    Param("drawn", "", parse_drawn, "the prepared curve is shown", rerun=True),
    Param("bins", "", parse_bins, "there are 1 to 80, so their number is automatic"),
    Param("range", "", parse_range, "all values are shown"),
)


def data_controls(*, size: bool = True, sketch: bool = True) -> Data | None:
    """Draw the controls of the column and give it; None where there is none yet, which is said.

    Without ``size`` the number of values and the kind of sample are not asked for; the address keeps them.
    ``sketch`` draws a small picture of the column, where no linked one answers the sliders.
    """
    notes: list[str] = []
    source = choice(
        "Data",
        list(FAMILIES),
        key=f"{PREFIX}_source",
        name=lambda name: FAMILIES[name].name,
        width=175,
        note=notes.append,
    )
    family = FAMILIES[source]
    at = knobs.stops(source, notes.append)
    values = {name: float(stop) for name, stop in at.items()}
    many = int(at["n"])
    place = st.container(width="content")
    made, by_chance = source not in ("iphone", "own"), source in SAMPLED
    box: Any = st.selectbox if size and by_chance else none
    sample = choice(
        "Sample",
        ("random", "even"),
        key=f"{PREFIX}_sample",
        name={"random": "by chance", "even": "even quantiles"}.__getitem__,
        field=box,
        width=135,
        note=notes.append,
    )
    again = by_chance and sample == "random" if size else True
    seed = whole(
        "Seed", int(OPENING["seed"]), 0, MOST_SEED, key=f"{PREFIX}_seed", show=False, note=notes.append
    )
    if again:
        st.button("Throw again", on_click=_set, args=("seed", str((seed + 1) % (MOST_SEED + 1))))
    text, column = _own_controls(source == "own", notes)
    identity = (source, *at.values(), sample, seed, text if source == "own" else "", column)
    _forget_moved(identity)
    view = read_view(PREFIX, PARAMS)
    st.session_state[f"{PREFIX}:moved"] = st.session_state[f"{PREFIX}_moved"]
    for note in notes:
        st.caption(note)
    drawing = Drawing(view["drawn"], DRAWN_OVER) if source == "drawn" else None
    population = None
    if source == "own":
        found = cached.columns(text)
        if not found:
            st.info("Type or paste numbers, or a table with a name over each column.")
            return None
        if said := own.commas(text):
            st.caption(said)
        name = column if column in found else next(iter(found))
        given = found[name][np.isfinite(found[name])]
        left_out = len(found[name]) - len(given)
        if left_out:
            st.caption(f"{left_out:,} of {len(found[name]):,} cells hold no number and are left out.")
        if len(given) >= SETTINGS.max_points:
            st.caption(f"At most {SETTINGS.max_points:,} values are taken, the first ones.")
    elif source == "iphone":
        name, given = "iPhones a quarter, thousands", np.array(iphone().units, float)
    elif source != "shape":
        population = (
            families.drawn(view["drawn"], *DRAWN_OVER)
            if drawing
            else family.make(*(values[name] for name in family.knobs))  # type: ignore[misc]
        )
        name = population.name
    scores = families.scores(MOST, seed) if by_chance and sample == "random" else None
    with place:
        moves = moved_text(view["moved"])
        knobs.draw(source, at, population, scores, size=size and made, sketch=sketch, moved=moves)
    if source == "shape":
        name = f"skewness {values['skew']:g}, excess kurtosis {values['kurt']:g}".replace("-", "−")
        given = families.johnson(values["skew"], values["kurt"], many)
    elif population:
        given = population.even(many) if scores is None else population.at_scores(scores[:many])
    return _moved(name, given, population, view, seed, drawing, "|".join(at.values()))


def _moved(
    name: str,
    given: Array,
    population: Population | None,
    view: dict[str, Any],
    seed: int,
    drawing: Drawing | None,
    stops: str,
) -> Data:
    """The column with the visitor's moves laid over it."""
    moved = {index: value for index, value in view["moved"].items() if index < len(given)}
    if len(given) > MOST_DOTS:
        moved = {}
    values = given.copy()
    for index, value in moved.items():
        values[index] = value
    seen = View(view["bins"], view["range"], moved_text(moved))
    return Data(name, values, given, population, seen, seed, stops, drawing)


def moved_text(moved: dict[int, float]) -> str:
    """Moved values as the address writes them."""
    return ";".join(f"{index}:{value:.12g}" for index, value in sorted(moved.items()))


def _set(name: str, value: str) -> None:
    st.session_state[f"{PREFIX}_{name}"] = value


def _forget_moved(identity: tuple[object, ...]) -> None:
    """Moves belong to the column they were made in: another column starts without them."""
    key = f"{PREFIX}:column"
    same_moves = st.session_state.get(f"{PREFIX}:moved") == st.session_state.get(f"{PREFIX}_moved")
    if st.session_state.get(key, identity) != identity and same_moves:
        st.session_state[f"{PREFIX}_moved"] = ""
    st.session_state[key] = identity


def _own_controls(shown: bool, notes: list[str]) -> tuple[str, str]:
    """The field for own numbers, a file for it, and the choice of a column."""
    if not shown:
        with st.container(width=1):
            return st.session_state.get(f"{PREFIX}_text", OWN), ""
    with st.popover("Your numbers", icon=":material/edit:"):
        text = url_text(
            "Numbers, or a table with a name over each column",
            OWN,
            key=f"{PREFIX}_text",
            area=True,
            height=180,
        )
        st.file_uploader(
            "Or a CSV file (it stays on this server only while you look)",
            ["csv", "tsv", "txt"],
            key=f"{PREFIX}_file",
            max_upload_size=SETTINGS.max_upload_mb,
            on_change=_take_file,
        )
        if said := st.session_state.get(f"{PREFIX}:file"):
            st.caption(said)
    found = list(cached.columns(text))
    column = ""
    if len(found) > 1:
        column = choice("Column", found, key=f"{PREFIX}_column", width=190, note=notes.append)
    return text, column


def _take_file() -> None:
    """Put the columns of a file into the field."""
    file = st.session_state.get(f"{PREFIX}_file")
    if file is None:
        st.session_state.pop(f"{PREFIX}:file", None)
        return
    found = cached.columns(file.getvalue().decode("utf-8", "replace"))
    if not found:
        st.session_state[f"{PREFIX}:file"] = (
            "No column of numbers was found in this file; the text above stays."
        )
        return
    text, whole_file = own.as_text(found)
    st.session_state[f"{PREFIX}_text"] = text
    st.session_state.pop(f"{PREFIX}_column", None)
    st.session_state[f"{PREFIX}:file"] = (
        f"{len(found)} {'columns of numbers were' if len(found) > 1 else 'column of numbers was'} read."
        if whole_file
        else "The file is large: only its first columns are kept."
    )
