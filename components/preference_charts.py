"""Altair pictures of preference losses: two ratios with their laws, lost digits, published results."""

import altair as alt
import numpy as np
import pandas as pd

from components.charts import AS_SVG, GREY, HEIGHT, ORANGE, SKY, TEAL, VERMILION
from models.traces_preference import Digits, Ratios

RATIO_COLOURS = (ORANGE, SKY)
LEAST = 1e-6  # of a density on a scale of powers of ten


def ratio_densities(
    found: Ratios, names: tuple[str, str], *, log: bool, height: int = HEIGHT
) -> alt.LayerChart:
    """Two simulated densities as filled steps, and over each its exact law as a line."""
    scale = (
        alt.Scale(type="log", domain=[1e-5, float(found.law.max() * 1.5)], clamp=True) if log else alt.Scale()
    )
    up = alt.Y(
        "density:Q",
        title="density" + (", powers of ten" if log else ""),
        scale=scale,
        axis=alt.Axis(
            tickCount=5,
            format="~g",
            values=[10.0**power for power in range(-5, 3)] if log else alt.Undefined,
        ),
    )
    ends = [float(found.edges.min()), float(found.edges.max())]
    across = alt.X(
        "x:Q",
        title="logarithm of the ratio, chosen over rejected",
        scale=alt.Scale(domain=ends, nice=False),
        axis=alt.Axis(grid=False, tickCount=9),
    )
    colour = alt.Color(
        "name:N",
        sort=list(names),
        scale=alt.Scale(domain=list(names), range=list(RATIO_COLOURS)),
        legend=alt.Legend(orient="top", title=None, labelLimit=0, symbolType="stroke", symbolStrokeWidth=3),
    )
    middle = (found.edges[:, 1:] + found.edges[:, :-1]) / 2
    layers: list[alt.Chart] = []
    for i, name in enumerate(names):
        bars = pd.DataFrame({"x": middle[i], "density": np.maximum(found.counted[i], LEAST), "name": name})
        area = alt.Chart(bars).mark_area(interpolate="step", opacity=0.28, clip=True)
        layers.append(
            area.encode(across, up, colour)
            if not log
            else area.encode(across, up, colour, y2=alt.datum(1e-5))
        )
    for i, name in enumerate(names):
        law = pd.DataFrame({"x": found.at[i], "density": np.maximum(found.law[i], LEAST), "name": name})
        line = alt.Chart(law).mark_line(strokeWidth=2.4, strokeDash=[1, 0] if i else [7, 3], clip=True)
        tooltip = [
            alt.Tooltip("name:N", title="exact law"),
            alt.Tooltip("x:Q", format=".3f"),
            alt.Tooltip("density:Q", format=".4~g"),
        ]
        layers += [
            line.encode(across, up, colour),
            alt.Chart(law).mark_point(size=50, opacity=0, clip=True).encode(across, up, tooltip=tooltip),
        ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)


def lost_digits(found: Digits, at: float, *, height: int = HEIGHT) -> alt.LayerChart:
    """log(1 − P) over log P by three ways and exactly; what is −∞ stands at the lower edge as a cross."""
    ways = {
        "exact": (found.exact, GREY),
        "plain, float32": (found.plain32, VERMILION),
        "plain, bfloat16": (found.plain16, ORANGE),
        "log1mexp, float32": (found.stable32, TEAL),
    }
    floor = {name: float(found.exact.min()) - 2 - 1.4 * place for place, name in enumerate(ways)}
    gone = pd.DataFrame({"x": [float(-found.x.min())], "y": [floor["plain, float32"]]})
    tables = [
        pd.DataFrame(
            {
                "x": -found.x,
                "y": np.where(np.isneginf(values), floor[name], values),
                "way": name,
                "gone": np.isneginf(values),
                "value": [f"{value:.6g}".replace("-", "−").replace("inf", "∞") for value in values],
            }
        )
        for name, (values, _) in ways.items()
    ]
    table = pd.concat(tables)
    colour = alt.Color(
        "way:N",
        sort=list(ways),
        scale=alt.Scale(domain=list(ways), range=[colour for _, colour in ways.values()]),
        legend=alt.Legend(
            orient="top",
            title=None,
            labelLimit=0,
            symbolType="circle",
            symbolOpacity=1,
            symbolSize=100,
            symbolStrokeWidth=0,
            columns=2,  # as much as a phone has room for
        ),
    )
    across = alt.X(
        "x:Q",
        title="−log P of an answer (left: P close to 1)",
        scale=alt.Scale(type="log", nice=False),
        axis=alt.Axis(format=".0e", values=[10.0**power for power in range(-12, 2, 2)], grid=False),
    )
    up = alt.Y("y:Q", title="log(1 − P)", scale=alt.Scale(domain=[min(floor.values()), 0], nice=False))
    tooltip = [
        alt.Tooltip("way:N"),
        alt.Tooltip("x:Q", title="−log P", format=".3g"),
        alt.Tooltip("value:N", title="log(1 − P)"),
    ]
    base = alt.Chart(table).encode(across, up, colour, tooltip=tooltip)
    rule = alt.Chart(pd.DataFrame({"x": [at]})).mark_rule(color=GREY, strokeDash=[3, 3]).encode(across)
    layers = [
        rule,
        base.transform_filter(alt.datum.way == "exact").mark_line(strokeWidth=5, opacity=0.45),
        base.transform_filter((alt.datum.way != "exact") & ~alt.datum.gone).mark_point(
            filled=True, size=26, opacity=0.9
        ),
        alt.Chart(gone)
        .mark_text(align="right", dy=-7, fontSize=13, color=GREY)
        .encode(across, up, text=alt.value("crosses: 1 − P is 0 and its logarithm −∞")),
        base.transform_filter(alt.datum.gone).mark_point(shape="cross", angle=45, size=40, filled=True),
    ]
    return alt.LayerChart(layer=layers).properties(height=height, usermeta=AS_SVG)
