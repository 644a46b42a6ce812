"""Altair pictures of columns: intervals, shares, bars with a curve, densities with shaded areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from components.charts import AS_SVG, GREY, HEIGHT
from models.quantise import percent
from models.traces import Array
from models.traces_distributions import Interval

FARTHEST = 1.25  # times the first skewness: farther ones stand at the side of a ladder
ROOM = 1.25  # above a curve, for the names of rules
DATA, PALE, MEAN, MEDIAN = "#5b84ad", "#a9c3dc", "#c98500", "#2f8fd0"
LETTERS = 12  # pixels


def headed(title: str) -> alt.TitleParams:
    """A title at the left."""
    return alt.TitleParams(title, anchor="start", fontSize=LETTERS + 1, fontWeight=600, offset=6)


def intervals(rows: Mapping[str, Interval], *, title: str, height: int = HEIGHT) -> alt.LayerChart:
    """One number a row with its interval and a rule at 0; the number stands beside it."""
    table = pd.DataFrame(
        [
            {"name": name, "value": row.value, "low": row.low, "high": row.high, "text": signed(row.value)}
            for name, row in rows.items()
            if np.isfinite(row.value)
        ]
    )
    down = alt.Y("name:N", sort=list(rows), title=None, axis=alt.Axis(labelLimit=200, ticks=False))
    tooltip = [
        alt.Tooltip("name:N", title="number"),
        *(alt.Tooltip(f"{part}:Q", format="+.3f") for part in ("value", "low", "high")),
    ]
    base = alt.Chart(table).encode(down, tooltip=tooltip)
    across = alt.X("value:Q", title=None)
    known = base.transform_filter(alt.datum.low != None)  # noqa: E711 - a Vega expression
    layers = [
        alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=GREY).encode(alt.X("zero:Q", title=None)),
        known.mark_rule(strokeWidth=4, color=PALE).encode(alt.X("low:Q", title=None), alt.X2("high:Q")),
        base.mark_point(filled=True, size=90, color=DATA, opacity=1).encode(across),
        base.mark_text(dy=-12, fontSize=LETTERS, color=GREY).encode(across, text="text:N"),
    ]
    return alt.LayerChart(layer=layers, title=headed(title)).properties(height=height, usermeta=AS_SVG)


def signed(value: float) -> str:
    """A number with its sign and a true minus."""
    return f"{value:+.2f}".replace("-", "−")


def shares(
    names: Sequence[str], values: Sequence[float], *, title: str, height: int = HEIGHT
) -> alt.LayerChart:
    """Shares from 0 to 1 as level bars, each with its percent."""
    labels = [f"{at} {name}" for at, name in enumerate(names)]  # a name may come twice
    table = pd.DataFrame({"name": labels, "value": values, "text": [percent(float(one)) for one in values]})
    short = alt.Axis(
        labelExpr="slice(datum.label, indexof(datum.label, ' ') + 1)", labelLimit=140, ticks=False
    )
    base = alt.Chart(table).encode(
        alt.X("value:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%", tickCount=5)),
        alt.Y("name:N", sort=labels, title=None, axis=short),
    )
    layers = [
        base.mark_bar(color=DATA),
        base.mark_text(align="left", dx=4, fontSize=LETTERS, color=GREY).encode(text="text:N"),
    ]
    return alt.LayerChart(layer=layers, title=headed(title)).properties(height=height, usermeta=AS_SVG)


@dataclass(frozen=True)
class Rule:
    """An upright line with a name."""

    name: str
    at: float
    colour: str
    dashed: bool = False


def bars(
    edges: Array,
    counts: Array,
    *,
    x: str,
    title: str = "",
    curve: tuple[Array, Array] | None = None,
    rules: Sequence[Rule] = (),
    domain: tuple[float, float] | None = None,
    colour: str = DATA,
    y: str = "values",
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Bars between edges (m + 1,) with counts (m,), a curve in counts over them, upright rules with names."""
    table = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "count": counts, "zero": 0})
    span = list(domain or (edges[0], edges[-1]))
    scale = alt.Scale(domain=span, nice=False)
    top = float(max(counts.max(initial=1), 0 if curve is None else np.nanmax(curve[1]))) * 1.16
    up = alt.Y("count:Q", title=y, scale=alt.Scale(domain=[0, top], nice=False))
    across = alt.X("from:Q", title=x, scale=scale, axis=alt.Axis(grid=False, labelOverlap=True, tickCount=6))
    tooltip = [
        alt.Tooltip("from:Q", format=".4~g"),
        alt.Tooltip("to:Q", format=".4~g"),
        alt.Tooltip("count:Q", title=y),
    ]
    layers = [
        alt.Chart(table)
        .mark_rect(color=colour, opacity=0.5, stroke=DATA, strokeWidth=0.6, clip=True)
        .encode(across, up, x2="to:Q", y2="zero:Q", tooltip=tooltip)
    ]
    if curve is not None:
        drawn = pd.DataFrame({"from": curve[0], "count": curve[1]})
        layers.append(alt.Chart(drawn).mark_line(color=GREY, strokeWidth=2, clip=True).encode(across, up))
    for order, rule in enumerate(rules):
        place = alt.Chart(pd.DataFrame({"from": [rule.at], "name": [rule.name]}))
        dash = [5, 3] if rule.dashed else [1, 0]
        layers.append(
            place.mark_rule(color=rule.colour, strokeWidth=2, strokeDash=dash, clip=True).encode(across)
        )
        left = rule.at > (span[0] + span[1]) / 2
        text = place.mark_text(
            align="right" if left else "left",
            dx=-5 if left else 5,
            y=9 + (LETTERS + 3) * order,
            fontSize=LETTERS,
            fontWeight=600,
            color=rule.colour,
        )
        layers.append(text.encode(across, text="name:N"))
    head: Any = headed(title) if title else alt.Undefined
    return alt.LayerChart(layer=layers, title=head).properties(height=height, usermeta=AS_SVG)


@dataclass(frozen=True)
class Line:
    """One named curve."""

    name: str
    y: Array
    colour: str
    dashed: bool = False


def densities(
    grid: Array,
    lines: Sequence[Line],
    *,
    x: str,
    y: str,
    title: str = "",
    log: bool = False,
    log_x: bool = False,
    low: float | None = None,
    high: float | None = None,
    shade: Sequence[tuple[float, float]] = (),
    rules: Sequence[Rule] = (),
    legend: bool = True,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Curves on one grid with a legend; the area under the first is shaded between the places of
    ``shade``.
    """
    table = pd.concat(pd.DataFrame({"x": grid, "y": line.y, "curve": line.name}) for line in lines)
    if log and low is not None:
        table = table[table["y"] >= low]
    names = [line.name for line in lines]
    bounds = [
        float(low) if low is not None else 0.0,
        float(high or table["y"].max() * (ROOM if rules else 1.08)),
    ]
    up = alt.Y(
        "y:Q",
        title=y,
        scale=alt.Scale(type="log" if log else "linear", domain=bounds, nice=False),
        axis=alt.Axis(tickCount=5, format="~g" if log else "~f", grid=not log),
    )
    scale = alt.Scale(nice=False, type="log" if log_x else "linear")
    numbers = alt.Axis(grid=False, tickCount=9, format=",d" if log_x else alt.Undefined)
    across = alt.X("x:Q", title=x, scale=scale, axis=numbers)
    key: Any = alt.Legend(orient="top", title=None, labelLimit=0, symbolStrokeWidth=3) if legend else None
    colour = alt.Color(
        "curve:N",
        sort=names,
        legend=key,
        scale=alt.Scale(domain=names, range=[line.colour for line in lines]),
    )
    dashes = [[5, 4] if line.dashed else [1, 0] for line in lines]
    dash = alt.StrokeDash("curve:N", sort=names, legend=key, scale=alt.Scale(domain=names, range=dashes))
    layers = []
    for start, end in shade:
        part = pd.DataFrame({"x": grid, "y": lines[0].y})[(grid >= start) & (grid <= end)]
        layers.append(
            alt.Chart(part).mark_area(color=lines[0].colour, opacity=0.25, clip=True).encode(across, up)
        )
    tooltip = [
        alt.Tooltip("curve:N"),
        alt.Tooltip("x:Q", title=x, format=".3~g"),
        alt.Tooltip("y:Q", title=y, format=".3~g"),
    ]
    layers.append(
        alt.Chart(table)
        .mark_line(strokeWidth=2.4, clip=True)
        .encode(across, up, colour, dash, tooltip=tooltip)
    )
    for order, rule in enumerate(rules):
        place = alt.Chart(pd.DataFrame({"x": [rule.at], "name": [rule.name]}))
        layers.append(place.mark_rule(color=rule.colour, strokeWidth=2, strokeDash=[4, 3]).encode(across))
        left = rule.at > (grid[0] + grid[-1]) / 2
        text = place.mark_text(
            align="right" if left else "left",
            dx=-5 if left else 5,
            y=9 + (LETTERS + 3) * order,
            fontSize=LETTERS,
            color=rule.colour,
        )
        layers.append(text.encode(across, text="name:N"))
    head: Any = headed(title) if title else alt.Undefined
    return alt.LayerChart(layer=layers, title=head).properties(height=height, usermeta=AS_SVG)


@dataclass(frozen=True)
class Change:
    """A column's skewness and kurtosis under one name."""

    name: str
    g1: float
    g2: float
    chosen: bool = False


def ladder(
    changes: Sequence[Change], *, title: str, brief: bool = False, height: int = HEIGHT
) -> alt.LayerChart:
    """Skewness across, one named row each; a row without a number says that it is refused.

    The first is what the others are compared with. ``brief`` writes the skewness alone.
    """
    table = pd.DataFrame([vars(one) for one in changes])
    table["text"] = [
        (signed(one.g1) if brief else f"g1 {signed(one.g1)}, g2 {signed(one.g2)}")
        if np.isfinite(one.g1)
        else "refused"
        for one in changes
    ]
    table["start"] = changes[0].g1
    # one that goes far would press all others together: it stands at the side, with an arrow
    first = abs(changes[0].g1)
    farthest = FARTHEST * max(1.0, first if np.isfinite(first) else 1.0)
    table["at"] = table["g1"].clip(-farthest, farthest)
    table.loc[table["g1"] > farthest, "text"] += " →"
    table.loc[table["g1"] < -farthest, "text"] = "← " + table["text"]
    # room at the sides for the text of a dot
    reach = float(table["at"].abs().max())
    wide = max(1.0, reach if np.isfinite(reach) else 1.0) * 1.7
    across: dict[str, Any] = {"title": "skewness g1", "scale": alt.Scale(domain=[-wide, wide], nice=False)}
    axis = alt.Axis(labelLimit=180, ticks=False)
    down = alt.Y("name:N", sort=[one.name for one in changes], title=None, axis=axis)
    tooltip = ["name:N", alt.Tooltip("g1:Q", format="+.3f"), alt.Tooltip("g2:Q", format="+.3f")]
    base = alt.Chart(table).encode(down, tooltip=tooltip)
    colour = alt.when(alt.datum.chosen).then(alt.value(MEAN)).otherwise(alt.value(DATA))
    known = base.transform_filter("isValid(datum.g1)")
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=GREY)
    layers = [
        zero.encode(alt.X("zero:Q", **across)),
        known.mark_rule(color=GREY, strokeDash=[2, 3]).encode(alt.X("start:Q", **across), alt.X2("at:Q")),
        known.mark_point(filled=True, opacity=1, size=90).encode(alt.X("at:Q", **across), color=colour),
        known.mark_text(dy=-11, fontSize=LETTERS, color=GREY).encode(alt.X("at:Q", **across), text="text:N"),
        base.transform_filter("!isValid(datum.g1)")
        .mark_text(fontSize=LETTERS, fontStyle="italic", color=GREY, align="right", dx=-8)
        .encode(x=alt.value("width"), text="text:N"),
    ]
    return alt.LayerChart(layer=layers, title=headed(title)).properties(height=height, usermeta=AS_SVG)
