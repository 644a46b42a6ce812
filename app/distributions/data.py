"""The column that most views look at: chosen, drawn, typed, and what a visitor has moved of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from app.distributions import own
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
SIZES = ("10", "20", "50", "100", "200", "500", "1000", "2000", "5000")


@dataclass(frozen=True)
class Knob:
    """A slider of a family: its label and its stops."""

    label: str
    stops: Sequence[str]
    default: str


def _stops(low: float, high: float, step: float) -> tuple[str, ...]:
    return tuple(f"{round(low + i * step, 9) + 0:g}" for i in range(round((high - low) / step) + 1))


KNOBS = {
    "alpha": Knob("Slant α", _stops(-20, 20, 1), "4"),
    "sigma": Knob("σ of the logarithm", _stops(0.1, 1.5, 0.1), "1"),
    "k": Knob("Shape k", ("0.5", "1", "1.5", "2", "3", "5", "8", "12", "20"), "2"),
    "nu": Knob(
        "Degrees of freedom ν", ("1", "2", "2.5", "3", "3.5", "4", "4.5", "5", "7", "10", "30", "100"), "5"
    ),
    "apart": Knob("Distance of the two", _stops(0, 10, 0.5), "4"),
    "share": Knob("Share of the right one", _stops(0.05, 0.95, 0.05), "0.3"),
    "tries": Knob("Tries", _stops(1, 50, 1), "10"),
    "p": Knob("Chance of success p", _stops(0.05, 0.95, 0.05), "0.1"),
    "skew": Knob("Skewness g1", _stops(-2, 2, 0.1), "1"),
    "kurt": Knob("Excess kurtosis g2", _stops(-1.9, 8, 0.1), "2"),
}


@dataclass(frozen=True)
class Family:
    """A distribution to choose: its name, its knobs, and the population that they make."""

    name: str
    knobs: tuple[str, ...] = ()
    make: Callable[..., Population] | None = None


FAMILIES = {
    "lognormal": Family("Log-normal", ("sigma",), families.log_normal),
    "shape": Family("By skewness and kurtosis", ("skew", "kurt")),
    "normal": Family("Normal", (), families.normal),
    "skewnormal": Family("Skew-normal", ("alpha",), families.skew_normal),
    "gamma": Family("Gamma", ("k",), families.gamma),
    "t": Family("Student’s t", ("nu",), families.student),
    "uniform": Family("Uniform", (), families.uniform),
    "laplace": Family("Laplace", (), families.laplace),
    "mixture": Family("Two normals", ("apart", "share"), families.mixture),
    "binomial": Family("Binomial", ("tries", "p"), lambda n, p: families.binomial(int(n), p)),
    "drawn": Family("Drawn by hand"),
    "iphone": Family("iPhones a quarter"),
    "own": Family("Your numbers"),
}
SAMPLED = ("drawn", *(name for name, family in FAMILIES.items() if family.make))
HILLS = 70 * np.exp(-((np.arange(PLACES) - 12) ** 2) / 50) + 40 * np.exp(
    -((np.arange(PLACES) - 29) ** 2) / 18
)
DRAWN = ".".join(str(round(height)) for height in HILLS)
OWN = "23 25 25 26 28 29 31 31 33 36 38 41 45 52 64 120"
OPENING = {
    "source": "lognormal",
    **{name: knob.default for name, knob in KNOBS.items()},
    "n": "200",
    "sample": "random",
    "seed": "218",
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
    drawn from a distribution.
    """

    name: str
    values: Array
    given: Array
    population: Population | None
    view: View
    seed: int
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


def _if(drawn: bool, field: Any) -> Any:
    """A field, or nothing where it has nothing to do; the address keeps its value for other views."""
    return field if drawn else lambda *args, **kwargs: None


def data_controls(*, size: bool = True) -> Data | None:
    """Draw the controls of the column and give it; None where there is none yet, which is said.

    Without ``size`` the number of values and the kind of sample are not asked for; the address keeps them.
    """
    notes: list[str] = []
    source = choice(
        "Data",
        list(FAMILIES),
        key=f"{PREFIX}_source",
        name=lambda name: FAMILIES[name].name,
        width=200,
        note=notes.append,
    )
    family = FAMILIES[source]
    values: dict[str, float] = {}
    for name, knob in KNOBS.items():
        slider = _if(name in family.knobs, st.select_slider)
        values[name] = float(
            choice(
                knob.label,
                knob.stops,
                key=f"{PREFIX}_{name}",
                default=knob.default,
                field=slider,
                note=notes.append,
                width=165,
            )
        )
    made = source not in ("iphone", "own")
    many = choice(
        "Values n",
        SIZES,
        default=OPENING["n"],
        key=f"{PREFIX}_n",
        name=lambda n: f"{int(n):,}",
        field=_if(size and made, st.select_slider),
        width=140,
        note=notes.append,
    )
    by_chance = source in SAMPLED
    sample = choice(
        "Sample",
        ("random", "even"),
        key=f"{PREFIX}_sample",
        name={"random": "by chance", "even": "even quantiles"}.__getitem__,
        field=_if(size and by_chance, st.selectbox),
        width=145,
        note=notes.append,
    )
    again = by_chance and sample == "random" if size else True
    seed = whole(
        "Seed", int(OPENING["seed"]), 0, MOST_SEED, key=f"{PREFIX}_seed", show=False, note=notes.append
    )
    if again:
        st.button("Throw again", on_click=_set, args=("seed", str((seed + 1) % (MOST_SEED + 1))))
    text, column = _own_controls(source == "own", notes)
    identity = (source, *values.values(), many, sample, seed, text if source == "own" else "", column)
    _forget_moved(identity)
    view = read_view(PREFIX, PARAMS)
    st.session_state[f"{PREFIX}:moved"] = st.session_state[f"{PREFIX}_moved"]
    for note in notes:
        st.caption(note)
    drawing = Drawing(view["drawn"], DRAWN_OVER) if source == "drawn" else None
    population = None
    if source == "own":
        found = own.columns(text)
        if not found:
            st.info("Type or paste numbers, or a table with a name over each column.")
            return None
        name = column if column in found else next(iter(found))
        given = found[name][np.isfinite(found[name])]
        left_out = len(found[name]) - len(given)
        if left_out:
            st.caption(f"{left_out:,} of {len(found[name]):,} cells hold no number and are left out.")
        if len(given) >= SETTINGS.max_points:
            st.caption(f"At most {SETTINGS.max_points:,} values are taken, the first ones.")
    elif source == "iphone":
        name, given = "iPhones a quarter, thousands", np.array(iphone().units, float)
    elif source == "shape":
        name = f"skewness {values['skew']:g}, excess kurtosis {values['kurt']:g}".replace("-", "−")
        given = families.johnson(values["skew"], values["kurt"], int(many))
    else:
        population = (
            families.drawn(view["drawn"], *DRAWN_OVER)
            if drawing
            else family.make(*(values[name] for name in family.knobs))  # type: ignore[misc]
        )
        name = population.name
        given = (
            population.even(int(many))
            if sample == "even"
            else population.sample(int(many), np.random.default_rng(seed))
        )
    return _moved(name, given, population, view, seed, drawing)


def _moved(
    name: str,
    given: Array,
    population: Population | None,
    view: dict[str, Any],
    seed: int,
    drawing: Drawing | None,
) -> Data:
    """The column with the visitor's moves laid over it."""
    moved = {index: value for index, value in view["moved"].items() if index < len(given)}
    if len(given) > MOST_DOTS:
        moved = {}
    values = given.copy()
    for index, value in moved.items():
        values[index] = value
    text = ";".join(f"{index}:{value:.12g}" for index, value in sorted(moved.items()))
    return Data(name, values, given, population, View(view["bins"], view["range"], text), seed, drawing)


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
            on_change=_take_file,
        )
        if said := st.session_state.get(f"{PREFIX}:file"):
            st.caption(said)
    found = list(own.columns(text))
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
    found = own.columns(file.getvalue().decode("utf-8", "replace"))
    if not found:
        st.session_state[f"{PREFIX}:file"] = (
            "No column of numbers was found in this file; the text above stays."
        )
        return
    text, whole_file = own.as_text(found)
    st.session_state[f"{PREFIX}_text"] = text
    st.session_state.pop(f"{PREFIX}_column", None)
    st.session_state[f"{PREFIX}:file"] = (
        f"{len(found)} columns of numbers were read."
        if whole_file
        else "The file is large: only its first columns are kept."
    )
