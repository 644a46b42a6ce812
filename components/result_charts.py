"""Altair pictures of published results: win rates with intervals, models before the judges, needs a step."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from components.charts import AS_SVG, GREY, HEIGHT, ORANGE, SKY, TEAL, VERMILION

ROOM = 1.12  # where the axis ends, for the number behind the longest bar
LETTERS = 12  # pixels of numbers beside marks; names are one larger
METHOD_COLOURS = {"SFT": GREY, "DPO": SKY, "RLHF": ORANGE, "ORPO": TEAL}
AGAINST_COLOURS = {"SFT": GREY, "+DPO": SKY, "+PPO": ORANGE}


@dataclass(frozen=True)
class Win:
    """ORPO against one other: percent of wins, and the interval that the visitor's assumption gives."""

    row: str
    against: str
    percent: float
    low: float | None = None
    high: float | None = None


def win_rates(wins: Sequence[Win], *, height: int = HEIGHT) -> alt.LayerChart:
    """One row a model and dataset, one mark an opponent; the line at 50 % is a draw."""
    table = pd.DataFrame([vars(win) for win in wins])
    rows = list(dict.fromkeys(table["row"]))
    against = [name for name in AGAINST_COLOURS if (table["against"] == name).any()]
    table["text"] = [f"{percent:.1f}" for percent in table["percent"]]
    down = alt.Y(
        "row:N",
        sort=rows,
        title=None,
        # nearly all of a row for its marks: their numbers stand one over the other where they meet
        scale=alt.Scale(paddingInner=0.06, paddingOuter=0.03),
        axis=alt.Axis(labelLimit=18 * LETTERS, labelFontSize=LETTERS + 1, grid=True, tickBand="extent"),
    )
    across = alt.X(
        "percent:Q",
        title="ORPO wins, % of prompts",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(tickCount=10),
    )
    legend = alt.Legend(orient="top", title="ORPO against", labelLimit=0, symbolOpacity=1)
    colour = alt.Color(
        "against:N",
        sort=against,
        scale=alt.Scale(domain=against, range=[AGAINST_COLOURS[name] for name in against]),
        legend=legend,
    )
    shape = alt.Shape(
        "against:N",
        sort=against,
        scale=alt.Scale(
            domain=against,
            range=[{"SFT": "circle", "+DPO": "square", "+PPO": "triangle-up"}[name] for name in against],
        ),
        legend=legend,
    )
    apart = alt.YOffset("against:N", sort=against)
    base = alt.Chart(table).encode(down, apart)
    tooltip = [
        alt.Tooltip("row:N", title="model and data"),
        alt.Tooltip("against:N"),
        alt.Tooltip("percent:Q", title="ORPO wins, %"),
    ]
    draw = alt.Chart(pd.DataFrame({"percent": [50]})).mark_rule(strokeDash=[4, 3], color=GREY).encode(across)
    layers = [draw]
    if table["low"].notna().all():
        layers.append(
            base.mark_rule(strokeWidth=2.5, opacity=0.75).encode(alt.X("low:Q"), alt.X2("high:Q"), colour)
        )
    layers += [
        base.mark_point(filled=True, size=110, opacity=1).encode(across, colour, shape, tooltip=tooltip),
        base.mark_text(align="left", dx=11, fontSize=LETTERS, color=GREY).encode(across, text="text:N")
        if not table["low"].notna().all()
        else base.mark_text(align="left", dx=6, fontSize=LETTERS, color=GREY).encode(
            alt.X("high:Q"), text="text:N"
        ),
    ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


def judged(
    names: Sequence[str],
    methods: Sequence[str],
    values: Sequence[float],
    *,
    x: str,
    most: float,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Level bars from 0, one a model, coloured by how it was trained."""
    table = pd.DataFrame({"model": names, "trained by": methods, "value": values})
    table["text"] = [f"{value:g}" for value in values]
    used = [name for name in METHOD_COLOURS if name in methods]
    base = alt.Chart(table).encode(
        alt.Y(
            "model:N",
            sort=list(names),
            title=None,
            axis=alt.Axis(labelLimit=20 * LETTERS, labelFontSize=LETTERS + 1),
        ),
        alt.X(
            "value:Q", title=x, scale=alt.Scale(domain=[0, most]), axis=alt.Axis(tickCount=8, format=",.4~f")
        ),
    )
    colour = alt.Color(
        "trained by:N",
        sort=used,
        scale=alt.Scale(domain=used, range=[METHOD_COLOURS[name] for name in used]),
        legend=alt.Legend(orient="top", title="last trained by", labelLimit=0),
    )
    layers = [
        base.mark_bar(opacity=0.85, height={"band": 0.7}).encode(
            colour, tooltip=["model:N", "trained by:N", alt.Tooltip("value:Q", title=x)]
        ),
        base.mark_text(align="left", dx=5, fontSize=LETTERS, color=GREY).encode(text="text:N"),
    ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


def moves(rows: Sequence[tuple[str, str, float, float]], *, height: int = 260) -> alt.LayerChart:
    """Where two mean log-probabilities began and ended: (run, "chosen" or "rejected", first, last)."""
    table = pd.DataFrame(rows, columns=["run", "answer", "first", "last"])
    table["text"] = [
        f"{a - b:+.2f}".replace("-", "−") for a, b in zip(table["last"], table["first"], strict=True)
    ]
    table["rises"] = table["last"] > table["first"]
    runs = list(dict.fromkeys(table["run"]))
    low, high = table[["first", "last"]].min().min(), table[["first", "last"]].max().max()
    colour = alt.Color(
        "answer:N",
        sort=["chosen", "rejected"],
        scale=alt.Scale(domain=["chosen", "rejected"], range=[TEAL, VERMILION]),
        legend=alt.Legend(orient="top", title=None),
    )
    down = alt.Y(
        "run:N", sort=runs, title=None, axis=alt.Axis(labelFontSize=LETTERS + 1, labelLimit=25 * LETTERS)
    )
    apart = alt.YOffset("answer:N", sort=["chosen", "rejected"])
    scale = alt.Scale(domain=[low - 0.3, high + 0.3], nice=True)
    title = "mean log P, held-out: before → after"
    base = alt.Chart(table).encode(down, apart, colour)
    axis = alt.Axis(tickCount=8, titleAnchor="end")  # beside long names of rows there is little room
    end = alt.X("last:Q", title=title, scale=scale, axis=axis)
    heads = [
        base.transform_filter(alt.datum.rises == rises)
        .mark_point(filled=True, shape="triangle-right" if rises else "triangle-left", size=130, opacity=1)
        .encode(end)
        for rises in (True, False)
        if (table["rises"] == rises).any()
    ]
    layers = [
        base.mark_rule(strokeWidth=3).encode(
            alt.X("first:Q", scale=scale, title=title, axis=axis), alt.X2("last:Q")
        ),
        base.mark_point(filled=True, size=35, opacity=1).encode(
            alt.X("first:Q", scale=scale, title=title, axis=axis)
        ),
        *heads,
        alt.Chart(table)
        .mark_text(dy=-11, fontSize=LETTERS, color=GREY)
        .encode(down, apart, end, text="text:N"),
    ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


def stacked(
    rows: Sequence[tuple[str, str, float]],
    *,
    x: str,
    colours: Sequence[str],
    height: int = 250,
) -> alt.LayerChart:
    """Level bars in parts, (method, part, value), with the whole beside; ``colours`` in the parts' order."""
    table = pd.DataFrame(rows, columns=["method", "part", "value"])
    methods, parts = list(dict.fromkeys(table["method"])), list(dict.fromkeys(table["part"]))
    table["place"] = table["part"].map(parts.index)
    whole = table.groupby("method", sort=False, as_index=False)["value"].sum()
    whole["text"] = [f"{value:,.0f}" if value >= 100 else f"{value:.3g}" for value in whole["value"]]
    axis = alt.Axis(labelFontSize=LETTERS + 1, labelLimit=17 * LETTERS, labelOverlap=False)
    down = alt.Y("method:N", sort=methods, title=None, axis=axis)
    scale = alt.Scale(domain=[0, ROOM * float(whole["value"].max())], nice=False)
    across = alt.X("value:Q", title=x, stack="zero", scale=scale, axis=alt.Axis(tickCount=5, format=",.4~f"))
    legend = alt.Legend(orient="top", title=None, labelLimit=0) if len(parts) > 1 else None
    colour = alt.Color(
        "part:N", sort=parts, scale=alt.Scale(domain=parts, range=list(colours)), legend=legend
    )
    bars = (
        alt.Chart(table)
        .mark_bar(opacity=0.85, height={"band": 0.65})
        .encode(
            down,
            across,
            colour,
            alt.Order("place:Q"),
            tooltip=["method:N", "part:N", alt.Tooltip("value:Q", title=x, format=",.4~g")],
        )
    )
    text = (
        alt.Chart(whole)
        .mark_text(align="left", dx=5, fontSize=LETTERS, color=GREY)
        .encode(down, alt.X("value:Q"), text="text:N")
    )
    return alt.LayerChart(layer=[bars, text]).properties(height=height, usermeta=AS_SVG)
