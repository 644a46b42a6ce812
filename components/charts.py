"""Altair pictures by kind. Each is drawn as SVG, so that a page can save what it shows offline."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.quantise import percent

HEIGHT = 400  # pixels, so that a picture stands above the fold at 1366 × 768
LETTER_WIDE, KEY_WIDE = 5.6, 36  # pixels of a legend's letter, and of its line with the gaps round it
LABEL_GAP = 15.0  # pixels between the names of two lines
NUMBERS_WIDE = 44  # pixels for the numbers at the left of a row of bars, so that rows share their x axis
AS_SVG = {"embedOptions": {"renderer": "svg"}}
# Okabe–Ito, as far as a line of it can be seen on a light and on a dark page
SKY, ORANGE, TEAL, VERMILION, GREY = "#2f8fd0", "#e69f00", "#009e73", "#d55e00", "#7a8594"


def lines(
    series: Mapping[str, NDArray[Any]],
    *,
    x: str,
    y: str,
    start: int = 0,
    low: float | None = None,
    high: float | None = None,
    mark: int | None = None,
    steps: bool = False,
    columns: int = 0,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """One line a name over whole numbers from ``start``; NaN breaks a line; the pointer reads all.

    ``x`` and ``y`` title the axes, with units. ``low`` and ``high`` are the least the scale holds.
    ``mark`` draws an upright rule at one place of the x axis. ``steps`` joins the values by steps. The
    legend has as many ``columns``, or as many as fit: then a chart fitted into a low box may lose some.
    """
    names = list(series)
    wide = pd.DataFrame({f"v{i}": pd.Series(np.asarray(values)) for i, values in enumerate(series.values())})
    wide.insert(0, "at", start + np.arange(len(wide)))
    long = wide.melt("at", var_name="line", value_name="value")
    long["line"] = long["line"].map({f"v{i}": name for i, name in enumerate(names)})
    bounds = [bound for bound in (low, high, long["value"].min(), long["value"].max()) if bound is not None]
    domain = [min(bounds), max(bounds)]
    across = alt.X(
        "at:Q",
        title=x,
        scale=alt.Scale(domain=[start, start + len(wide) - 1], nice=False),
        axis=alt.Axis(tickMinStep=1, grid=False),
    )
    up = alt.Y(
        "value:Q",
        title=y,
        scale=alt.Scale(domain=domain, nice=True),
    )
    name_wide = LETTER_WIDE * max(map(len, names)) + KEY_WIDE
    legend = alt.Legend(
        orient="top",
        title=None,
        labelLimit=0,
        columns=columns or alt.ExprRef(f"clamp(floor(width / {name_wide:.0f}), 1, 4)"),
        symbolType="stroke",
        symbolStrokeWidth=3,
    )
    encodings: list[Any] = [across, up]
    if len(names) > 1:
        # never colour alone: lines differ by their dashes too
        encodings += [kind("line:N", sort=names, legend=legend) for kind in (alt.Color, alt.StrokeDash)]
    hover = alt.selection_point(
        on="pointerover", nearest=True, clear="pointerout", fields=["at"], empty=False
    )
    drawn = (
        alt.Chart(long)
        .mark_line(strokeWidth=2.2, clip=True, interpolate="step" if steps else "linear")
        .encode(*encodings)
    )
    dots = (
        alt.Chart(long)
        .mark_point(size=55, filled=True, opacity=1, clip=True, aria=False)  # only under a pointer
        .encode(*encodings[:3])
        .transform_filter(hover)
    )
    ruler = (
        alt.Chart(wide)
        .mark_rule(color=GREY)
        .encode(
            across,
            opacity=alt.when(hover).then(alt.value(0.6)).otherwise(alt.value(0)),
            tooltip=[
                alt.Tooltip("at:Q", title=x),
                *(alt.Tooltip(f"v{i}:Q", title=name, format=".4~g") for i, name in enumerate(names)),
            ],
        )
        .add_params(hover)
    )
    layers = [drawn, dots, ruler]
    if mark is not None:
        place = alt.Chart(pd.DataFrame({"at": [mark]}))
        layers.insert(0, place.mark_rule(strokeDash=[3, 3], color=GREY).encode(alt.X("at:Q")))
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


@dataclass(frozen=True)
class Curve:
    """One line with its name at its end; ``points`` marks what was measured, ``dashed`` what was not."""

    name: str
    x: NDArray[Any]
    y: NDArray[Any]
    colour: str
    points: bool = False
    dashed: bool = False
    label: bool = True


def curves(
    given: Sequence[Curve],
    *,
    x: str,
    y: str,
    log: str = "x",
    low: float | None = None,
    high: float | None = None,
    marks: Mapping[str, float] | None = None,
    ticks: Sequence[float] = (),
    decades: str = "~s",
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Curves labelled at their ends; ``log`` names the axes with equal steps for equal ratios ("xy").

    ``marks`` draws upright rules with a name; ``ticks`` are the places of the x axis that get a number.
    ``decades`` is how d3 writes the numbers of a y axis in powers of ten: "~s" is 1M, "~g" is 0.01.
    """
    table = pd.concat(
        pd.DataFrame({"x": curve.x, "y": curve.y, "line": curve.name, "order": order})
        for order, curve in enumerate(given)
    )
    names, colours = [curve.name for curve in given], [curve.colour for curve in given]
    scale = {axis: alt.Scale(type="log", nice=False) if axis in log else alt.Scale() for axis in "xy"}
    if low is not None:
        scale["y"] = alt.Scale(type="log" if "y" in log else "linear", domain=[low, high], nice=False)
    numbers = alt.Axis(
        format=",d", grid=False, values=list(ticks) or alt.Undefined, labelFlush=False, labelOverlap=True
    )
    across = alt.X("x:Q", title=x, scale=scale["x"], axis=numbers)
    ends = [float(curve.y[np.argmax(curve.x)]) for curve in given if curve.label]
    if "y" in log:
        bottom, top = np.log10([table["y"].min(), table["y"].max()])
        numbers_up = [float(10**power) for power in range(math.floor(bottom), math.ceil(top) + 1)]
        counts = alt.Axis(format=decades, values=numbers_up)
        down = height * (top - np.log10(ends)) / max(1e-9, top - bottom)
    else:
        counts = alt.Axis(format="~f", tickCount=6)
        top, bottom = (high, low) if low is not None and high is not None else (max(ends), min(ends))
        down = height * (top - np.array(ends)) / max(1e-9, top - bottom)
    moved = iter(spread(down) - down)
    up = alt.Y("y:Q", title=y, scale=scale["y"], axis=counts)
    colour = alt.Color("line:N", sort=names, scale=alt.Scale(domain=names, range=colours), legend=None)
    tooltip = [
        alt.Tooltip("line:N", title="line"),
        alt.Tooltip("x:Q", title=x, format=",.4~g"),
        alt.Tooltip("y:Q", title=y, format=",.4~g"),
    ]
    layers = []
    for curve in given:
        own = alt.Chart(table[table["line"] == curve.name])
        dash = [5, 4] if curve.dashed else [1, 0]
        layers.append(own.mark_line(strokeWidth=2.4, strokeDash=dash, clip=True).encode(across, up, colour))
        dots = own.mark_point(filled=True, size=60, opacity=1 if curve.points else 0)
        layers.append(dots.encode(across, up, colour, tooltip=tooltip))
        if curve.label:
            end = alt.Chart(table[table["line"] == curve.name].nlargest(1, "x"))
            text = end.mark_text(align="left", dx=7, dy=float(next(moved)), fontSize=13, fontWeight=600)
            layers.append(text.encode(across, up, colour, text="line:N"))
    places = sorted((marks or {}).items(), key=lambda mark: mark[1])
    for order, (name, at) in enumerate(places):
        # of two names the first stands left of its rule, so that they never meet
        side = -1 if order == 0 and len(places) > 1 else 1
        place = alt.Chart(pd.DataFrame({"x": [at], "name": [name]}))
        layers.insert(0, place.mark_rule(strokeDash=[3, 3], color=GREY).encode(across))
        text = place.mark_text(
            align="left" if side > 0 else "right", dx=5 * side, y=8, fontSize=12, color=GREY
        )
        layers.append(text.encode(across, text="name:N"))
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


def spread(places: NDArray[np.float64], gap: float = LABEL_GAP) -> NDArray[np.float64]:
    """Move places on a line, as little as a sweep each way needs, until all are ``gap`` apart."""
    out = places.astype(float)
    order = np.argsort(out, kind="stable")
    for before, after in itertools.pairwise(order):
        out[after] = max(out[after], out[before] + gap)
    # what was pushed down goes half of the way back up
    return out - (out - places).max(initial=0) / 2


@dataclass(frozen=True)
class Bars:
    """One row of bars from 0; ``inner`` are narrower ones drawn over them."""

    title: str
    values: NDArray[Any]
    colour: str
    inner: NDArray[Any] | None = None


def upright(
    bars: Bars, names: Sequence[str], *, x: str, labelled: bool = False, height: int = 90
) -> alt.LayerChart:
    """Upright bars in the order given; negative ones hang below 0. ``names`` says what each is, on hover."""
    table = pd.DataFrame({"at": np.arange(len(bars.values)), "name": names, "value": bars.values})
    axis = alt.Axis(labels=False, ticks=False, domain=False) if not labelled else alt.Axis(labelAngle=0)
    across = alt.X("name:N", sort=list(names), title=x if labelled else None, axis=axis)
    numbers = alt.Axis(tickCount=3, format="~f", minExtent=NUMBERS_WIDE, maxExtent=NUMBERS_WIDE)
    up = alt.Y("value:Q", title=None, axis=numbers)
    tooltip = [alt.Tooltip("name:N", title=x), alt.Tooltip("value:Q", title=bars.title, format=".4~f")]
    pale = 0.45 if bars.inner is not None else 0.9
    layers = [
        alt.Chart(table)
        .mark_bar(color=bars.colour, opacity=pale, width={"band": 0.8})
        .encode(across, up, tooltip=tooltip)
    ]
    if bars.inner is not None:
        inner = alt.Chart(table.assign(value=bars.inner)).mark_bar(color=bars.colour, width={"band": 0.36})
        layers.append(inner.encode(across, up, tooltip=tooltip))
    layers.append(alt.Chart(pd.DataFrame({"y": [0]})).mark_rule(color=GREY).encode(alt.Y("y:Q")))
    title = alt.TitleParams(bars.title, anchor="start", fontSize=13, fontWeight=600, offset=4)
    return alt.LayerChart(layer=layers, title=title).properties(height=height, usermeta=AS_SVG)


def shares(
    names: Sequence[str], values: NDArray[Any], *, chosen: int, colour: str, height: int = HEIGHT
) -> alt.LayerChart:
    """Shares from 0 to 1 as level bars, one a name, with the printed percent; the chosen one stands out."""
    labels = [f"{at} {name}" for at, name in enumerate(names)]  # a name may come twice
    table = pd.DataFrame({"name": labels, "value": values, "chosen": np.arange(len(values)) == chosen})
    table["text"] = [percent(float(value)) for value in values]
    short = alt.Axis(
        labelExpr="slice(datum.label, indexof(datum.label, ' ') + 1)",
        labelLimit=120,
        labelOverlap=False,
        labelFlush=False,
    )
    down = alt.Y("name:N", sort=labels, title=None, axis=short)
    across = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5, labelFlush=False),
    )
    opacity = alt.when(alt.datum.chosen).then(alt.value(1)).otherwise(alt.value(0.5))
    tooltip = [alt.Tooltip("name:N", title="token"), alt.Tooltip("value:Q", title="weight", format=".6f")]
    base = alt.Chart(table).encode(across, down)
    layers = [
        base.mark_bar(color=colour).encode(opacity=opacity, tooltip=tooltip),
        base.mark_text(align="left", dx=4, fontSize=12, color=GREY).encode(text="text:N"),
    ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


def ranking(
    bars: Sequence[tuple[str, float, str]],
    *,
    low: float,
    x: str,
    rules: int = 0,
    rule: str = "best of the controls",
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Level bars from ``low`` to 1, one a (name, value, colour), in the order given, with the printed value.

    The last ``rules`` bars are what the others are measured against: their largest is a line through all,
    with the name ``rule``.
    """
    names = [name for name, _, _ in bars]
    table = pd.DataFrame({"name": names, "value": [value for _, value, _ in bars]})
    table["text"] = [f"{value:.3f}" for value in table["value"]]
    table["low"] = low
    down = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=210, labelOverlap=False))
    across = alt.X(
        "value:Q", title=x, scale=alt.Scale(domain=[low, 1], clamp=True), axis=alt.Axis(tickCount=5)
    )
    colour = alt.Color(
        "name:N", sort=names, scale=alt.Scale(domain=names, range=[each for *_, each in bars]), legend=None
    )
    tooltip = [alt.Tooltip("name:N", title="candidate"), alt.Tooltip("value:Q", title=x, format=".4f")]
    base = alt.Chart(table).encode(across, down)
    layers = [
        base.mark_bar().encode(alt.X2("low:Q"), colour, tooltip=tooltip),
        base.mark_text(align="left", dx=4, fontSize=12, color=GREY).encode(text="text:N"),
    ]
    if rules:
        most = max(value for _, value, _ in bars[-rules:])
        line = alt.Chart(pd.DataFrame({"value": [most]})).encode(across)
        # to where there is room
        side = "left" if most < (low + 1) / 2 else "right"
        named = line.mark_text(align=side, dx=4 if side == "left" else -4, dy=-7, fontSize=12, color=GREY)
        layers.insert(0, line.mark_rule(color=GREY, strokeDash=[4, 3]))  # behind the printed values
        layers.append(named.encode(y=alt.value(0), text=alt.value(rule)))
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)
