"""Altair pictures by kind. Each is drawn as SVG, so that the page can save what it shows without a network."""

from collections.abc import Mapping
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
    """One line a name over whole numbers from ``start``; NaN breaks a line; the pointer reads all of them.

    ``x`` and ``y`` title the axes, with units. ``low`` and ``high`` fix the scale. ``mark`` draws an upright
    rule at one place of the x axis.
    """
    names = list(series)
    wide = pd.DataFrame({f"v{i}": pd.Series(np.asarray(values)) for i, values in enumerate(series.values())})
    wide.insert(0, "at", start + np.arange(len(wide)))
    long = wide.melt("at", var_name="line", value_name="value")
    long["line"] = long["line"].map({f"v{i}": name for i, name in enumerate(names)})
    several = len(names) > 1
    across = alt.X(
        "at:Q",
        title=x,
        scale=alt.Scale(domain=[start, start + len(wide) - 1], nice=False),
        axis=alt.Axis(tickMinStep=1, grid=False),
    )
    up = alt.Y(
        "value:Q",
        title=y,
        scale=alt.Scale(zero=False) if low is None else alt.Scale(domain=[low, high], nice=False),
    )
    legend = alt.Legend(
        orient="top", title=None, labelLimit=0, columns=4, symbolType="stroke", symbolStrokeWidth=3
    )
    colour = alt.Color("line:N", sort=names, legend=legend) if several else alt.Undefined
    # never colour alone: lines differ by their dashes too
    dash = alt.StrokeDash("line:N", sort=names, legend=legend) if several else alt.Undefined
    hover = alt.selection_point(
        on="pointerover", nearest=True, clear="pointerout", fields=["at"], empty=False
    )
    drawn = alt.Chart(long).mark_line(strokeWidth=2.2, clip=True).encode(across, up, colour, strokeDash=dash)
    dots = (
        alt.Chart(long)
        .mark_point(size=55, filled=True, opacity=1, clip=True)
        .encode(across, up, colour)
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
    return alt.layer(*layers).properties(height=height, usermeta=AS_SVG)
