"""Distances in the space against distances on the map, as counts in small squares."""

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from components.charts import AS_SVG, SKY

SQUARES = 28  # of each axis


def shepard(pairs: NDArray[np.float64], *, x: str, y: str, height: int) -> alt.Chart:
    """The Shepard diagram of ``pairs`` (2, m); the darker a square, the more pairs of points lie in it."""
    counts, across, up = np.histogram2d(pairs[0], pairs[1], SQUARES)
    i, j = np.nonzero(counts)
    table = pd.DataFrame(
        {
            "x": across[i],
            "x2": across[i + 1],
            "y": up[j],
            "y2": up[j + 1],
            "pairs": counts[i, j].astype(int),
        }
    )
    return (
        alt.Chart(table)
        .mark_rect(color=SKY, strokeWidth=0)
        .encode(
            alt.X(
                "x:Q",
                title=x,
                scale=alt.Scale(zero=False, nice=False),
                axis=alt.Axis(grid=False, tickCount=4),
            ),
            alt.X2("x2:Q"),
            alt.Y("y:Q", title=y, scale=alt.Scale(nice=False), axis=alt.Axis(grid=False, tickCount=4)),
            alt.Y2("y2:Q"),
            # the root, so that the few far pairs can be seen beside the many
            opacity=alt.Opacity("pairs:Q", scale=alt.Scale(type="sqrt", range=[0.12, 1]), legend=None),
            tooltip=[alt.Tooltip("pairs:Q", format=",")],
        )
        .properties(height=height, usermeta=AS_SVG)
    )
