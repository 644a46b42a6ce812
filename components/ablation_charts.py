"""What switching heads off changed: guesses before and after, tokens that moved, and a control."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from components.charts import AS_SVG, GREY
from models.quantise import percent

BEFORE, AFTER = "#7a8594", "#d55e00"  # with all heads, without some
LETTERS = 14  # of a token beside its bars


def guesses(
    tokens: Sequence[str], before: NDArray[np.floating], after: NDArray[np.floating], *, height: int
) -> alt.LayerChart:
    """Probabilities from 0 to 1 of the same tokens, two bars each: with all heads and without some.

    The numbers of both stand behind the longer bar: two lines would not fit.
    """
    names = [f"{at} {token}" for at, token in enumerate(tokens)]  # two tokens may look alike
    table = pd.concat(
        pd.DataFrame({"name": names, "token": tokens, "when": when, "value": values})
        for when, values in (("all heads", before), ("some off", after))
    )
    both = pd.DataFrame({"name": names, "value": np.maximum(before, after)})
    both["text"] = [f"{percent(float(a))} → {percent(float(b))}" for a, b in zip(before, after, strict=True)]
    labels = alt.Axis(
        labelExpr=f"slice(datum.label, indexof(datum.label, ' ') + 1, indexof(datum.label, ' ') + {LETTERS})",
        labelOverlap=False,
        labelLimit=120,
    )
    down = alt.Y("name:N", sort=names, title=None, axis=labels)
    most = max(0.05, float(both["value"].max())) * 1.3  # leaves room for the numbers
    across = alt.X(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(
            format="%", values=[0, 0.25, 0.5, 0.75, 1] if most > 0.5 else alt.Undefined, tickCount=4
        ),
    )
    offset = alt.YOffset("when:N", sort=["all heads", "some off"])
    legend = alt.Legend(orient="top", title=None, symbolType="square")
    colour = alt.Color(
        "when:N", scale=alt.Scale(domain=["all heads", "some off"], range=[BEFORE, AFTER]), legend=legend
    )
    tooltip = [
        alt.Tooltip("token:N"),
        alt.Tooltip("when:N", title="with"),
        alt.Tooltip("value:Q", title="probability", format=".5f"),
    ]
    base = alt.Chart(table).encode(across, down, offset)
    layers = [
        base.mark_bar().encode(colour, tooltip=tooltip),
        alt.Chart(both)
        .mark_text(align="left", dx=4, fontSize=12, color=GREY)
        .encode(alt.X("value:Q"), down, text="text:N"),
    ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


def moved(tokens: Sequence[str], cosines: NDArray[np.floating], *, height: int) -> alt.LayerChart:
    """1 − cosine of each token's vector before and after, in the order of the text."""
    names = [f"{at} {token}" for at, token in enumerate(tokens)]
    table = pd.DataFrame({"name": names, "token": tokens, "value": 1 - cosines, "cosine": cosines})
    labels = alt.Axis(
        labelExpr=f"slice(datum.label, indexof(datum.label, ' ') + 1, indexof(datum.label, ' ') + {LETTERS})",
        labelOverlap=len(tokens) > 40,
        labelLimit=90,
        labelAngle=-90,
    )
    across = alt.X("name:N", sort=names, title=None, axis=labels)
    up = alt.Y(
        "value:Q", title="1 − cosine", scale=alt.Scale(domainMin=0), axis=alt.Axis(tickCount=4, format="~g")
    )
    tooltip = [alt.Tooltip("token:N"), alt.Tooltip("cosine:Q", format=".5f")]
    bars = alt.Chart(table).mark_bar(color=AFTER).encode(across, up, tooltip=tooltip)
    return alt.LayerChart(layer=[bars]).properties(height=height, usermeta=AS_SVG)


def against_chance(
    chosen: float, draws: NDArray[np.floating], interval: tuple[float, float], *, x: str, height: int
) -> alt.LayerChart:
    """The effect of the chosen heads as a diamond over those of random ones as dots, with an interval."""
    dots = pd.DataFrame({"value": draws, "row": "random", "what": "random heads"})
    mine = pd.DataFrame({"value": [chosen], "row": ["chosen"], "what": ["chosen"]})
    band = pd.DataFrame({"low": [interval[0]], "high": [interval[1]], "row": ["random"]})
    rows = ["chosen", "random"]
    axis = alt.Axis(domain=False, ticks=False, minExtent=70)  # a saved picture may have a wider type
    down = alt.Y("row:N", sort=rows, title=None, scale=alt.Scale(domain=rows), axis=axis)
    most = max(float(np.max(draws, initial=0)), chosen, 1e-6)
    across = alt.X(
        "value:Q",
        title=x,
        scale=alt.Scale(domain=[0, most * 1.06], nice=False),
        axis=alt.Axis(tickCount=5, format="~g"),
    )
    tooltip = [alt.Tooltip("what:N", title="heads"), alt.Tooltip("value:Q", title=x, format=".4~g")]
    layers = [
        alt.Chart(band)
        .mark_bar(color=GREY, opacity=0.22, height=22)
        .encode(alt.X("low:Q"), alt.X2("high:Q"), down),
        alt.Chart(dots)
        .mark_point(filled=True, size=45, color=GREY, opacity=0.8)
        .encode(across, down, tooltip=tooltip),
        alt.Chart(mine)
        .mark_point(filled=True, size=150, color=AFTER, shape="diamond", opacity=1)
        .encode(across, down, tooltip=tooltip),
    ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)
