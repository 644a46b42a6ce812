"""Distortions of a series: axes turned, doubled, cut, squeezed and bent, and means that come late."""

from components.charts import GREY, ORANGE, SKY, VERMILION
from components.lie_slider.base import HEIGHT, Spec, chart, expr, line, q, time
from models.traces_charts import Distortion


def inverted(d: Distortion) -> tuple[Spec, Spec]:
    honest = chart(d.rows, line(q("v", "value"), False))
    turned = {"range": [expr("height * (1 - t)"), expr("height * t")]}
    return honest, chart(d.rows, line(q("v", "value", scale=turned), True), d)


def two_axes(d: Distortion) -> tuple[Spec, Spec]:
    one, own = d.given["one"], d.given["own"]

    def pair(moves: bool) -> list[Spec]:
        flat = {"domain": one, "nice": False, "zero": False}
        edge = {"domain": [expr(f"{a} + t * {b - a}") for a, b in zip(one, own, strict=True)]}
        second = flat | edge if moves else flat
        axis = {"orient": "right", "titleColor": ORANGE, "grid": False} if moves else {}
        title = "first year = 100"
        layers = []
        for field, scale, hue, more, name in (
            ("a", flat, SKY, {"titleColor": SKY}, "A"),
            ("b", second, ORANGE, axis, "B"),
        ):
            dash = [6, 3] if name == "B" else [1, 0]
            mark = {
                "type": "line",
                "color": hue,
                "strokeWidth": 2.6,
                "strokeDash": dash,
            }
            shown = f"{name}, {title}"
            y = q(field, shown if moves else title, scale=scale, axis=more)
            drawn: Spec = {"mark": mark, "encoding": {"x": time(), "y": y}}
            at = len(d.rows) // 2 if moves else len(d.rows) - 1  # where the lines stand apart
            label: Spec = {
                "transform": [{"filter": f"datum.x == {d.rows[at]['x']}"}],
                "mark": {"type": "text", "color": hue, "align": "right", "dy": -10, "fontWeight": 600},
                "encoding": {"x": time(), "y": y, "text": {"value": name}},
            }
            layers.append({"layer": [drawn, label]})
        return layers

    split: Spec = {"resolve": {"scale": {"y": "independent"}}}
    return chart(d.rows, pair(False)), chart(d.rows, pair(True), d, **split)


def cumulative(d: Distortion) -> tuple[Spec, Spec]:
    one, total = d.given["top"]
    scale = {"domain": [0, expr(f"{one} + t * {total - one}")], "nice": False}
    moving = chart(
        d.rows,
        line(q("shown", "value, then total", scale=scale), True),
        d,
        transform=[{"calculate": "(1 - t) * datum.v + t * datum.sum", "as": "shown"}],
    )
    return chart(d.rows, line(q("v", "value per period"), False)), moving


def aspect(d: Distortion) -> tuple[Spec, Spec]:
    wide, tall, less = (d.given[key] for key in ("wide", "tall", "less"))

    def drawn(moves: bool) -> Spec:
        right = f"width * {wide} * (1 - {less} * t)" if moves else f"width * {wide}"
        x = time(scale={"zero": False, "nice": False, "range": [0, expr(right)]}, axis=None)
        up = {"zero": False, "nice": False, "range": [expr("height"), expr(f"height * (1 - {tall})")]}
        return line(q("v", "value", scale=up, axis={"tickCount": 3, "grid": False}), moves, x)

    return chart(d.rows, drawn(False)), chart(d.rows, drawn(True), d)


def window(d: Distortion) -> tuple[Spec, Spec]:
    first, last = d.rows[0]["x"], d.rows[-1]["x"]
    a, b = d.given["first"][-1], d.given["last"][-1]
    ends = [expr(f"{first} + t * {a - first}"), expr(f"{last} + t * {b - last}")]
    x = time(scale={"domain": ends, "nice": False, "zero": False})
    inside = f"datum.x >= {first} + t * {a - first} - 1e-6 && datum.x <= {last} + t * {b - last} + 1e-6"
    y = q("v", "value", scale={"zero": False})
    moving = chart(d.rows, line(y, True, x, clip=True), d, transform=[{"filter": inside}])
    edge = {"type": "rect", "color": VERMILION, "opacity": 0.13}
    shade = {
        "data": {"values": [{"a": a, "b": b}]},
        "mark": edge,
        "encoding": {"x": q("a"), "x2": {"field": "b"}},
    }
    return chart(d.rows, [shade, line(y, False)]), moving


def uneven(d: Distortion) -> tuple[Spec, Spec]:
    def drawn(moves: bool) -> list[Spec]:
        x = time("at" if moves else "x", axis=None)
        # to stay apart
        three_lines = {"calculate": "slice('\\n\\n', 2 - datum.i % 3) + datum.x", "as": "year"}
        years: Spec = {
            "transform": [three_lines],
            "mark": {"type": "text", "y": HEIGHT + 10, "baseline": "top", "lineBreak": "\n", "fontSize": 11},
            "encoding": {"x": x, "text": {"field": "year", "type": "nominal"}},
        }
        return [line(q("v", "value", scale={"zero": False}), moves, x), years]

    move = [{"calculate": "(1 - t) * datum.x + t * datum.even", "as": "at"}]
    return chart(d.rows, drawn(False)), chart(d.rows, drawn(True), d, transform=move)


def log_axis(d: Distortion) -> tuple[Spec, Spec]:
    low, high = d.given["low"], d.given["high"]
    place = f"(1 - t) * (datum.v - {low}) / {high - low} + t * log(datum.v / {low}) / log({high / low})"
    y = q("place", None, scale={"domain": [0, 1]}, axis={"labels": False, "ticks": False, "grid": False})
    labels = {
        "data": {
            "values": [{"v": low}] + [{"v": part * high / 5} for part in range(1, 6) if part * high / 5 > low]
        },
        "transform": [{"calculate": place, "as": "place"}],
        "mark": {"type": "text", "align": "right", "x": -6, "fontSize": 11, "opacity": expr("1 - t")},
        "encoding": {"y": y, "text": {"field": "v", "type": "quantitative", "format": ",.4~g"}},
    }
    moving = chart(d.rows, [line(y, True), labels], d)
    moving["layer"][0]["transform"] = [{"calculate": place, "as": "place"}]
    flat = {"domain": [low, high], "zero": False, "nice": False}
    return chart(d.rows, line(q("v", "value", scale=flat), False)), moving


def smoothing(d: Distortion) -> tuple[Spec, Spec]:
    raw: Spec = {
        "mark": {"type": "point", "filled": True, "size": 18, "color": GREY},
    }
    bounds = [min(row["v"] for row in d.rows), max(row["v"] for row in d.rows)]
    fixed = q("v", "value", scale={"zero": False, "domain": bounds})
    x = time(scale={"domain": [d.rows[0]["x"], d.rows[-1]["x"]], "nice": False, "zero": False})
    raw["encoding"] = {"x": x, "y": fixed}
    raw["mark"]["opacity"] = expr("1 - t")
    raw["data"] = {"values": d.rows}
    width = f"datum.w == floor(1.5 + {d.given['widest'] - 1} * t)"
    honest = chart(d.rows, [line(fixed, False, x)])
    smooth = line(fixed, True, x)
    smooth["mark"]["point"] = False
    return honest, chart(d.given["long"], [raw, smooth | {"transform": [{"filter": width}]}], d)
