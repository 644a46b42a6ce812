"""The distributions to choose from and their sliders, which answer in the browser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.distributions import cached
from app.distributions.shared import PREFIX
from app.state import choice
from components.distribution_view import Slider, Tables, knobs
from models import families
from models.families import Population
from models.traces import Array

WIDTH = 162  # pixels of a slider
SKETCHED = 232  # of the small picture beside them
SIZES = ("10", "20", "50", "100", "200", "500", "1000", "2000", "5000")
MOST = int(SIZES[-1])


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
MANY = "200"
SAMPLED = ("drawn", *(name for name, family in FAMILIES.items() if family.make))


def none(*args: Any, **kwargs: Any) -> None:
    """A field that is drawn elsewhere, or not at all; the address keeps its value."""


def stops(source: str, note: Callable[[str], object]) -> dict[str, str]:
    """The stops of a family's sliders as the address has them, and of the number of values."""
    found = {
        name: choice(
            KNOBS[name].label,
            KNOBS[name].stops,
            key=f"{PREFIX}_{name}",
            default=KNOBS[name].default,
            field=none,
            note=note,
        )
        for name in FAMILIES[source].knobs
    }
    found["n"] = choice("Values n", SIZES, key=f"{PREFIX}_n", default=MANY, field=none, note=note)
    return found


def draw(
    source: str,
    at: dict[str, str],
    population: Population | None,
    scores: Array | None,
    *,
    size: bool,
    sketch: bool,
    moved: str,
) -> None:
    """Draw the sliders.

    ``at`` are their stops; ``scores`` those of the values thrown by chance. ``size`` adds one for the number
    of values, ``sketch`` a small picture of them.
    """
    family = FAMILIES[source]
    sliders = [
        Slider(name, KNOBS[name].label, KNOBS[name].stops, KNOBS[name].stops.index(at[name]))
        for name in family.knobs
    ]
    if size:
        texts = [f"{int(n):,}" for n in SIZES]
        sliders.append(Slider("n", "Values n", SIZES, SIZES.index(at["n"]), texts))
    if not sliders:
        return
    if source == "drawn" and population:
        rows = {"": families.quantile_rows([population])}
    else:
        rows = cached.quantile_rows(source, tuple(float(at[name]) for name in family.knobs))
    kind = "johnson" if source == "shape" else "steps" if source == "binomial" else "table"
    knobs(
        sliders,
        Tables(kind, rows, scores, int(at["n"])),
        prefix=PREFIX,
        sketch=sketch,
        moved=moved,
        width=WIDTH * len(sliders) + (SKETCHED if sketch else 0),
        key=f"{PREFIX}_knobs_{source}",
    )


def quantile_rows(source: str, at: Sequence[float]) -> dict[str, Array]:
    """A table of quantiles a stop for every slider of a family, the others where they stand (``at``)."""
    family = FAMILIES[source]
    if family.make is None:
        return {}
    make, rows = family.make, families.score_rows if source == "binomial" else families.quantile_rows
    if not family.knobs:
        return {"": rows([make()])}
    out = {}
    for place, name in enumerate(family.knobs):
        stops = [float(stop) for stop in KNOBS[name].stops]
        out[name] = rows([make(*at[:place], stop, *at[place + 1 :]) for stop in stops])
    return out
