"""How often the gates of each unit are shut and open: one circle a unit, as in Karpathy et al. 2015."""

import altair as alt
import numpy as np
import pandas as pd

from components.charts import AS_SVG, GREY
from models.traces import Array

SHARE = alt.Scale(domain=[0, 1])


def shut_and_open(title: str, left: Array, right: Array, colour: str, *, height: int) -> alt.LayerChart:
    """One gate: ``left`` (units,) against ``right``; no circle can lie above the falling line."""
    table = pd.DataFrame({"unit": np.arange(len(left)), "left": left, "right": right})
    across = alt.X(
        "right:Q", title="open: share above 0.9", scale=SHARE, axis=alt.Axis(format="%", tickCount=3)
    )
    up = alt.Y("left:Q", title="shut: share below 0.1", scale=SHARE, axis=alt.Axis(format="%", tickCount=3))
    tooltip = [
        alt.Tooltip("unit:Q"),
        alt.Tooltip("left:Q", title="shut", format=".1%"),
        alt.Tooltip("right:Q", title="open", format=".1%"),
    ]
    edge = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [1, 0]})).mark_line(color=GREY, strokeDash=[3, 3])
    layers = [
        edge.encode(alt.X("x:Q", scale=SHARE), alt.Y("y:Q", scale=SHARE)),
        alt.Chart(table)
        .mark_point(size=70, color=colour, fill=colour, fillOpacity=0.35, strokeWidth=1.2)
        .encode(across, up, tooltip=tooltip),
    ]
    heading = alt.TitleParams(title, anchor="start", fontSize=13, fontWeight=600, offset=4)
    return alt.LayerChart(layer=layers, title=heading).properties(height=height, usermeta=AS_SVG)
