"""A small chart for each distortion when it is all right. Tables made by hand, unless it is said."""

from collections.abc import Callable, Sequence
from typing import Any

from components.charts import GREY, ORANGE, SKY, TEAL
from components.lie_slider.base import Spec

WIDTH, HEIGHT = 300, 150
PINK = "#cc79a7"


def _chart(rows: Sequence[dict[str, Any]], *layers: Spec, **more: Any) -> Spec:
    schema = "https://vega.github.io/schema/vega-lite/v6.json"
    body = {"layer": list(layers)} if len(layers) > 1 else layers[0]
    size = {"width": WIDTH, "height": HEIGHT, "autosize": {"type": "fit", "contains": "padding"}}
    return {"$schema": schema, "data": {"values": list(rows)}, **size, **body, **more}


def _table(**columns: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _mark(kind: str, colour: str = TEAL, **more: Any) -> Spec:
    drawn: Spec = {"type": kind, "color": colour, **more}
    return drawn | (
        {"point": {"color": colour, "size": 25}} if kind == "line" and "point" not in more else {}
    )


def _q(field: str, title: str | None = None, **more: Any) -> Spec:
    return {"field": field, "type": "quantitative", "title": title, **more}


def _n(field: str, **more: Any) -> Spec:
    axis = {"axis": {"labelAngle": 0}} if field != "colour" else {}
    return {"field": field, "type": "nominal", "sort": None, "title": None, **axis, **more}


def _written(x: Spec, y: Spec, field: str, **more: Any) -> Spec:
    mark = {"type": "text", "color": GREY, **more}
    return {"mark": mark, "encoding": {"x": x, "y": y, "text": {"field": field}}}


NARROW: Spec = {"zero": False, "nice": False}
FEW: Spec = {"tickCount": 4, "grid": False}


def truncated() -> Spec:
    rows = _table(hour=range(0, 48, 6), t=(36.8, 37.4, 38.6, 39.4, 39.1, 38.2, 37.4, 36.9))
    y = _q("t", "°C", scale={"domain": [36, 41]}, axis={"tickCount": 5})
    return _chart(rows, {"mark": _mark("line"), "encoding": {"x": _q("hour", "hours of a fever"), "y": y}})


def radius() -> Spec:
    rows = _table(
        x=(1, 3, 4, 2, 5),
        y=(2, 3, 1, 1, 2.6),
        people=(8, 4, 2, 1, 0.5),
        name=("8 M", "4 M", "2 M", "1 M", "½ M"),
    )
    x, y = (_q(axis, axis=None, scale={"domain": [0, ends]}) for axis, ends in (("x", 6), ("y", 4)))
    size = _q("people", scale={"domain": [0, 8], "range": [0, 2600]}, legend=None)
    circle = {"mark": _mark("circle", opacity=0.75), "encoding": {"x": x, "y": y, "size": size}}
    return _chart(rows, circle, _written(x, y, "name", color="#1f2733"))


def pictogram() -> Spec:
    rows = [{"year": year, "i": i} for year, many in (("then", 5), ("now", 10)) for i in range(many)]
    x = _q(
        "i",
        "one square is a million people",
        scale={"domain": [-0.7, 9.7], "nice": False},
        axis={"labels": False, "ticks": False, "grid": False},
    )
    return _chart(rows, {"mark": _mark("square", size=260, opacity=1), "encoding": {"x": x, "y": _n("year")}})


def inverted() -> Spec:
    places = {"A": (3, 2, 2, 1, 1), "B": (1, 1, 3, 3, 2), "C": (2, 3, 1, 2, 3)}
    rows = [
        {"round": r + 1, "place": p, "colour": n}
        for n, all_of in places.items()
        for r, p in enumerate(all_of)
    ]
    y = _q("place", "place", scale={"reverse": True, "domain": [0.7, 3.3]}, axis={"values": [1, 2, 3]})
    hue = _n("colour", scale={"range": [TEAL, ORANGE, SKY]}, legend={"title": "club"})
    x = _q("round", "round", axis=FEW | {"tickMinStep": 1})
    return _chart(rows, {"mark": {"type": "line", "point": True}, "encoding": {"x": x, "y": y, "color": hue}})


def two_axes() -> Spec:
    celsius = (1, 2, 6, 10, 15, 18, 20, 20, 16, 11, 5, 2)
    rows = _table(month=range(1, 13), c=celsius, f=[c * 9 / 5 + 32 for c in celsius])
    left = _q("c", "°C", scale={"domain": [0, 25], "nice": False}, axis={"tickCount": 5})
    right = _q(
        "f",
        "°F",
        scale={"domain": [32, 77], "nice": False},
        axis={"orient": "right", "tickCount": 5, "grid": False},
    )
    x = _q("month", "month", scale=NARROW, axis=FEW)
    one = {"mark": _mark("line"), "encoding": {"x": x, "y": left}}
    two = {"mark": _mark("line", opacity=0, point=False), "encoding": {"x": x, "y": right}}
    return _chart(rows, one, two, resolve={"scale": {"y": "independent"}})


def no_axis() -> Spec:
    rows = _table(name=("North", "South", "East", "West"), v=(44, 39, 33, 27))
    y = _q("v", axis=None, scale={"domain": [0, 50]})
    bar = {"mark": _mark("bar"), "encoding": {"x": _n("name"), "y": y}}
    return _chart(rows, bar, _written(_n("name"), y, "v", dy=-8))


def cumulative() -> Spec:
    rows = _table(month=range(1, 9), total=(4, 9, 13, 21, 26, 34, 39, 43))
    y = _q("total", "raised so far, thousand", scale={"domain": [0, 55]}, axis={"tickCount": 5})
    x = _q("month", "month", scale=NARROW, axis=FEW)
    goal = {
        "data": {"values": [{"at": 50, "name": "goal"}]},
        "mark": _mark("rule", GREY, strokeDash=[4, 3]),
        "encoding": {"y": _q("at", "raised so far, thousand")},
    }
    return _chart(
        rows, {"mark": _mark("area", opacity=0.5, line={"color": TEAL}), "encoding": {"x": x, "y": y}}, goal
    )


def aspect() -> Spec:
    lines = {
        "milk": (5, 5, 6, 5, 6, 7, 6, 7),
        "bread": (7, 6, 6, 5, 5, 4, 5, 4),
        "eggs": (4, 6, 4, 6, 5, 6, 4, 6),
        "rice": (5, 5, 5, 5, 6, 5, 5, 5),
    }
    rows = [{"i": i, "v": v, "name": name} for name, values in lines.items() for i, v in enumerate(values)]
    y = _q("v", axis=None, scale={"zero": False})
    row = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "header": {"labelAngle": 0, "labelAlign": "left"},
    }
    spec = _chart(
        rows, {"mark": _mark("line", point=False), "encoding": {"x": _q("i", axis=None), "y": y, "row": row}}
    )
    return {key: value for key, value in spec.items() if key != "autosize"} | {
        "height": 24,
        "width": WIDTH - 60,
        "spacing": 6,
    }


def window() -> Spec:
    values = (30, 32, 31, 33, 32, 34, 33, 34, 28, 25, 24, 22)
    rows = _table(year=range(2012, 2024), v=values, after=[i > 7 for i in range(12)])
    x, y = _q("year", scale=NARROW, axis=FEW | {"format": "d"}), _q("v", "accidents", axis={"tickCount": 4})
    law = {
        "data": {"values": [{"year": 2019.5}]},
        "mark": _mark("rule", GREY, strokeDash=[4, 3]),
        "encoding": {"x": x},
    }
    hue = {"condition": {"test": "datum.after", "value": TEAL}, "value": "#a9b1bb"}
    dots = {"mark": {"type": "circle", "size": 60, "opacity": 1}, "encoding": {"x": x, "y": y, "color": hue}}
    return _chart(rows, law, dots)


def binning() -> Spec:
    rows = _table(name=("3–5", "6–9", "10–15", "16–18"), v=(62, 88, 131, 64))
    x = _n("name", title="age, by the school one goes to")
    return _chart(
        rows, {"mark": _mark("bar"), "encoding": {"x": x, "y": _q("v", "children", axis={"tickCount": 4})}}
    )


def uneven() -> Spec:
    rows = _table(
        name=("1936", "1948", "1952", "1956", "1960"),
        city=("Berlin", "London", "Helsinki", "Melbourne", "Rome"),
    )
    x, y = _n("name"), {"value": HEIGHT * 0.35}
    return _chart(
        rows,
        {"mark": _mark("circle", size=90, opacity=1), "encoding": {"x": x, "y": y}},
        _written(x, y, "city", dy=-16),
    )


def log_axis() -> Spec:
    rows = _table(day=range(0, 31, 3), cases=[2**i for i in range(11)])
    y = _q(
        "cases", "cases, log axis", scale={"type": "log"}, axis={"values": [1, 10, 100, 1000], "format": "d"}
    )
    return _chart(rows, {"mark": _mark("line"), "encoding": {"x": _q("day", "day", axis=FEW), "y": y}})


def rainbow() -> Spec:
    rows = [{"from": i * 0.174533, "to": (i + 1) * 0.174533, "a": i * 10} for i in range(36)]
    names = _table(name=("N", "E", "S", "W"), at=(0, 1.5708, 3.1416, 4.7124))
    ring = {
        "transform": [{"calculate": "'' + hcl(datum.a, 45, 68)", "as": "hue"}],
        "mark": {"type": "arc", "innerRadius": 36, "outerRadius": 62},
        "encoding": {
            "theta": {"field": "from", "type": "quantitative", "scale": None},
            "theta2": {"field": "to"},
            "color": {"field": "hue", "type": "nominal", "scale": None},
        },
    }
    place = {"field": "at", "type": "quantitative", "scale": None}
    text = {
        "data": {"values": names},
        "mark": {"type": "text", "radius": 71, "color": GREY},
        "encoding": {"theta": place, "text": {"field": "name"}},
    }
    return _chart(rows, ring, text)


def pie() -> Spec:
    rows = _table(name=("rent 50 %", "food 30 %", "rest 20 %"), v=(50, 30, 20))
    theta, order = _q("v", stack=True), {"field": "v", "sort": "descending"}
    hue = _n("name", legend=None, scale={"range": [SKY, ORANGE, PINK]})
    hue.pop("axis")
    arc = {
        "mark": {"type": "arc", "outerRadius": 70, "stroke": "white"},
        "encoding": {"theta": theta, "order": order, "color": hue},
    }
    label = {
        "mark": {"type": "text", "radius": 42, "color": "#111111"},
        "encoding": {"theta": theta, "order": order, "text": {"field": "name"}},
    }
    return _chart(rows, arc, label)


def counts_map() -> Spec:
    people = (120, 40, 15, 300, 90, 22, 70, 35, 10)
    rows = [{"x": i % 3, "y": i // 3, "v": v} for i, v in enumerate(people)]
    x, y = ({"field": axis, "type": "ordinal", "axis": None} for axis in ("x", "y"))
    tile = {
        "mark": {"type": "rect"},
        "encoding": {
            "x": x,
            "y": y,
            "color": _q("v", "thousand people", scale={"scheme": "blues", "domain": [0, 420]}, legend=None),
        },
    }
    return _chart(rows, tile, _written(x, y, "v", color="#111111"))


def smoothing() -> Spec:
    values = (
        20,
        26,
        23,
        21,
        25,
        12,
        10,
        28,
        36,
        33,
        34,
        39,
        22,
        19,
        41,
        52,
        49,
        47,
        53,
        30,
        28,
        50,
        60,
        58,
        55,
    )
    rows = _table(day=range(len(values)), v=values)
    x = _q("day", "day", scale=NARROW, axis=FEW)
    raw = {
        "mark": {"type": "circle", "color": "#a9b1bb", "opacity": 1},
        "encoding": {"x": x, "y": _q("v", "cases")},
    }
    mean = {
        "transform": [
            {"window": [{"op": "mean", "field": "v", "as": "m"}], "frame": [-3, 3]},
            {"filter": f"datum.day > 2 && datum.day < {len(values) - 3}"},
        ],
        "mark": _mark("line", point=False, strokeWidth=2.5),
        "encoding": {"x": x, "y": _q("m", "cases")},
    }
    return _chart(rows, raw, mean)


def simpson() -> Spec:
    dose = (1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4)
    well = (30, 33, 52, 31, 51, 53, 34, 52, 55, 50, 54, 53)
    rows = [
        {"dose": d, "v": v, "colour": "pressure still high" if v < 45 else "pressure lowered"}
        for d, v in zip(dose, well, strict=True)
    ]
    x, y = (
        _q("dose", "dose", scale={"domain": [0.7, 4.3]}, axis=FEW),
        _q("v", "well-being", scale={"zero": False}, axis={"tickCount": 4}),
    )
    hue = _n("colour", scale={"range": [ORANGE, SKY]}, legend={"orient": "top"})
    points = {
        "mark": {"type": "point", "filled": True, "size": 45},
        "encoding": {"x": x, "y": y, "color": hue, "shape": _n("colour", legend={"orient": "top"})},
    }
    fit = {
        "transform": [{"regression": "v", "on": "dose"}],
        "mark": _mark("line", point=False),
        "encoding": {"x": x, "y": y},
    }
    return _chart(rows, points, fit)


def spurious() -> Spec:
    heat = (-5, -3, -2, -1, 0, 1, 2, 3, 4, 6)
    rows = _table(heat=heat, sold=(-44, -31, -12, -15, 4, 6, 25, 22, 41, 52))
    x, y = (
        _q("heat", "change of heat from day to day, °C", axis=FEW),
        _q("sold", "change of sales", axis={"tickCount": 4}),
    )
    return _chart(
        rows,
        {"mark": {"type": "point", "filled": True, "color": TEAL, "size": 45}, "encoding": {"x": x, "y": y}},
    )


ALL_RIGHT: dict[str, Callable[[], Spec]] = {
    make.__name__: make
    for make in (
        truncated, radius, pictogram, inverted, two_axes, no_axis, cumulative, aspect, window, binning,
        uneven, log_axis, rainbow, pie, counts_map, smoothing, simpson, spurious,
    )
}  # fmt: skip
