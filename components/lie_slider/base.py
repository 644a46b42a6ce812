"""What the specifications of the lie slider are made of: a chart, channels, lines and plain bars."""

from typing import Any

import numpy as np

from components.charts import TEAL, VERMILION
from models.traces_charts import STEPS, Distortion

Spec = dict[str, Any]
WIDTH, HEIGHT = 420, 260
NO_AXIS: Spec = {"axis": None}


def chart(
    rows: list[dict[str, Any]], marks: list[Spec] | Spec, d: Distortion | None = None, **more: Any
) -> Spec:
    """A chart of one table; with ``d`` it moves by ``t``."""
    spec: Spec = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json"}
    if d is not None:
        honest = np.flatnonzero(d.inside).tolist()
        colour = f"indexof({honest}, round(t * {STEPS})) < 0 ? '{VERMILION}' : '{TEAL}'"
        spec["params"] = [{"name": "t", "value": 0}, {"name": "c", "expr": colour}]
    spec |= {"data": {"values": rows}, "width": WIDTH, "height": HEIGHT}
    return spec | (marks if isinstance(marks, dict) else {"layer": marks}) | more


def q(field: str, title: str | None = None, **more: Any) -> Spec:
    """A quantitative channel."""
    return {"field": field, "type": "quantitative", "title": title, **more}


def expr(text: str) -> Spec:
    """A Vega expression."""
    return {"expr": text}


def colour(moves: bool) -> Any:
    """The colour of honest marks, or of those that move."""
    return expr("c") if moves else TEAL


def names(**more: Any) -> Spec:
    """The categories, in the order of the table."""
    return {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelAngle": 0, "labelLimit": 110, "labelOverlap": "greedy"},
        **more,
    }


def numbers_above(y: str = "v", field: str = "v") -> Spec:
    """The value of every bar, written above it."""
    return {
        "name": "numbers",  # a room shows those that find room
        "mark": {"type": "text", "baseline": "bottom", "dy": -2, "fontSize": 13},
        "encoding": {
            "x": names(),
            "y": q(y, None),
            "text": {"field": field, "type": "quantitative", "format": ",.4~g"},
        },
    }


def time(field: str = "x", **more: Any) -> Spec:
    """The time axis: true to the times, never starting at 0."""
    axis = {"format": "d", "tickCount": 6, "grid": False}
    return q(field, None, **{"scale": {"zero": False, "nice": False}, "axis": axis, **more})


def line(y: Spec, moves: bool, x: Spec | None = None, **more: Any) -> Spec:
    """A line with its points."""
    mark = {"type": "line", "point": {"color": colour(moves), "size": 34}, "color": colour(moves)}
    return {
        "mark": {**mark, "strokeWidth": 2.4, **more},
        "encoding": {"x": x or time(), "y": y},
    }


def bars(d: Distortion, title: str = "value") -> Spec:
    """Plain bars from 0."""
    top = 1.08 * max(row["v"] for row in d.rows)
    y = q("v", title, scale={"domain": [0, top], "nice": False})
    mark = {"type": "bar", "color": TEAL, "width": {"band": 0.6}}
    return chart(d.rows, [{"mark": mark, "encoding": {"x": names(), "y": y}}, numbers_above()])
