"""Altair pictures of words and texts: cosines as bars, words along an axis, rankings side by side."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from components.charts import AS_SVG, GREY, ORANGE, SKY, TEAL

ROOM = 1.16  # where the scale of cosines ends, for the numbers behind the bars
ROW = 26  # pixels of a bar with its name
LETTER = 8.5  # pixels of a letter of a name on the axis
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "stroke", "wedge"]
LANE = 21  # pixels between two lanes of names


def cosine_bars(
    names: Sequence[str],
    values: NDArray[np.float64],
    *,
    flagged: Sequence[bool] = (),
    flag: str = "",
    height: int = 0,
) -> alt.LayerChart:
    """Cosines as level bars, one a name, the number beside; ``flagged`` ones are orange and say ``flag``.

    The scale starts at 0, lower where a cosine is negative.
    """
    marks = list(flagged) or [False] * len(names)
    labels = [f"{at} {name}" for at, name in enumerate(names)]  # a name may come twice
    table = pd.DataFrame({"name": labels, "value": values, "flagged": marks})
    table["text"] = [
        f"{value:.3f}".replace("-", "−") + (f"  {flag}" if marked else "")
        for value, marked in zip(values, marks, strict=True)
    ]
    low = min(0.0, float(np.floor(values.min(initial=0) * 10) / 10))
    short = alt.Axis(
        labelExpr="slice(datum.label, indexof(datum.label, ' ') + 1)",
        labelLimit=150,
        labelOverlap=False,
        labelFontSize=13,
        labelFlush=False,
        ticks=False,
        domain=False,
    )
    ticks = [tick / 5 for tick in range(round(low * 5), 6)]
    base = alt.Chart(table).encode(
        alt.X(
            "value:Q",
            title="cosine",
            scale=alt.Scale(domain=[low, ROOM], nice=False),
            axis=alt.Axis(values=ticks, format=".1f", labelFlush=False),
        ),
        alt.Y("name:N", sort=labels, title=None, axis=short),
    )
    colour = alt.when(alt.datum.flagged).then(alt.value(ORANGE)).otherwise(alt.value(SKY))
    layers = [
        base.mark_bar(opacity=0.85, height={"band": 0.7}).encode(
            color=colour, tooltip=[alt.Tooltip("value:Q", title="cosine", format=".6f")]
        ),
        base.mark_text(align="left", dx=5, fontSize=12, color=GREY).encode(text="text:N"),
    ]
    return alt.LayerChart(layer=layers).properties(height=height or ROW * len(names), usermeta=AS_SVG)


def lanes(places: NDArray[np.float64], widths: NDArray[np.float64]) -> NDArray[np.int64]:
    """A lane for each name (n,), the lowest in which it meets no other; places and widths in pixels."""
    out = np.zeros(len(places), np.int64)
    ends: list[float] = []
    for at in np.argsort(places, kind="stable"):
        left, right = places[at] - widths[at] / 2, places[at] + widths[at] / 2
        free = next((lane for lane, end in enumerate(ends) if end <= left), len(ends))
        if free == len(ends):
            ends.append(right)
        ends[free] = right
        out[at] = free
    return out


def word_axis(
    words: Sequence[str],
    position: NDArray[np.float64],
    low: str,
    high: str,
    ends: NDArray[np.float64],
    *,
    width: int = 1000,
) -> alt.LayerChart:
    """Words along the direction from one word to another, their names over them in lanes; 0 is the middle.

    ``width`` is about that of the chart in pixels, of which letters take some.
    """
    names = [low, high, *words]
    at = np.concatenate([ends, position])
    most = float(np.abs(at).max()) * 1.12
    pixels = (at + most) / (2 * most) * width
    lane = lanes(pixels, np.array([len(name) for name in names]) * LETTER + 12)
    table = pd.DataFrame(
        {"word": names, "at": at, "lane": lane + 1.0, "zero": 0.0, "end": [True, True] + [False] * len(words)}
    )
    top = int(lane.max()) + 2
    across = alt.X(
        "at:Q",
        title=f"cosine with {high} − {low}: left towards {low}, right towards {high}",
        scale=alt.Scale(domain=[-most, most], nice=False),
        axis=alt.Axis(format=".1~f", tickCount=9, grid=False),
    )
    up = alt.Y("lane:Q", axis=None, scale=alt.Scale(domain=[0, top]))
    base = alt.Chart(table).encode(across)
    colour = alt.when(alt.datum.end).then(alt.value(ORANGE)).otherwise(alt.value(SKY))
    tooltip = [alt.Tooltip("word:N"), alt.Tooltip("at:Q", title="cosine", format=".3f")]
    zero = (
        alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=GREY, strokeDash=[3, 3]).encode(alt.X("at:Q"))
    )
    layers = [
        zero,
        base.mark_rule(opacity=0.35).encode(up, y2="zero:Q", color=colour),
        base.mark_point(filled=True, size=70, opacity=1).encode(
            y=alt.Y("zero:Q", axis=None, scale=alt.Scale(domain=[0, top])), color=colour, tooltip=tooltip
        ),
        base.mark_text(dy=-8, fontSize=14).encode(
            up,
            text="word:N",
            tooltip=tooltip,
            color=alt.when(alt.datum.end).then(alt.value(ORANGE)).otherwise(alt.value("currentColor")),
        ),
    ]
    return alt.LayerChart(layer=layers).properties(height=max(200, LANE * top + 60), usermeta=AS_SVG)


def rankings(
    texts: Sequence[str],
    spaces: Sequence[str],
    cosine: NDArray[np.float64],
    rank: NDArray[np.int64],
    *,
    height: int = 0,
) -> alt.LayerChart:
    """Rank and cosine of every text in every space, (texts, spaces); the first rank of a column is dark."""
    cut = [f"{at} {text if len(text) <= 46 else text[:45] + '…'}" for at, text in enumerate(texts, 1)]
    # a row for the words of each text and one for its cells, so that a phone has room for both
    rows = [f"{at} {part}" for at in range(len(texts)) for part in ("words", "cells")]
    n, m = cosine.shape
    grid = [(i, j) for i in range(n) for j in range(m)]
    ties = [int((rank[:, j] == rank[i, j]).sum()) for i, j in grid]
    table = pd.DataFrame(
        {
            "row": [f"{i} cells" for i, _ in grid],
            "whole": [texts[i] for i, _ in grid],
            "space": [spaces[j] for _, j in grid],
            "cosine": [float(cosine[i, j]) for i, j in grid],
            "rank": [int(rank[i, j]) for i, j in grid],
            "said": [
                f"{'tie ' if tied > 1 else 'no. '}{rank[i, j]} · {cosine[i, j]:.2f}".replace("-", "−")
                for (i, j), tied in zip(grid, ties, strict=True)
            ],
        }
    )
    # the better the rank, the darker; all of one rank are equally pale
    table["shade"] = [
        0.0 if len(set(rank[:, j])) == 1 else 1 - (rank[i, j] - 1) / max(1, n - 1) for i, j in grid
    ]
    heads = alt.Axis(
        orient="top",
        labelExpr="split(datum.label, ', ')",
        labelAngle=0,
        labelFontSize=12,
        labelPadding=18,  # a second line grows downwards
        labelFlush=False,
        labelOverlap=False,
        ticks=False,
        domain=False,
    )
    down = alt.Y("row:N", sort=rows, scale=alt.Scale(domain=rows), axis=None)
    base = alt.Chart(table).encode(alt.X("space:N", sort=list(spaces), title=None, axis=heads), down)
    words = alt.Chart(pd.DataFrame({"row": [f"{i} words" for i in range(n)], "text": cut}))
    tooltip = [
        alt.Tooltip("whole:N", title="text"),
        alt.Tooltip("space:N", title="vectors"),
        alt.Tooltip("rank:Q"),
        alt.Tooltip("cosine:Q", format=".6f"),
    ]
    layers = [
        base.mark_rect(color=TEAL, cornerRadius=3, width={"band": 0.94}, height={"band": 0.94}).encode(
            opacity=alt.Opacity("shade:Q", scale=alt.Scale(domain=[0, 1], range=[0.06, 0.45]), legend=None),
            tooltip=tooltip,
        ),
        base.mark_text(fontSize=13, color="currentColor").encode(text="said:N", tooltip=tooltip),
        words.mark_text(align="left", fontSize=13, color="currentColor", dy=2).encode(
            down, x=alt.value(3), text="text:N"
        ),
    ]
    return alt.LayerChart(layer=layers).properties(height=height or 46 * n + 44, usermeta=AS_SVG)


def groups(
    xy: NDArray[np.float64],
    group: Sequence[str],
    names: Sequence[str],
    colours: Sequence[str],
    *,
    height: int,
) -> alt.Chart:
    """Points (n, 2) whose colour and shape are their group's, in the order in which the groups first come."""
    known = list(dict.fromkeys(group))
    table = pd.DataFrame({"x": xy[:, 0], "y": xy[:, 1], "group": list(group), "name": list(names)})
    hidden = alt.Axis(labels=False, ticks=False, grid=False, title=None)
    kinds = {"sort": known, "legend": None}
    return (
        alt.Chart(table)
        .mark_point(filled=True, size=70, opacity=0.9)
        .encode(
            alt.X("x:Q", axis=hidden, scale=alt.Scale(zero=False)),
            alt.Y("y:Q", axis=hidden, scale=alt.Scale(zero=False)),
            alt.Color("group:N", scale=alt.Scale(domain=known, range=list(colours)[: len(known)]), **kinds),
            alt.Shape("group:N", scale=alt.Scale(domain=known, range=SHAPES[: len(known)]), **kinds),
            tooltip=[alt.Tooltip("name:N", title="sentence"), alt.Tooltip("group:N", title="sense")],
        )
        .properties(height=height, usermeta=AS_SVG)
    )
