"""The second view: every number with its definition, what each program prints, how sure it is."""

import time

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.distributions import cached
from app.distributions.data import Data, data_controls
from app.distributions.notes import HOW_NUMBERS, READ_NUMBERS
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
from components import charts_distributions as charts
from models import distributions
from models.quantise import percent
from models.traces_distributions import Description, Interval, Shape

DRAWS, FEWER_DRAWS = 999, 299
LARGE = 1000  # values from which fewer draws are made
SHOWN = 8  # values whose shares are drawn
NAMES = {
    "g1": "skewness g1",
    "g2": "excess kurtosis g2",
    "l_skewness": "L-skewness",
    "l_kurtosis": "L-kurtosis",
    "medcouple": "medcouple",
}


def the_numbers(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Definitions, conventions, intervals and shares of one column."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        data = data_controls()
    if data is None:
        return None
    with picture:
        started = time.perf_counter()
        column = data.values.tobytes()
        described, shape = cached.look(column)
        draws = DRAWS if len(data.values) <= LARGE else FEWER_DRAWS
        with working.shown(
            f"{draws} columns are drawn", key=f"{PREFIX}_{hash(column)}", unit="Column"
        ) as work:
            found = cached.bootstrapped(column, draws, progress=work.progress, on_wait=work.wait)
        origin = made(data.name, source_of(data), (time.perf_counter() - started) * 1000)
        if described.constant:
            st.info(
                "All values are the same. Skewness and kurtosis divide by the spread, which is 0: they do "
                "not exist."
            )
        else:
            draw(shape, found)
        if not frame.presenting():
            st.markdown(conventions(described))
        rows = table(described, found)
        tell(sentences(data, described, shape, found), rows, origin, "numbers", f"Numbers of {data.name}")
    return Shown(exports(lambda: table_csv(rows), "numbers"), READ_NUMBERS, HOW_NUMBERS, origin)


def draw(shape: Shape, found: dict[str, Interval]) -> None:
    """Intervals of the moments, of the robust measures, and the shares of the kurtosis."""
    with st.container(key=FIGURE):
        left, middle, right = st.columns(3)
        size = height() - 90
        for place, names, title in (
            (left, ("g1", "g2"), "Moments, 95 % intervals"),
            (middle, ("l_skewness", "l_kurtosis", "medcouple"), "Robust, 95 % intervals"),
        ):
            rows = {NAMES[name]: found[name] for name in names}
            with place:
                frame.chart(
                    charts.intervals(rows, title=title, height=size),
                    alt=", ".join(f"{name} {ratio(row.value)}" for name, row in rows.items()),
                )
        order = np.argsort(shape.share)[::-1][:SHOWN]
        with right:
            frame.chart(
                charts.shares(
                    [figure(shape.values[at]) for at in order],
                    [float(shape.share[at]) for at in order],
                    title=f"Who makes the kurtosis: the first {len(order)}",
                    height=size,
                ),
                alt="Shares of the kurtosis, the largest first.",
            )


def conventions(d: Description) -> str:
    """Each number, its definition, and the call that prints it."""
    lines = [
        "| number | definition | here | normal | SciPy | pandas | Excel |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, definition, value, normal, *calls in (
        ("skewness g1", "m₃ / m₂^1.5", d.g1, "0", "`skew(x)`", "–", "`SKEW.P`"),
        (
            "skewness G1",
            "g1 · √(n(n−1)) / (n−2)",
            d.g1_corrected,
            "0",
            "`skew(x, bias=False)`",
            "`x.skew()`",
            "`SKEW`",
        ),
        ("excess kurtosis g2", "m₄ / m₂² − 3", d.g2, "0", "`kurtosis(x)`", "–", "–"),
        (
            "excess kurtosis G2",
            "(n−1) / ((n−2)(n−3)) · ((n+1) g2 + 6)",
            d.g2_corrected,
            "0",
            "`kurtosis(x, bias=False)`",
            "`x.kurt()`",
            "`KURT`",
        ),
        ("L-skewness", "λ₃ / λ₂", d.l_skewness, "0", "`lmoment(x)[2]`", "–", "–"),
        ("L-kurtosis", "λ₄ / λ₂", d.l_kurtosis, "0.1226", "`lmoment(x)[3]`", "–", "–"),
        ("medcouple", "median of (b + a) / (b − a)", d.medcouple, "0", "–", "–", "–"),
    ):
        lines.append(f"| {name} | {definition} | **{figure(value, 4)}** | {normal} | {' | '.join(calls)} |")
    return "\n".join(lines)


def table(d: Description, found: dict[str, Interval]) -> Rows:
    """The numbers with their intervals."""
    rows: Rows = [("number", "value", "95 % from", "to")]
    rows += [
        (NAMES.get(name, name), *(figure(one, 5) for one in (row.value, row.low, row.high)))
        for name, row in found.items()
    ]
    rows += [
        ("skewness G1", figure(d.g1_corrected, 5), "", ""),
        ("excess kurtosis G2", figure(d.g2_corrected, 5), "", ""),
    ]
    return rows


def sentences(data: Data, d: Description, shape: Shape, found: dict[str, Interval]) -> list[str]:
    """How the conventions differ, how wide the intervals are, whom the kurtosis hangs on."""
    if d.constant:
        return [f"All {d.n:,} values are {figure(d.mean)}, so no measure of shape exists."]
    out = [
        f"The same {d.n:,} values have a kurtosis of {ratio(d.g2)} in SciPy and "
        f"{ratio(d.g2_corrected)} in pandas and Excel, a skewness of {ratio(d.g1)} and "
        f"{ratio(d.g1_corrected)}: none is wrong, the second corrects for a small column."
        if d.n > 3
        else f"{d.n} values are too few for G2, which needs four; pandas and Excel print nothing."
    ]
    g2, medcouple = found["g2"], found["medcouple"]
    if np.isfinite(g2.low) and np.isfinite(medcouple.low):
        out.append(
            f"Drawn again and again from these values, g2 lies between {ratio(g2.low)} and {ratio(g2.high)}, "
            f"the medcouple between {ratio(medcouple.low)} and {ratio(medcouple.high)}."
        )
    at = int(shape.share.argmax())
    if d.n > 4:
        rest = np.delete(shape.values, at)
        without = distributions.describe(rest)
        out.append(
            f"Without {figure(shape.values[at])}, which makes {percent(float(shape.share[at]))} of the "
            f"kurtosis, g1 is {ratio(without.g1)} and g2 {ratio(without.g2)}."
        )
    return out
