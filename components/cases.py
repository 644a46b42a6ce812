"""The charts of the two famous cases, by Altair; numbers in, picture out."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from components.charts import AS_SVG, GREY, ORANGE, SKY, TEAL, VERMILION

HEIGHT = 330  # pixels, so that a picture stands above the fold at 1366 × 768
RED, PINK = VERMILION, "#cc79a7"


def quarters(
    rows: Sequence[dict[str, Any]],
    y: str,
    *,
    bars: bool,
    honest: bool,
    format: str = ",.0f",
    holiday: bool = True,
) -> Any:
    """A value a quarter: ``rows`` hold quarter, value (None where there is none) and holiday."""
    frame = pd.DataFrame(rows)
    order = frame["quarter"].tolist()
    x = alt.X("quarter:O", sort=order, title="Apple's fiscal quarter; Q1 is October to December").axis(
        labelAngle=-60, labelOverlap="greedy"
    )
    up = alt.Y("value:Q", title=y).axis(format=",.0f")
    tooltip = ["quarter:O", alt.Tooltip("value:Q", title=y, format=format)]
    colour = TEAL if honest else VERMILION
    chart = alt.Chart(frame)
    if not bars:
        drawn: Any = chart.mark_area(
            line={"color": colour}, color=colour, fillOpacity=0.25, point={"color": colour, "size": 30}
        ).encode(x, up, tooltip=tooltip)
    elif holiday:
        hue = alt.Color("holiday:N", title=None).scale(
            domain=["holiday quarter (Q1)", "other quarters"], range=[TEAL, "#7fc9b3"]
        )
        drawn = chart.mark_bar().encode(x, up, hue.legend(orient="top"), tooltip=tooltip)
    else:
        drawn = chart.mark_bar(color=colour).encode(x, up, tooltip=tooltip)
    return drawn.properties(height=HEIGHT, usermeta=AS_SVG)


def arrows(first: Sequence[float], last: Sequence[float], years: tuple[int, int]) -> Any:
    """Two straight lines without an axis, as drawn in 2015: heights are ours, order and numbers the chart's.

    ``first`` and ``last`` are the numbers printed at the ends: screenings, then abortions.
    """
    names = ("cancer screening and prevention", "abortions")
    heights = ((0.86, 0.24), (0.14, 0.74))
    rows = [
        {"year": year, "height": height, "name": name, "label": f"{value:,.0f}"}
        for name, ends, values in zip(names, heights, zip(first, last, strict=True), strict=True)
        for year, height, value in zip(years, ends, values, strict=True)
    ]
    frame = pd.DataFrame(rows)
    x = alt.X("year:Q", title=None).scale(domain=[years[0] - 0.8, years[1] + 0.8], nice=False)
    x = x.axis(values=list(years), format="d", grid=False)
    y = alt.Y("height:Q", axis=None).scale(domain=[0, 1])
    hue = alt.Color("name:N", title=None, sort=list(names)).scale(domain=list(names), range=[PINK, RED])
    base = alt.Chart(frame)
    lines = base.mark_line(strokeWidth=5).encode(x, y, hue.legend(orient="top", labelLimit=0, columns=1))
    ends = base.mark_point(size=110, filled=True, opacity=1, shape="diamond").encode(x, y, hue)
    labels = base.mark_text(dy=-16, fontSize=15, fontWeight=600, color=GREY).encode(x, y, text="label:N")
    return (lines + ends + labels).properties(height=HEIGHT, usermeta=AS_SVG)


def services(rows: Sequence[dict[str, Any]], y: str, *, format: str = ",.0f") -> Any:
    """Two lines on one axis from 0; a missing year breaks its line."""
    frame = pd.DataFrame(rows)
    names = list(dict.fromkeys(frame["name"]))
    hue = alt.Color("name:N", title=None, sort=names).scale(domain=names, range=[SKY, ORANGE])
    legend: dict[str, Any] = {"orient": "top", "labelLimit": 0, "columns": 1, "symbolType": "stroke"}
    dash = alt.StrokeDash("name:N", title=None, sort=names).legend(**legend)
    return (
        alt.Chart(frame)
        .mark_line(strokeWidth=2.6, point={"size": 50}, invalid="break-paths-show-path-domains")
        .encode(
            alt.X("year:Q", title=None)
            .axis(format="d", tickCount=8, grid=False)
            .scale(nice=False, padding=12),
            alt.Y("value:Q", title=y).scale(zero=True),
            hue.legend(**legend),
            dash,
            tooltip=["name:N", alt.Tooltip("year:Q", format="d"), alt.Tooltip("value:Q", format=format)],
        )
        .properties(height=HEIGHT, usermeta=AS_SVG)
    )


def changes(rows: Sequence[dict[str, Any]]) -> Any:
    """The change of every service as a bar from 0, its name and numbers above it.

    ``rows`` hold name, change, label and drawn (in the chart, or left out of it).
    """
    frame = pd.DataFrame(rows)
    y = alt.Y("name:N", sort=frame["name"].tolist(), title=None, axis=None)
    reach = 1.05 * float(frame["change"].abs().max())
    x = (
        alt.X("change:Q", title="change from the first to the last year")
        .axis(format="~s", tickCount=5)
        .scale(domain=[-reach, reach], nice=False)
    )
    hue = alt.Color("drawn:N", title=None).scale(
        domain=["in the chart of 2015", "left out of it"], range=[VERMILION, TEAL]
    )
    tooltip = ["name:N", alt.Tooltip("change:Q", format="+,d")]
    bars = (
        alt.Chart(frame)
        .mark_bar(height=14, yOffset=9)
        .encode(x, y, hue.legend(orient="top"), tooltip=tooltip)
    )
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule(color=GREY).encode(x="at:Q")
    said = (
        alt.Chart(frame)
        .mark_text(align="left", dy=-9, fontSize=12, color=GREY)
        .encode(x=alt.value(2), y=y, text="label:N")
    )
    return (bars + zero + said).properties(height=HEIGHT - 30, usermeta=AS_SVG)
