"""The fourth view: what a transformation does to a column, or why it cannot be done."""

import time

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.distributions.data import Data, data_controls
from app.distributions.notes import HOW_MEND, READ_MEND
from app.distributions.shape import source_of
from app.distributions.shared import (
    FIGURE,
    PREFIX,
    exports,
    figure,
    height,
    made,
    ratio,
    table_csv,
    tell,
)
from app.shown import Rows, Shown
from app.state import choice
from components import charts_distributions as drawn
from components.charts_distributions import Change, Rule
from models import distributions
from models.traces import Array
from models.traces_distributions import Transformed

NAMES = {
    "log": "Logarithm",
    "sqrt": "Square root",
    "exp": "Exponential",
    "box-cox": "Box–Cox",
    "yeo-johnson": "Yeo–Johnson",
    "winsorise": "Winsorise 5 %",
    "without-outliers": "Without outliers",
}
OPENING = {"mend": "log"}
MEANING = {
    "log": "The mean of the logarithms, carried back, is the geometric mean",
    "sqrt": "The mean of the roots, carried back, is the square of the mean root",
    "exp": "The mean of the exponentials, carried back, weighs large values far more",
    "box-cox": "The mean, carried back by the same λ, is a power mean",
    "yeo-johnson": "The mean, carried back by the same λ, is a power mean of the shifted sizes",
    "winsorise": "The mean is of a column in which the ends were moved inwards",
    "without-outliers": "The mean is of fewer values",
}


def mending(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Before and after, and all transformations beside each other."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        data = data_controls()
        name = choice("Transformation", list(NAMES), key=f"{PREFIX}_mend", name=NAMES.__getitem__, width=200)
    if data is None:
        return None
    with picture:
        started = time.perf_counter()
        all_of_them = {one: distributions.transform(data.values, one) for one in NAMES}
        after = all_of_them[name]
        before = ratios(data.values)
        rows = table(data.values, all_of_them)
        origin = made(data.name, source_of(data), (time.perf_counter() - started) * 1000)
        draw(data, name, after, all_of_them)
        tell(
            sentences(data.values, name, after, before),
            rows,
            origin,
            "mending",
            f"{data.name}: {NAMES[name]}",
        )
    return Shown(exports(lambda: table_csv(rows), "mending"), READ_MEND, HOW_MEND, origin)


def ratios(values: Array) -> tuple[float, float]:
    """g1 and g2 of a column."""
    if len(values) < 2 or distributions.is_constant(values):
        return float("nan"), float("nan")
    g1, g2 = distributions.moment_ratios(values[None])
    return float(g1[0]), float(g2[0])


def draw(data: Data, name: str, after: Transformed, others: dict[str, Transformed]) -> None:
    """The column before and after, and what every transformation makes of the skewness."""
    size = height() - 40
    with st.container(key=FIGURE):
        left, middle, right = st.columns([3, 3, 4 if frame.presenting() else 3])
        with left:
            bars(data.values, f"Before: {data.name}", size)
        with middle:
            if after.refusal:
                st.warning(f"**{NAMES[name]} is refused.** {after.refusal}")
            else:
                bars(after.values, f"After: {NAMES[name].lower()}", size)
        with right:
            changes = [Change("as given", *ratios(data.values))]
            changes += [Change(NAMES[one], *ratios(new.values), one == name) for one, new in others.items()]
            frame.chart(
                drawn.ladder(
                    changes,
                    title="What each makes of the skewness",
                    brief=frame.presenting(),
                    height=size,
                ),
                alt="Skewness across, one row a transformation.",
            )


def bars(values: Array, title: str, size: int) -> None:
    """Bars with mean and median."""
    edges = distributions.bin_edges(values)
    counts, _ = np.histogram(values, edges)
    mean, median = float(values.mean()), float(np.median(values))
    g1, g2 = ratios(values)
    frame.chart(
        drawn.bars(
            edges,
            counts.astype(float),
            x=f"g1 {ratio(g1)}, g2 {ratio(g2)}",
            title=title,
            rules=[
                Rule(f"mean {figure(mean)}", mean, drawn.MEAN),
                Rule(f"median {figure(median)}", median, drawn.MEDIAN, dashed=True),
            ],
            height=size,
        ),
        alt=f"{title}: skewness {ratio(g1)}, excess kurtosis {ratio(g2)}.",
    )


def sentences(values: Array, name: str, after: Transformed, before: tuple[float, float]) -> list[str]:
    """What happened to the shape, to the mean, and to the values."""
    if after.refusal:
        return [
            f"{NAMES[name]} is refused for these {len(values):,} values.",
            "Adding a constant until it works would be a choice of its own: g1 and g2 afterwards depend on "
            "it.",
            "The other dots show what the transformations that are allowed do.",
        ]
    g1, g2 = ratios(after.values)
    out = [
        verdict(name, before[0], g1) + f" The excess kurtosis goes from {ratio(before[1])} to {ratio(g2)}."
    ]
    mean, median = float(values.mean()), float(np.median(values))
    if np.isfinite(after.mean_back):
        out.append(
            f"{MEANING[name]}: {figure(after.mean_back)} in the old unit, where the plain mean is "
            f"{figure(mean)} and the median {figure(median)}."
        )
    else:
        done = "were moved" if name == "winsorise" else "were left out"
        out.append(
            f"{after.changed:,} of {len(values):,} values {done}. {MEANING[name]}: "
            f"{figure(float(after.values.mean()))} instead of {figure(mean)}."
        )
    if np.isfinite(after.parameter):
        out.append(
            f"λ = {figure(after.parameter)} makes the values look most like a normal’s; "
            "λ = 1 would change nothing and λ = 0 is a logarithm."
        )
    else:
        out.append("State the transformation beside every number and axis that comes after it.")
    return out


OVERSHOT = 0.3  # a skewness on the other side beyond this is overshooting


def verdict(name: str, before: float, after: float) -> str:
    """Whether a transformation mended the skewness, overshot, or made it worse."""
    change = f"{NAMES[name]}: g1 goes from {ratio(before)} to {ratio(after)}."
    if not (np.isfinite(before) and np.isfinite(after)):
        return f"{NAMES[name]} leaves a column without spread, so it has no skewness."
    if before * after < 0 and abs(after) > OVERSHOT:
        return f"{change} It **overshoots**: the long tail is now on the other side."
    if abs(after) > abs(before) + 0.005:
        return f"{change} It makes the column **more** skewed."
    return f"{change} The column is more symmetric."


def table(values: Array, all_of_them: dict[str, Transformed]) -> Rows:
    """All transformations, one a row."""
    rows: Rows = [
        ("transformation", "g1", "g2", "λ", "mean carried back", "values changed", "refused because")
    ]
    rows.append(
        (
            "as given",
            *(figure(one, 4) for one in ratios(values)),
            "",
            figure(float(values.mean()), 5),
            "0",
            "",
        )
    )
    for name, after in all_of_them.items():
        shape = ("–", "–") if after.refusal else tuple(figure(one, 4) for one in ratios(after.values))
        rows.append(
            (
                NAMES[name],
                *shape,
                figure(after.parameter, 4) if np.isfinite(after.parameter) else "",
                figure(after.mean_back, 5) if np.isfinite(after.mean_back) else "",
                f"{after.changed:,}",
                after.refusal,
            )
        )
    return rows
