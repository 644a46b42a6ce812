"""Vega-Lite specifications of the distortions: the honest twin, and one that moves with its parameter ``t``.

Every drawn size follows from ``t`` by the same formula that models.distortions measures. ``c`` is the colour
of the moving marks: teal while the measure is in its honest range, vermilion beyond. Sizes are the natural
ones; the browser keeps their ratio.
"""

from collections.abc import Callable

from components.charts import GREY, ORANGE, SKY, TEAL
from components.lie_slider import series
from components.lie_slider.base import (
    HEIGHT,
    WIDTH,
    Spec,
    bars,
    chart,
    colour,
    expr,
    names,
    numbers_above,
    q,
)
from models.traces_charts import Distortion


def truncated(d: Distortion) -> tuple[Spec, Spec]:
    base, top = d.given["base"], d.given["top"]
    edge = expr(f"{top} + 0.08 * ({top} - {base} * t)")
    y = q("v", "value", scale={"domain": [expr(f"{base} * t"), edge], "zero": False, "nice": False})
    mark = {"type": "bar", "color": expr("c"), "width": {"band": 0.6}}
    moving = chart(
        d.rows,
        [{"mark": mark, "encoding": {"x": names(), "y": y, "y2": {"field": "base"}}}, numbers_above()],
        d,
        transform=[{"calculate": f"{base} * t", "as": "base"}],
    )
    return bars(d), moving


def _grown(d: Distortion, mark: Spec) -> Spec:
    """Marks whose edge grows as value^p."""
    least = d.given["least"]
    p = f"({least} + t * {1 - least})"
    room = min(HEIGHT - 50, WIDTH / len(d.rows)) * 0.92  # pixels the largest may take
    size = f"pow({room} * pow(datum.v / {d.given['top']}, {p}), 2)"
    layers: list[Spec] = [
        {
            "mark": {"color": expr("c"), "opacity": 1, **mark},
            "encoding": {
                "x": names(),
                "y": {"value": HEIGHT / 2 + 12},
                "size": {"field": "size", "type": "quantitative", "scale": None},
            },
        },
        {
            "mark": {"type": "text", "fontSize": 13, "y": 8},
            "encoding": {"x": names(), "text": {"field": "v", "type": "quantitative", "format": ",.4~g"}},
        },
    ]
    return chart(d.rows, layers, d, transform=[{"calculate": size, "as": "size"}])


def radius(d: Distortion) -> tuple[Spec, Spec]:
    # Vega's circle of size s has the area s·π/4: its diameter is √s
    return bars(d), _grown(d, {"type": "point", "filled": True, "shape": "circle"})


CUBE = "M-1,-0.5L0,-1L1,-0.5L0,0ZM-1,-0.5L0,0L0,1L-1,0.5ZM1,-0.5L1,0.5L0,1L0,0Z"  # three faces


def pictogram(d: Distortion) -> tuple[Spec, Spec]:
    # a path of Vega is drawn at √s / 2: the cube's outline is √s wide and high
    mark = {"type": "point", "filled": True, "shape": CUBE, "stroke": "white", "strokeWidth": 2}
    return bars(d), _grown(d, mark)


def no_axis(d: Distortion) -> tuple[Spec, Spec]:
    mark = {"type": "bar", "color": expr("c"), "width": {"band": 0.6}}
    top = max(row["v"] for row in d.rows) * 1.08
    y = q("shown", None, axis=None, scale={"domain": [0, top], "nice": False})
    above = numbers_above("shown")
    above["encoding"]["y"] = y
    moving = chart(
        d.rows,
        [{"mark": mark, "encoding": {"x": names(), "y": y}}, above],
        d,
        transform=[{"calculate": "(1 - t) * datum.v + t * datum.wrong", "as": "shown"}],
    )
    return bars(d), moving


def binning(d: Distortion) -> tuple[Spec, Spec]:
    g = d.given
    top = {"domain": [0, g["top"]], "nice": False}
    n = len(d.rows)
    low, high = g["curve"][0]["x"], g["curve"][-1]["x"]
    x = q("x", "value", scale={"domain": [low, high], "nice": False})
    area = {"type": "area", "color": TEAL, "opacity": 0.35, "line": {"color": TEAL}}
    ticks = {"type": "tick", "color": GREY, "opacity": 0.6, "y": HEIGHT - 6, "height": 10}
    honest = chart(
        g["curve"],
        [
            {"mark": area, "encoding": {"x": x, "y": q("density", "density", scale=top)}},
            {"data": {"values": d.rows}, "mark": ticks, "encoding": {"x": q("v")}},
        ],
    )
    w = f"({g['narrow']} * pow({g['wide'] / g['narrow']}, t))"
    steps = [
        {"calculate": f"floor((datum.v - {g['origin']}) / {w}) * {w} + {g['origin']}", "as": "from"},
        {"aggregate": [{"op": "count", "as": "n"}], "groupby": ["from"]},
        {"calculate": f"datum.from + {w}", "as": "to"},
        {"calculate": f"datum.n / {n} / {w}", "as": "density"},
    ]
    bar = {
        "type": "rect",
        "color": expr("c"),
        "opacity": 0.75,
        "clip": True,
        "stroke": "white",
    }
    up = {"y": q("density", "density", scale=top), "y2": {"datum": 0}}
    encoding = {"x": x | {"field": "from"}, "x2": {"field": "to"}, **up}
    return honest, chart(d.rows, {"mark": bar, "encoding": encoding}, d, transform=steps)


def rainbow(d: Distortion) -> tuple[Spec, Spec]:
    tall, wide = d.given["shape"]

    def drawn(t: str) -> list[Spec]:
        part = [f"round((1 - {t}) * datum.{c}0 + {t} * datum.{c}1)" for c in "rgb"]
        rgb = [{"calculate": f"'rgb(' + {part[0]} + ',' + {part[1]} + ',' + {part[2]} + ')'", "as": "rgb"}]
        own = {"fill": {"field": "rgb", "type": "nominal", "scale": None}}
        cell = {"type": "rect", "width": WIDTH / wide + 0.6, "height": (HEIGHT - 46) / tall + 0.6}
        places = {
            "x": q("col", None, axis=None, scale={"domain": [-0.5, wide - 0.5], "nice": False}),
            "y": q(
                "row",
                None,
                axis=None,
                scale={"domain": [-0.5, tall - 0.5], "nice": False, "range": [0, HEIGHT - 46]},
            ),
        }
        bar = {
            "type": "rect",
            "width": WIDTH / 65 + 0.8,
            "height": 14,
            "y": HEIGHT - 24,
        }
        label = {"type": "text", "y": HEIGHT - 2, "fontSize": 11, "baseline": "middle"}
        ends = [{"at": 0, "s": "0", "a": 0}, {"at": 1, "s": "1", "a": 1}]
        key = q("v", None, axis=None, scale={"domain": [-0.02, 1.02], "nice": False})
        return [
            {"transform": rgb, "mark": cell, "encoding": places | own},
            {
                "layer": [
                    {
                        "data": {"values": d.given["key"]},
                        "transform": rgb,
                        "mark": bar,
                        "encoding": {"x": key} | own,
                    },
                    {
                        "data": {"values": ends},
                        "mark": label,
                        "encoding": {"x": key | {"field": "at"}, "text": {"field": "s"}},
                    },
                ],
            },
        ]

    free: Spec = {"resolve": {"scale": {"x": "independent", "y": "independent"}}}
    return chart(d.rows, drawn("0"), **free), chart(d.rows, drawn("t"), d, **free)


def pie(d: Distortion) -> tuple[Spec, Spec]:
    shown = "(1 - t) * datum.share + t * datum.v"
    theta = {"field": "shown", "type": "quantitative", "stack": True}
    order = {"field": "i", "type": "quantitative"}
    hues = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "legend": None,
        "scale": {"range": [SKY, ORANGE, "#cc79a7", GREY, "#b89b00", "#56b4e9"]},
    }
    layers: list[Spec] = [
        {
            "mark": {
                "type": "arc",
                "outerRadius": HEIGHT / 2 - 12,
                "stroke": "white",
                "strokeWidth": 2,
            },
            "encoding": {"theta": theta, "order": order, "color": hues},
        },
        {
            "mark": {"type": "text", "radius": HEIGHT / 3.4, "fontSize": 13, "color": "#111111"},
            "encoding": {"theta": theta, "order": order, "text": {"field": "label"}},
        },
    ]
    label = "datum.name + ' ' + format(datum.shown, '.0f') + ' %'"
    steps = [{"calculate": shown, "as": "shown"}, {"calculate": label, "as": "label"}]
    return bars(d, "per cent of people; several answers each"), chart(d.rows, layers, d, transform=steps)


LOW = 220  # pixels, where a legend stands beside


def counts_map(d: Distortion) -> tuple[Spec, Spec]:
    columns = d.given["columns"]
    lines = -(-len(d.rows) // columns)

    def drawn(t: str) -> Spec:
        w, h = WIDTH / columns, LOW / lines
        tile = {
            "type": "rect",
            "width": w - 3,
            "height": h - 3,
            "tooltip": {"content": "data"},
        }
        return {
            "transform": [{"calculate": f"(1 - {t}) * datum.p + {t} * datum.q", "as": "shown"}],
            "mark": tile,
            "encoding": {
                "x": q("col", None, axis=None, scale={"domain": [-0.5, columns - 0.5], "nice": False}),
                "y": q("row", None, axis=None, scale={"domain": [lines - 0.5, -0.5], "nice": False}),
                "color": q(
                    "shown",
                    "cases a head" if t == "0" else "share of the largest",
                    scale={"scheme": "blues", "domain": [0, 1]},
                    legend={
                        "orient": "bottom",
                        "gradientLength": 180,
                        "gradientThickness": 10,
                        "format": "%",
                    },
                ),
                "tooltip": [
                    q("people", "people", format=","),
                    q("cases", "cases"),
                    q("rate", "a thousand", format=".1f"),
                ],
            },
        }

    return chart(d.rows, drawn("0"), height=LOW), chart(d.rows, drawn("t"), d, height=LOW)


def simpson(d: Distortion) -> tuple[Spec, Spec]:
    hues = {"range": [SKY, ORANGE, "#cc79a7", "#b89b00"]}

    def drawn(t: str) -> list[Spec]:
        x, y = (q(name, label, scale={"zero": False}) for name, label in (("x", "hours"), ("y", "score")))
        group: Spec = {"field": "g", "type": "nominal", "sort": None, "title": None}
        legend = {"orient": "top"}
        kind = {"color": group | {"scale": hues, "legend": legend}, "shape": group | {"legend": legend}}
        faded = {"type": "point", "filled": True, "size": 46, "opacity": expr(f"1 - 0.75 * {t}")}
        lines = {
            "data": {"values": d.given["lines"]},
            "transform": [
                {"calculate": f"(1 - {t}) * datum.x + {t} * datum.far", "as": "at"},
                {
                    "calculate": f"(1 - {t}) * (datum.level + datum.slope * datum.at) + "
                    f"{t} * ({d.given['level']} + {d.given['pooled']} * datum.at)",
                    "as": "end",
                },
            ],
            "mark": {
                "type": "line",
                "strokeWidth": 3,
                "color": colour(t == "t"),
            },
            "encoding": {
                "x": x | {"field": "at"},
                "y": q("end", "score", scale={"zero": False}),
                "detail": group,
            },
        }
        return [{"mark": faded, "encoding": {"x": x, "y": y} | kind}, lines]

    return chart(d.rows, drawn("0"), height=LOW), chart(d.rows, drawn("t"), d, height=LOW)


def spurious(d: Distortion) -> tuple[Spec, Spec]:
    def drawn(t: str) -> Spec:
        scale = {"domain": [-3.2, 3.2], "nice": False}
        what = "change" if t == "0" else "change → level"
        return {
            "transform": [
                {"calculate": f"(1 - {t}) * datum.d{s} + {t} * datum.l{s}", "as": s} for s in ("a", "b")
            ],
            "mark": {
                "type": "point",
                "filled": True,
                "size": 46,
                "color": colour(t == "t"),
                "opacity": 0.85,
                "clip": True,
            },
            "encoding": {
                "x": q("a", f"A, {what} (standardised)", scale=scale),
                "y": q("b", f"B, {what}", scale=scale),
            },
        }

    return chart(d.rows, drawn("0")), chart(d.rows, drawn("t"), d)


SPECS: dict[str, Callable[[Distortion], tuple[Spec, Spec]]] = {
    function.__name__: function
    for function in (
        truncated,
        radius,
        pictogram,
        series.inverted,
        series.two_axes,
        no_axis,
        series.cumulative,
        series.aspect,
        series.window,
        binning,
        series.uneven,
        series.log_axis,
        rainbow,
        pie,
        counts_map,
        series.smoothing,
        simpson,
        spurious,
    )
}
