"""Specifications of the kind that the Altair gallery shows, honest ones and distorted ones, as data."""

from typing import Any

import numpy as np

Spec = dict[str, Any]
random = np.random.default_rng(0)
LETTERS = [{"a": a, "b": b} for a, b in zip("ABCDEFGHI", (28, 55, 43, 91, 81, 53, 19, 87, 52), strict=True)]
SERIES = [
    {"year": 2000 + i, "sales": float(20 + i + random.normal(0, 3)), "temp": float(9 + i / 20)}
    for i in range(20)
]
DATES = [
    {"date": f"2024-{m:02d}-01", "price": 100 + 3 * m * (-1) ** m, "kind": k}
    for m in range(1, 13)
    for k in "xy"
]
CARS = [
    {
        "mpg": float(40 - w / 150 + random.normal(0, 2)),
        "weight": float(w),
        "origin": o,
        "power": float(w / 30),
    }
    for w, o in zip(range(1800, 4800, 75), ["USA", "Europe", "Japan"] * 14, strict=False)
]
HEIGHTS = [{"h": float(v)} for v in [*random.normal(50, 4, 60), *random.normal(80, 4, 50)]]
GRID = [{"i": i, "j": j, "z": i * j} for i in range(8) for j in range(8)]


def q(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "quantitative", **more}


def n(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "nominal", **more}


def t(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "temporal", **more}


def o(field: str, **more: Any) -> Spec:
    return {"field": field, "type": "ordinal", **more}


def c(rows: list[Spec], mark: Any, *layers: Spec, **encoding: Any) -> Spec:
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


COUNT = {"aggregate": "count", "type": "quantitative"}
YEAR = q("year", scale={"zero": False}, axis={"format": "d"})

HONEST: dict[str, Spec] = {
    "simple bar": c(LETTERS, "bar", x=n("a"), y=q("b")),
    "horizontal bar": c(LETTERS, "bar", y=n("a", sort="-x"), x=q("b")),
    "bar with axis from 0": c(LETTERS, "bar", x=n("a"), y=q("b", scale={"domain": [0, 100]})),
    "bar with labels and no axis": {
        "data": {"values": LETTERS},
        "encoding": {"x": n("a"), "y": q("b", axis=None)},
        "layer": [{"mark": "bar"}, {"mark": {"type": "text", "dy": -8}, "encoding": {"text": q("b")}}],
    },
    "grouped bar": c(DATES, "bar", x=n("kind"), y={"aggregate": "sum", **q("price")}, column=t("date")),
    "stacked bar": c(DATES, "bar", x=t("date"), y=q("price"), color=n("kind")),
    "normalised bar": c(DATES, "bar", x=t("date"), y=q("price", stack="normalize"), color=n("kind")),
    "bar of means": c(CARS, "bar", x=n("origin"), y={"aggregate": "mean", **q("mpg")}),
    "gantt": c(
        [{"k": "A", "s": 1, "e": 3}, {"k": "B", "s": 3, "e": 8}], "bar", y=n("k"), x=q("s"), x2={"field": "e"}
    ),
    "negative bars": c([{"a": "A", "b": -4}, {"a": "B", "b": 6}], "bar", x=n("a"), y=q("b")),
    "histogram": c(HEIGHTS, "bar", x=q("h", bin=True), y=COUNT),
    "fine histogram": c(HEIGHTS, "bar", x=q("h", bin={"maxbins": 30}), y=COUNT),
    "line": c(SERIES, "line", x=YEAR, y=q("sales")),
    "line without zero": c(SERIES, "line", x=YEAR, y=q("temp", scale={"zero": False})),
    "line with points": c(SERIES, {"type": "line", "point": True}, x=YEAR, y=q("sales")),
    "step": c(SERIES, {"type": "line", "interpolate": "step-after"}, x=YEAR, y=q("sales")),
    "multi-series line": c(DATES, "line", x=t("date"), y=q("price"), color=n("kind")),
    "line of even years as words": c(SERIES, "line", x=o("year"), y=q("sales")),
    "line on a log axis": c(SERIES, "line", x=YEAR, y=q("sales", scale={"type": "log"})),
    "wide line": {**c(SERIES, "line", x=YEAR, y=q("sales")), "width": 800, "height": 300},
    "ranks upside down": c(
        [{"y": i, "rank": r} for i, r in enumerate((3, 1, 2))],
        "line",
        x=q("y"),
        y=q("rank", scale={"reverse": True}),
    ),
    "most of the range": c(SERIES, "line", x=q("year", scale={"domain": [2004, 2019]}), y=q("sales")),
    "area": c(SERIES, "area", x=YEAR, y=q("sales")),
    "stacked area": c(DATES, "area", x=t("date"), y=q("price"), color=n("kind")),
    "streamgraph": c(DATES, "area", x=t("date"), y=q("price", stack="center"), color=n("kind")),
    "scatter": c(CARS, "point", x=q("weight"), y=q("mpg"), color=n("origin")),
    "scatter without zero": c(
        CARS, "circle", x=q("weight", scale={"zero": False}), y=q("mpg", scale={"zero": False})
    ),
    "bubble": c(CARS, "circle", x=q("weight"), y=q("mpg"), size=q("power")),
    "strip": c(CARS, "tick", x=q("mpg"), y=n("origin")),
    "box plot": c(CARS, "boxplot", x=n("origin"), y=q("mpg")),
    "heat map": c(GRID, "rect", x=o("i"), y=o("j"), color=q("z")),
    "heat map, diverging": c(GRID, "rect", x=o("i"), y=o("j"), color=q("z", scale={"scheme": "blueorange"})),
    "pie of counts": c(LETTERS[:4], "arc", theta=q("b"), color=n("a")),
    "pie of 100 %": c(
        [{"a": "x", "percent": 62}, {"a": "y", "percent": 38}], "arc", theta=q("percent"), color=n("a")
    ),
    "donut": c(LETTERS[:3], {"type": "arc", "innerRadius": 50}, theta=q("b"), color=n("a")),
    "regression by group": {
        "data": {"values": CARS},
        "layer": [
            {"mark": "point", "encoding": {"x": q("weight"), "y": q("mpg")}},
            {
                "mark": "line",
                "transform": [{"regression": "mpg", "on": "weight", "groupby": ["origin"]}],
                "encoding": {"x": q("weight"), "y": q("mpg"), "color": n("origin")},
            },
        ],
    },
    "regression of one cloud": {
        "data": {"values": CARS},
        "layer": [
            {"mark": "point", "encoding": {"x": q("weight"), "y": q("mpg")}},
            {
                "mark": "line",
                "transform": [{"regression": "mpg", "on": "weight"}],
                "encoding": {"x": q("weight"), "y": q("mpg")},
            },
        ],
    },
    "centred mean over points": {
        "data": {"values": SERIES},
        "transform": [{"window": [{"op": "mean", "field": "sales", "as": "smooth"}], "frame": [-2, 2]}],
        "layer": [
            {"mark": "point", "encoding": {"x": YEAR, "y": q("sales")}},
            {"mark": "line", "encoding": {"x": YEAR, "y": q("smooth")}},
        ],
    },
    "running total, so called": {
        **c(SERIES, "area", x=YEAR, y=q("total", title="Total sales so far")),
        "transform": [{"window": [{"op": "sum", "field": "sales", "as": "total"}], "frame": [None, 0]}],
    },
    "two charts side by side": {
        "hconcat": [c(LETTERS, "bar", x=n("a"), y=q("b")), c(SERIES, "line", x=YEAR, y=q("sales"))]
    },
    "small multiples": {
        "data": {"values": CARS},
        "facet": {"field": "origin", "type": "nominal"},
        "spec": {"mark": "point", "encoding": {"x": q("weight"), "y": q("mpg")}},
    },
    "error bars": {
        "data": {"values": CARS},
        "layer": [
            {
                "mark": {"type": "errorbar", "extent": "ci"},
                "encoding": {"x": q("mpg", scale={"zero": False}), "y": n("origin")},
            },
            {"mark": "point", "encoding": {"x": {"aggregate": "mean", **q("mpg")}, "y": n("origin")}},
        ],
    },
}

DRIFT = [
    {"year": 1990 + i, "cheese": 10 + i + 0.1 * (i % 3), "doctorates": 500 + 9 * i - 1.0 * (i % 2)}
    for i in range(20)
]
STRATA = [
    {"hours": 3.0 * g + x, "score": 80 - 20.0 * g + 3 * x, "class": name}
    for g, name in enumerate("abc")
    for x in (0.0, 1.0, 2.0, 2.5)
]
GEO = [
    {
        "type": "Feature",
        "cases": 10.0 * p,
        "population": 1000.0 * p + 100,
        "geometry": {"type": "Point", "coordinates": [p, p]},
    }
    for p in (1, 4, 9, 30)
]
SUM = [{"window": [{"op": "sum", "field": "sales", "as": "all"}], "frame": [None, 0]}]
MEAN = [{"window": [{"op": "mean", "field": "sales", "as": "smooth"}], "frame": [-6, 0]}]
GAPS = [{"when": w, "v": w - 1980} for w in (1990, 2010, 2015, 2020)]
# What was done, and the rule that must find it.
DISTORTED: dict[str, tuple[Spec, str]] = {
    "bars from 15": (c(LETTERS, "bar", x=n("a"), y=q("b", scale={"domain": [15, 95]})), "truncated"),
    "bars without zero": (c(LETTERS, "bar", x=n("a"), y=q("b", scale={"zero": False})), "truncated"),
    "area from 10": (c(SERIES, "area", x=YEAR, y=q("sales", scale={"domainMin": 10})), "truncated"),
    "log bars": (c(LETTERS, "bar", x=n("a"), y=q("b", scale={"type": "log"})), "log bars"),
    "upside down": (c(SERIES, "line", x=YEAR, y=q("sales", scale={"reverse": True})), "inverted"),
    "backwards in time": (c(DATES, "line", x=t("date", sort="descending"), y=q("price")), "inverted"),
    "a domain turned over": (c(SERIES, "area", x=YEAR, y=q("sales", scale={"domain": [60, 0]})), "inverted"),
    "two axes": (
        {
            "data": {"values": SERIES},
            "encoding": {"x": YEAR},
            "layer": [
                {"mark": "line", "encoding": {"y": q("sales")}},
                {"mark": "line", "encoding": {"y": q("temp")}},
            ],
            "resolve": {"scale": {"y": "independent"}},
        },
        "two axes",
    ),
    "no axis": (c(SERIES, "line", x=YEAR, y=q("sales", axis=None)), "no axis"),
    "no numbers": (c(LETTERS, "bar", x=n("a"), y=q("b", axis={"labels": False})), "no axis"),
    "log axis without labels": (
        c(SERIES, "line", x=YEAR, y=q("sales", scale={"type": "log"}, axis=None)),
        "log axis",
    ),
    "value as radius": (
        c(CARS, "circle", x=q("weight"), y=q("mpg"), size=q("power", scale={"type": "pow", "exponent": 2})),
        "size",
    ),
    "value as solid": (
        c(CARS, "point", x=q("weight"), y=q("mpg"), size=q("power", scale={"type": "pow", "exponent": 3})),
        "size",
    ),
    "total so far": (
        {**c(SERIES, "line", x=YEAR, y=q("all", title="Sales")), "transform": SUM},
        "cumulative",
    ),
    "very flat": ({**c(SERIES, "line", x=YEAR, y=q("sales")), "width": 900, "height": 60}, "aspect"),
    "very narrow": ({**c(SERIES, "line", x=YEAR, y=q("sales")), "width": 60, "height": 400}, "aspect"),
    "three years of twenty": (
        c(SERIES, "line", x=q("year", scale={"domain": [2008, 2011]}), y=q("sales")),
        "window",
    ),
    "a filter on years": (
        {
            **c(SERIES, "line", x=YEAR, y=q("sales")),
            "transform": [{"filter": {"field": "year", "range": [2003, 2008]}}],
        },
        "window",
    ),
    "two bins": (c(HEIGHTS, "bar", x=q("h", bin={"maxbins": 2}), y=COUNT), "binning"),
    "wide steps": (c(HEIGHTS, "bar", x=q("h", bin={"step": 40}), y=COUNT), "binning"),
    "uneven years": (c(GAPS, "line", x=o("when"), y=q("v")), "uneven"),
    "rainbow": (c(GRID, "rect", x=o("i"), y=o("j"), color=q("z", scale={"scheme": "rainbow"})), "rainbow"),
    "own rainbow": (
        c(
            GRID,
            "rect",
            x=o("i"),
            y=o("j"),
            color=q("z", scale={"range": ["#0000ff", "#00ffff", "#00ff00", "#ffff00", "#ff0000"]}),
        ),
        "rainbow",
    ),
    "pie over 100 %": (
        c(
            [{"a": "x", "percent": 70}, {"a": "y", "percent": 63}, {"a": "z", "percent": 60}],
            "arc",
            theta=q("percent"),
            color=n("a"),
        ),
        "pie",
    ),
    "map of counts": (c(GEO, "geoshape", color=q("cases")), "map"),
    "late mean": ({**c(SERIES, "line", x=YEAR, y=q("smooth")), "transform": MEAN}, "smoothing"),
    "one line through groups": (
        {
            "data": {"values": STRATA},
            "layer": [
                {"mark": "point", "encoding": {"x": q("hours"), "y": q("score")}},
                {
                    "mark": "line",
                    "transform": [{"regression": "score", "on": "hours"}],
                    "encoding": {"x": q("hours"), "y": q("score")},
                },
            ],
        },
        "simpson",
    ),
    "two drifts": (c(DRIFT, "point", x=q("cheese"), y=q("doctorates")), "spurious"),
}
