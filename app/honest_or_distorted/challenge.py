"""The fifth view: the same table, limited tools, the most misleading chart that is still correct."""

import time
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.honest_or_distorted.shared import FIGURE, PREFIX, exports, hear_export, made, table
from app.shown import Shown
from app.state import choice
from components.charts import TEAL, VERMILION
from components.lie_slider import checked
from models import challenge as game
from models.challenge import Play
from models.distortion import lint

NAMES = {
    "base": ("The axis starts at", lambda key: "0" if key == "0" else f"{key} % of the smallest"),
    "window": (
        "Months shown",
        {
            "all": "all 36",
            "first": "year 1",
            "middle": "year 2",
            "last": "year 3",
            "half": "first half of year 3",
            "late": "second half of year 3",
        }.__getitem__,
    ),
    "series": ("What is drawn", game.SERIES.__getitem__),
    "frame": ("Frame", {"wide": "flat", "plain": "plain", "narrow": "narrow"}.__getitem__),
}
TOOLS: dict[str, dict[str, Any]] = {
    "base": game.BASES,
    "window": game.WINDOWS,
    "series": game.SERIES,
    "frame": game.FRAMES,
}
READ = (
    "- Every label on your chart is true, and yet it can mislead: that is the point.\n"
    "- Points are a game's. They add up numbers of different kinds, and 100 points are no "
    "unit of dishonesty.\n"
    "- A chart that the linter does not catch can still win: choosing the months leaves no trace in a "
    "specification that holds only those."
)
HOW = f"""
At most {game.MOST_TOOLS} tools at once. The points:

- **exaggeration** is 20 · log₂(1 + |shown − true| / |true|). *Shown* is the relative change from the first to
  the last mark, by the heights above the axis; *true* is that of a straight line through all 36 months. It
  counts only beyond the true change, in the direction of the goal.
- **window** is half the distance of the window's percentile from 50.
- **total** is half of what the share of rising steps gains.
- **frame** is a quarter of what it changes in the mean angle, in degrees.
- **lag** is 2 for each month that a mean comes late.
"""


def challenge(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """Choose tools, see the chart, its points and what the linter finds."""
    with controls:
        goal = choice(
            "Goal",
            list(game.GOALS),
            key=f"{PREFIX}_goal",
            name=game.GOALS.__getitem__,
            field=st.segmented_control,
            label_visibility="collapsed",
            required=True,
        )
        with st.container(horizontal=True):
            tools = {
                name: choice(
                    title,
                    list(TOOLS[name]),
                    key=f"{PREFIX}_tool_{name}",
                    name=label,
                    default=game.NEUTRAL[name],
                    width=220,
                )
                for name, (title, label) in NAMES.items()
            }
    since = time.perf_counter()
    played = game.play(goal, tools)
    plain = game.play(goal, game.NEUTRAL)
    mine, honest = chart(played, VERMILION, tools), chart(plain, TEAL, game.NEUTRAL)
    findings = lint(mine)
    spent = (time.perf_counter() - since) * 1000
    with picture:
        if played.ignored:
            names = ", ".join(NAMES[name][0].lower() for name in played.ignored)
            st.caption(f"Only {game.MOST_TOOLS} tools at once; not used: {names}.")
        parts = " · ".join(f"{name} {value:.0f}" for name, value in played.points.items() if value >= 0.5)
        st.markdown(f"**{played.total:.0f} points**{f' = {parts}' if parts else ''}")
        with st.container(key=FIGURE):
            captions = (f"Your chart: {len(findings)} found by the linter", "All months, from 0")
            checked(mine, findings, honest, captions=captions, key=f"{PREFIX}_challenge")
        said = sentences(played, goal, [finding.title for finding in findings])
        st.markdown(f"**What you see.** {said}")
        rows = [{"month": m + 1, "shown": v} for m, v in zip(played.months, played.values, strict=True)]
        table(rows)
    provenance = made("Table made by hand", "seed 21", len(rows), spent)
    hear_export("make-it-lie", f"{game.GOALS[goal]}: {played.total:.0f} points", said, provenance)
    return Shown(exports(rows, "make-it-lie"), READ, HOW, provenance)


def sentences(played: Play, goal: str, found: list[str]) -> str:
    """What the chart shows against what is so, and whether it is caught."""
    way = ("" if played.points["exaggeration"] else "no ") + "further the goal's way than is true"
    caught = f"The linter finds: {'; '.join(found).lower()}." if found else "The linter finds nothing."
    return (
        f"From the first mark to the last your chart shows {100 * played.shown:+,.1f} %, {way}; "
        f"over all months sales change by {100 * played.true:+.1f} %. That is a lie factor of "
        f"{played.lie_factor:.1f}. {caught}"
    ).replace("-", "−")


def chart(played: Play, colour: str, tools: dict[str, str]) -> dict[str, Any]:
    """The chart as a plain specification; its bars start at the axis it shows."""
    series = game.NEUTRAL["series"] if "series" in played.ignored else tools["series"]
    rows = [{"month": m + 1, "sales": v} for m, v in zip(played.months, played.values, strict=True)]
    top = max(played.values)
    wide, tall = played.frame
    edge = [round(played.base, 2), round(top + 0.04 * (top - played.base), 2)]
    mark: dict[str, Any] = {"type": "bar", "color": colour, "clip": True}
    if tools["frame"] != "plain" and "frame" not in played.ignored:
        mark = {"type": "line", "color": colour, "strokeWidth": 2.5, "clip": True}
    return {
        "data": {"values": rows},
        "width": wide,
        "height": tall,
        "mark": mark,
        "encoding": {
            "x": {"field": "month", "type": "ordinal", "axis": {"labelAngle": 0, "labelOverlap": "greedy"}},
            "y": {
                "field": "sales",
                "type": "quantitative",
                "title": f"sales, {game.SERIES[series]}",
                "scale": {"domain": edge, "nice": False},
            },
        },
    }
