"""The first view: one column in one linked picture, and what its numbers say."""

import time
from collections.abc import Callable

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.distributions import cached
from app.distributions.data import Data, data_controls
from app.distributions.notes import HOW_SHAPE, READ_SHAPE
from app.distributions.shared import (
    FIGURE,
    PREFIX,
    exports,
    figure,
    height,
    made,
    ratio,
    tell,
)
from app.shown import Rows, Shown
from components.distribution_view import distribution_view, header
from models.quantise import percent
from models.traces import Array
from models.traces_distributions import Description, Shape

NEARLY = 0.02  # of a standard deviation: two centres nearer than this stand together
BULK = 0.5  # a share of the kurtosis that is called most of it


def the_shape(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """One column, every way of drawing it."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        data = data_controls(sketch=False)
    if data is None:
        return None
    with picture:
        started = time.perf_counter()
        described, shape = cached.look(data.values.tobytes())
        origin = made(data.name, source_of(data), (time.perf_counter() - started) * 1000)
        linked(data, described, shape)
        rows = table(described)
        tell(sentences(data, described, shape), rows, origin, "distribution", data.name)
    return Shown(exports(csv_of(data, shape), "distribution"), READ_SHAPE, HOW_SHAPE, origin)


def source_of(data: Data) -> str:
    """Where the values come from, for the line under the picture."""
    moved = f", {data.moved} moved" if data.moved else ""
    return f"{len(data.values):,} values{moved}"


def linked(data: Data, described: Description, shape: Shape) -> None:
    """The linked picture of a column."""
    with st.container(key=FIGURE):
        distribution_view(
            header(
                shape,
                described,
                data.view,
                prefix=PREFIX,
                label=f"{data.name}: {described.n} values as bars, dots, box, ECDF and Q–Q. "
                f"Mean {figure(described.mean)}, median {figure(described.median)}.",
                numbers=line_of(described),
                stops=data.stops,
                truth=truth(data, shape),
                drawing=data.drawing,
                whole=data.whole,
                height=height(),
            ),
            key=f"{PREFIX}_linked",
        )


def truth(data: Data, shape: Shape) -> tuple[Array, Array] | None:
    """The density that the values were drawn from, where the values are."""
    if data.population is None or data.whole:
        return None
    if data.drawing:
        grid = np.linspace(*data.drawing.domain, len(data.drawing.heights))
    else:
        low, high = shape.values.min(), shape.values.max()
        pad = (high - low) * 0.05
        even = np.linspace(low - pad, high + pad, 200)
        grid = np.sort(np.concatenate([even, np.quantile(shape.values, np.linspace(0, 1, 100))]))
    density = np.asarray(data.population.pdf(grid), float)
    keep = np.isfinite(density)
    return grid[keep], density[keep]


def line_of(d: Description) -> list[tuple[str, str]]:
    """The numbers of the line under the picture."""
    return [
        ("mean", figure(d.mean)),
        ("median", figure(d.median)),
        ("mode", figure(d.mode)),
        ("sd", figure(d.sd)),
        ("skewness g1", ratio(d.g1)),
        ("excess kurtosis g2", ratio(d.g2)),
        ("L-skewness", ratio(d.l_skewness)),
        ("medcouple", ratio(d.medcouple)),
    ]


def table(d: Description) -> Rows:
    """The numbers of a column, one a row."""
    return [
        ("number", "value"),
        ("values", f"{d.n:,}"),
        ("mean", figure(d.mean, 5)),
        ("median", figure(d.median, 5)),
        ("mode", figure(d.mode, 5)),
        ("standard deviation (n − 1)", figure(d.sd, 5)),
        ("smallest, largest", f"{figure(d.low, 5)}, {figure(d.high, 5)}"),
        ("quartiles", ", ".join(figure(one, 5) for one in d.quartiles)),
        ("skewness g1, G1", f"{figure(d.g1, 4)}, {figure(d.g1_corrected, 4)}"),
        ("excess kurtosis g2, G2", f"{figure(d.g2, 4)}, {figure(d.g2_corrected, 4)}"),
        ("L-skewness, L-kurtosis", f"{figure(d.l_skewness, 4)}, {figure(d.l_kurtosis, 4)}"),
        ("medcouple", figure(d.medcouple, 4)),
    ]


def sentences(data: Data, d: Description, shape: Shape) -> list[str]:
    """Three sentences: mean against median, what the skewness rests on, what the kurtosis rests on."""
    if d.constant:
        return [
            f"All {d.n:,} values are {figure(d.mean)}." if d.n > 1 else f"One value, {figure(d.mean)}.",
            "Without any spread there is no shape: skewness and kurtosis divide by the spread, 0.",
            "Drag a dot away, and they come into being.",
        ]
    return [mean_and_median(d), tail(data, d), heaviest(d, shape)]


def mean_and_median(d: Description) -> str:
    """Where the mean stands, and how that fits the skewness."""
    apart = d.mean - d.median
    if abs(apart) < NEARLY * d.sd:
        where = f"Mean {figure(d.mean)} and median {figure(d.median)} stand together"
        return f"{where}, {'and' if abs(d.g1) < 0.2 else 'yet'} the skewness is {ratio(d.g1)}."
    side = "right" if apart > 0 else "left"
    where = (
        f"The mean, {figure(d.mean)}, lies {figure(abs(apart) / d.sd, 2)} standard deviations to the "
        f"{side} of the median, {figure(d.median)}"
    )
    if abs(d.g1) < 0.005:
        return f"{where}, though the skewness is 0."
    if apart * d.g1 > 0:
        return f"{where}: skewness {ratio(d.g1)} pulls it towards the longer tail."
    return f"{where}, **against the rule of thumb**: the skewness is {ratio(d.g1)}."


def tail(data: Data, d: Description) -> str:
    """How the sample's skewness compares with the distribution's own, or with a robust measure."""
    population = data.population
    if population is None or data.moved:
        return (
            f"The medcouple, which no far value can pull, is {ratio(d.medcouple)}; "
            f"L-skewness, which it pulls less, {ratio(d.l_skewness)}."
        )
    if np.isnan(population.mean):
        return (
            "The distribution itself has neither mean nor skewness: what is printed belongs to these "
            f"{d.n:,} values, and other values will have others."
        )
    if not np.isfinite(population.kurtosis):
        return (
            f"The distribution itself has an infinite kurtosis: {ratio(d.g2)} belongs to these {d.n:,} "
            "values, and more values will have more."
        )
    return (
        f"The distribution itself has skewness {ratio(population.skewness)} and excess kurtosis "
        f"{ratio(population.kurtosis)}; these {d.n:,} values have {ratio(d.g1)} and {ratio(d.g2)}."
    )


def heaviest(d: Description, shape: Shape) -> str:
    """What the kurtosis is made of."""
    at = int(shape.share.argmax())
    value, share = shape.values[at], float(shape.share[at])
    if share >= BULK:
        return (
            f"One value of {d.n:,}, {figure(value)}, makes {percent(share)} of the kurtosis "
            f"(g2 {ratio(d.g2)}): kurtosis is about tails, not about the peak."
        )
    ordered = np.sort(shape.share)[::-1]
    many = int(np.searchsorted(np.cumsum(ordered), BULK)) + 1
    return (
        f"{many:,} of {d.n:,} values make half of the kurtosis (g2 {ratio(d.g2)}); the largest "
        f"share, {percent(share)}, belongs to {figure(value)}."
    )


def csv_of(data: Data, shape: Shape) -> Callable[[], str]:
    """The values with their z-scores and shares as CSV."""

    def text() -> str:
        sd = shape.values.std(ddof=1) if len(shape.values) > 1 else 0.0
        z = (shape.values - shape.values.mean()) / sd if sd > 0 else np.full(len(shape.values), np.nan)
        lines = ["value,given,z,share of kurtosis"]
        lines += [
            f"{value!r},{given!r},{score:.6g},{share:.6g}"
            for value, given, score, share in zip(
                shape.values.tolist(), data.given.tolist(), z, shape.share, strict=True
            )
        ]
        return "\n".join(lines) + "\n"

    return text
