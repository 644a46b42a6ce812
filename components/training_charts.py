"""Altair pictures of training runs: curves of several runs over steps, training and held-out pairs apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from components.charts import AS_SVG, GREY

DASHES = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4], [12, 4])  # one a run
MOST_POINTS = 1_500  # of one line; more are thinned evenly
HEIGHT = 215  # pixels, with title and legend
LETTERS = 12  # pixels
KEYS = 3  # names of runs in a row
ROOM = 0.14  # of the axis: what the number beside a value needs


@dataclass(frozen=True)
class TrainingLine:
    """One number of one run: ``x`` and ``y`` (n,); held-out values are drawn with dots."""

    name: str
    run: str
    held_out: bool
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    colour: str


def thinned(line: TrainingLine) -> pd.DataFrame:
    """The line's places, at most MOST_POINTS of them, the first and the last among them."""
    keep = np.unique(np.linspace(0, len(line.x) - 1, min(len(line.x), MOST_POINTS)).round().astype(int))
    return pd.DataFrame(
        {
            "x": line.x[keep],
            "y": line.y[keep],
            "name": line.name,
            "run": line.run,
            "pairs": "held-out" if line.held_out else "training",
        }
    )


def apart(alone: pd.DataFrame, bounds: Sequence[float], span: float) -> list[tuple[bool, pd.DataFrame]]:
    """The values that stand alone and get their number, left and right of the middle; none hides another."""
    out = []
    for left in (True, False):
        half = alone[(alone["x"] < sum(bounds) / 2) == left].sort_values("y")
        keep: list[int] = []
        for at, value in enumerate(half["y"]):
            if not keep or value - half["y"].iloc[keep[-1]] > ROOM * span:
                keep.append(at)
        if keep:
            out.append((left, half.iloc[keep]))
    return out


def training_panel(
    title: str,
    lines: Sequence[TrainingLine],
    *,
    x: str,
    runs: Sequence[str] = (),
    bounds: tuple[float, float],
    domain: tuple[float, float] | None = None,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """One panel: colour says what, dots say held-out, dashes which of ``runs`` where there are several.

    ``bounds`` are the ends of the x axis, ``domain`` those of the other one where they are fixed. Which run
    has which dashes is said by ``run_key``.
    """
    tables = [thinned(line) for line in lines]
    table = pd.concat(tables)
    names = list(dict.fromkeys(line.name for line in lines))
    colours = [next(line.colour for line in lines if line.name == name) for name in names]
    legend = alt.Legend(
        orient="top", title=None, labelLimit=0, symbolType="stroke", symbolStrokeWidth=3, offset=2
    )
    across = alt.X(
        "x:Q",
        title=x,
        scale=alt.Scale(domain=list(bounds), nice=False, padding=6),
        axis=alt.Axis(
            grid=False,
            tickCount=6,
            format="~s" if bounds[1] >= 10_000 else ",.2~f",
            titleFontSize=LETTERS,
            titlePadding=2,
        ),
    )
    ends = [float(table["y"].min()), float(table["y"].max())]
    if domain is None and ends[0] == ends[1]:  # a value alone: an axis round it
        domain = (ends[0] - (abs(ends[0]) or 1), ends[0] + (abs(ends[0]) or 1))
    up = alt.Y(
        "y:Q",
        title=None,
        # some pixels free at both ends, so that no dot touches the legend
        scale=alt.Scale(domain=domain or alt.Undefined, zero=False, nice=True, padding=0 if domain else 6),
        axis=alt.Axis(tickCount=4, format=",.4~r"),
    )
    colour = alt.Color("name:N", sort=names, scale=alt.Scale(domain=names, range=colours), legend=legend)
    tooltip = [
        alt.Tooltip("run:N"),
        alt.Tooltip("name:N", title="number"),
        alt.Tooltip("pairs:N"),
        alt.Tooltip("x:Q", title=x, format=",.4~g"),
        alt.Tooltip("y:Q", title="value", format=".5~g"),
    ]
    encodings = [across, up, colour]
    if len(runs) > 1:
        dashes = [DASHES[i % len(DASHES)] for i in range(len(runs))]
        encodings.append(
            alt.StrokeDash(
                "run:N", sort=list(runs), scale=alt.Scale(domain=list(runs), range=dashes), legend=None
            )
        )
    base = alt.Chart(table).encode(*encodings, detail=["run:N", "pairs:N"])
    layers = [base.mark_point(size=60, opacity=0, clip=True).encode(tooltip=tooltip)]
    for pairs, width in (("training", 1.8), ("held-out", 2.4)):
        if not (table["pairs"] == pairs).any():
            continue
        part = base.transform_filter(alt.datum.pairs == pairs)
        layers.append(part.mark_line(strokeWidth=width, opacity=0.9, clip=True))
        if pairs == "held-out":
            dots = part.mark_point(filled=True, size=55, opacity=1, strokeWidth=0)
            layers.append(dots.encode(tooltip=tooltip))
    alone = pd.concat([part for part in tables if len(part) == 1] or [table.head(0)])
    if len(alone):
        layers.append(alt.Chart(alone).mark_point(filled=True, size=55, opacity=1).encode(across, up, colour))
    for left, labels in apart(alone, bounds, float(np.ptp(table["y"])) or 1.0):
        text = alt.Chart(labels).mark_text(
            align="left" if left else "right", dx=9 if left else -9, fontSize=LETTERS, color=GREY
        )
        layers.append(text.encode(across, up, text=alt.Text("y:Q", format=".4~g")))
    words = alt.TitleParams(title, anchor="start", fontSize=LETTERS + 1, fontWeight=600, offset=4)
    return alt.LayerChart(layer=layers, title=words).properties(height=height, usermeta=AS_SVG)


def span(lines: Sequence[TrainingLine]) -> tuple[float, float]:
    """The ends of the x axis that all ``lines`` share."""
    low, high = min(float(line.x.min()) for line in lines), max(float(line.x.max()) for line in lines)
    return (low, high) if low < high else (low - 1, high + 1)


def run_names(runs: Sequence[str]) -> str:
    """The dashes of every run with its name as HTML, in as many lines as they need."""

    def line(dashes: Sequence[int]) -> str:
        ends = [2 * sum(dashes[:at]) for at in range(len(dashes) + 1)]
        stops = ", ".join(
            f"{'transparent' if at % 2 else GREY} {ends[at]}px {ends[at + 1]}px" for at in range(len(dashes))
        )
        return f"repeating-linear-gradient(90deg, {stops})"

    return " ".join(
        '<span style="white-space: nowrap; margin-inline-end: 1em"><span style="display: inline-block; '
        f"width: 2.4em; height: 0.2em; vertical-align: middle; margin-inline-end: 0.4em; background: "
        f'{line(DASHES[at % len(DASHES)])}"></span>{escape(run)}</span>'
        for at, run in enumerate(runs)
    )


def run_key(runs: Sequence[str]) -> alt.LayerChart:
    """The dashes of every run with its name, in rows of KEYS."""
    table = pd.DataFrame(
        [
            {"at": at % KEYS, "row": at // KEYS, "end": at % KEYS + 0.12, "run": run}
            for at, run in enumerate(runs)
        ]
    )
    rows = (len(runs) + KEYS - 1) // KEYS
    across = alt.X("at:Q", axis=None, scale=alt.Scale(domain=[0, KEYS], nice=False))
    down = alt.Y("row:O", axis=None)
    dashes = [DASHES[i % len(DASHES)] for i in range(len(runs))]
    dash = alt.StrokeDash(
        "run:N", sort=list(runs), scale=alt.Scale(domain=list(runs), range=dashes), legend=None
    )
    base = alt.Chart(table).encode(across, down)
    rules = base.mark_rule(color=GREY, strokeWidth=2.4).encode(dash, alt.X2("end:Q"))
    words = base.mark_text(
        align="left", dx=6, fontSize=LETTERS, color=GREY, limit=alt.ExprRef(f"width / {KEYS} * 0.8")
    ).encode(alt.X("end:Q"), text="run:N")
    height = round(22 + rows * 1.6 * LETTERS)  # with the margins of a chart
    return alt.LayerChart(layer=[rules, words]).properties(height=height, usermeta=AS_SVG)
