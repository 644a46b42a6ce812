"""Altair pictures by kind. Each is drawn as SVG, so that a page can save what it shows offline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

HEIGHT = 400  # pixels, so that a picture stands above the fold at 1366 × 768
AS_SVG = {"embedOptions": {"renderer": "svg"}}


def lines(
    series: Mapping[str, NDArray[Any]],
    *,
    x: str,
    y: str,
    start: int = 0,
    low: float | None = None,
    high: float | None = None,
    mark: int | None = None,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """One line a name over whole numbers from ``start``; NaN breaks a line; the pointer reads all.

    ``x`` and ``y`` title the axes, with units. ``low`` and ``high`` are the least the scale holds.
    ``mark`` draws an upright rule at one place of the x axis.
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
    legend = alt.Legend(
        orient="top", title=None, labelLimit=0, columns=4, symbolType="stroke", symbolStrokeWidth=3
    )
    encodings: list[Any] = [across, up]
    if len(names) > 1:
        # never colour alone: lines differ by their dashes too
        encodings += [kind("line:N", sort=names, legend=legend) for kind in (alt.Color, alt.StrokeDash)]
    hover = alt.selection_point(
        on="pointerover", nearest=True, clear="pointerout", fields=["at"], empty=False
    )
    drawn = alt.Chart(long).mark_line(strokeWidth=2.2, clip=True).encode(*encodings)
    dots = (
        alt.Chart(long)
        .mark_point(size=55, filled=True, opacity=1, clip=True)
        .encode(*encodings[:3])
        .transform_filter(hover)
    )
    ruler = (
        alt.Chart(wide)
        .mark_rule(color="#7a8594")
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
        layers.insert(0, place.mark_rule(strokeDash=[3, 3], color="#7a8594").encode(alt.X("at:Q")))
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
    room: int = 120,
    height: int = HEIGHT,
) -> alt.LayerChart:
    """Curves labelled at their ends; ``log`` names the axes with equal steps for equal ratios ("xy").

    ``marks`` draws upright rules with a name; ``room`` is kept at the right for the names, in pixels.
    """
    table = pd.concat(
        pd.DataFrame({"x": curve.x, "y": curve.y, "line": curve.name, "order": order})
        for order, curve in enumerate(given)
    )
    names, colours = [curve.name for curve in given], [curve.colour for curve in given]
    scale = {axis: alt.Scale(type="log", nice=False) if axis in log else alt.Scale() for axis in "xy"}
    if low is not None:
        scale["y"] = alt.Scale(type="log" if "y" in log else "linear", domain=[low, high], nice=False)
    small = alt.Axis(format="~s", grid=False, tickCount=8)
    across = alt.X("x:Q", title=x, scale=scale["x"], axis=small)
    up = alt.Y("y:Q", title=y, scale=scale["y"], axis=alt.Axis(format="~s", tickCount=6))
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
        seen = {"size": 60, "opacity": 1} if curve.points else {"size": 120, "opacity": 0}
        layers.append(own.mark_point(filled=True, **seen).encode(across, up, colour, tooltip=tooltip))
        if curve.label:
            end = alt.Chart(table[table["line"] == curve.name].nlargest(1, "x"))
            text = end.mark_text(align="left", dx=7, fontSize=13, fontWeight=600)
            layers.append(text.encode(across, up, colour, text="line:N"))
    for name, at in (marks or {}).items():
        place = alt.Chart(pd.DataFrame({"x": [at], "name": [name]}))
        layers.insert(0, place.mark_rule(strokeDash=[3, 3], color="#7a8594").encode(across))
        text = place.mark_text(align="left", dx=5, y=8, fontSize=12, color="#7a8594")
        layers.append(text.encode(across, text="name:N"))
    padding = {"left": 5, "right": room, "top": 5, "bottom": 5}
    return alt.LayerChart(layer=layers).properties(height=height, padding=padding, usermeta=AS_SVG)
