"""Charts of distributions that follow sliders: two densities, shaded areas, bins, means of samples.

The name of a slider stands in an expression for the place of its stop; lists hold a value a stop.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.charts import GREY, SKY, TEAL, VERMILION
from components.charts_distributions import DATA, MEAN, PALE, Rule
from components.live_charts import Chart, Spec
from models.traces import Array

Rows = list[dict[str, Any]]


def expr(text: str) -> Spec:
    """A Vega expression."""
    return {"expr": text}


def listed(values: Sequence[float] | Array) -> str:
    """Numbers as a Vega list."""
    return "[" + ",".join(f"{value:.12g}" for value in np.asarray(values, float)) + "]"


def words(texts: Sequence[str]) -> str:
    """Texts as a Vega list."""
    return "[" + ",".join("'" + text.replace("\\", "").replace("'", "’") + "'" for text in texts) + "]"


def chart(
    layers: list[Spec], title: str, label: str, *, share: float = 1.0, rows: Rows | None = None
) -> Chart:
    """A chart of layers; ``title`` is a Vega expression."""
    head = {"text": expr(title), "anchor": "start", "fontWeight": 600, "offset": 6}
    return Chart({"data": {"values": rows or []}, "title": head, "layer": layers}, label, share)


def across(field: str, title: str | Spec, domain: Any = None, **more: Any) -> Spec:
    """A level axis of numbers."""
    scale: Spec = {"nice": False, **more.pop("scale", {"zero": False})}
    if domain is not None:
        scale["domain"] = domain
    axis = {"grid": False, "tickCount": 6, "labelOverlap": True, **more.pop("axis", {})}
    return {"field": field, "type": "quantitative", "title": title, "scale": scale, "axis": axis, **more}


def up(field: str, title: str, domain: Any, **more: Any) -> Spec:
    """An upright axis of numbers."""
    scale = {"domain": domain, "nice": False, **more.pop("scale", {})}
    axis = {"tickCount": 5, **more.pop("axis", {})}
    return {"field": field, "type": "quantitative", "title": title, "scale": scale, "axis": axis, **more}


def named_rule(at: str, name: str, x: Spec, rule: Rule, row: int) -> list[Spec]:
    """An upright line where the expression ``at`` stands, with its name, an expression too."""
    data: Spec = {"values": [{}]}
    place = [{"calculate": at, "as": "at"}, {"calculate": name, "as": "name"}]
    left = "scale('x', datum.at) > width / 2"
    text = {
        "type": "text",
        "align": expr(f"{left} ? 'right' : 'left'"),
        "dx": expr(f"{left} ? -5 : 5"),
        "y": 9 + 15 * row,
        "fontWeight": 600,
        "color": rule.colour,
    }
    line = {
        "type": "rule",
        "color": rule.colour,
        "strokeWidth": 2,
        "strokeDash": [5, 3] if rule.dashed else [1, 0],
        "clip": True,
    }
    there = {"x": x | {"field": "at"}}
    return [
        {"data": data, "transform": place, "mark": line, "encoding": there},
        {"data": data, "transform": place, "mark": text, "encoding": there | {"text": {"field": "name"}}},
    ]


# --- two densities ------------------------------------------------------------------------------------

FIRST, SECOND = "normal", "second"


def two_densities(
    grid: Array, first: Array, seconds: Array, shares: tuple[Array, Array], kurtosis: Array, peaks: Array
) -> list[Chart]:
    """A normal and a density for each stop of the slider ``s``: plainly, on a log axis, the kurtosis within.

    ``grid`` (m,), ``first`` (m,), ``seconds`` (stops, m); ``shares`` of the kurtosis over the right half of
    the grid, (k,) and (stops, k); ``kurtosis`` (stops, 2) and ``peaks`` (stops,).
    """
    right = grid[grid >= 0]
    rows = [{"x": float(x), "y": float(y), "c": FIRST} for x, y in zip(grid, first, strict=True)]
    rows += [
        {"x": float(x), "y": float(y), "c": SECOND, "s": s}
        for s, one in enumerate(seconds)
        for x, y in zip(grid, one, strict=True)
    ]
    within = [{"x": float(x), "y": float(y), "c": FIRST} for x, y in zip(right, shares[0], strict=True)]
    within += [
        {"x": float(x), "y": float(y), "c": SECOND, "s": s}
        for s, one in enumerate(shares[1])
        for x, y in zip(right, one, strict=True)
    ]
    names = [FIRST, SECOND]
    legend: Any = {"orient": "top", "title": None, "symbolStrokeWidth": 3}
    shown = {"filter": "!isValid(datum.s) || datum.s == s"}
    x = across("x", "standard deviations from the mean")

    def curves(y: Spec, key: Any, *more: Spec) -> Spec:
        hues = {"domain": names, "range": [SKY, VERMILION]}
        dashes = {"domain": names, "range": [[1, 0], [5, 4]]}
        kind = {"field": "c", "type": "nominal", "legend": key}
        return {
            "transform": [shown, *more],
            "mark": {"type": "line", "strokeWidth": 2.4, "clip": True},
            "encoding": {
                "x": x,
                "y": y,
                "color": kind | {"scale": hues},
                "strokeDash": kind | {"scale": dashes},
                "tooltip": [
                    {"field": "c"},
                    {"field": "x", "format": ".3~g"},
                    {"field": "y", "format": ".3~g"},
                ],
            },
        }

    top = expr(f"{listed(peaks)}[s] * 1.1")
    near, low = {"filter": "abs(datum.x) <= 4"}, {"filter": "datum.y >= 1e-6"}
    k = f"{listed(kurtosis[:, 1])}[s]"
    seen = f"'Excess kurtosis {kurtosis[0, 0]:.2f} and ' + format({k}, '+.2f') + ': as one sees it'"
    tails = up(
        "y", "density, log axis", [1e-6, 3], scale={"type": "log"}, axis={"format": "~g", "grid": False}
    )
    return [
        chart([curves(up("y", "density", [0, top]), legend, near)], seen, "Two densities.", rows=rows),
        chart([curves(tails, None, low)], "'On a log axis: the tails'", "The same on a log axis.", rows=rows),
        chart(
            [curves(up("y", "share of the kurtosis", [0, 1]), None)],
            "'From how near the kurtosis comes'",
            "Share of the fourth moment within each distance of the mean.",
            rows=within,
        ),
    ]


# --- areas --------------------------------------------------------------------------------------------


def areas(
    stops: Sequence[float], normal: tuple[Array, Array, Array], own: tuple[Array, Array, Array], name: str
) -> list[Chart]:
    """A normal and a column, shaded within the slider ``k``: (grid, density, share a stop) each."""
    reach = f"{listed(stops)}[k]"

    def one(of: tuple[Array, Array, Array], what: str, hue: str, label: str) -> Chart:
        grid, density, shares = of
        rows = [{"x": float(x), "y": float(y)} for x, y in zip(grid, density, strict=True)]
        x = across("x", "standard deviations from the mean")
        y = up("y", "density", [0, float(density.max()) * 1.08])
        shade = {
            "transform": [{"filter": f"abs(datum.x) <= {reach}"}],
            "mark": {"type": "area", "color": hue, "opacity": 0.3, "clip": True},
            "encoding": {"x": x, "y": y},
        }
        line = {"mark": {"type": "line", "color": hue, "strokeWidth": 2.4}, "encoding": {"x": x, "y": y}}
        said = f"'{what}: ' + format(100 * {listed(shares)}[k], '.2f') + ' % within ' + {reach} + ' sd'"
        return chart([shade, line], said, label, rows=rows)

    return [
        one(normal, "A normal", SKY, "A normal density, shaded."),
        one(own, "These values", DATA, f"The density of {name}, shaded."),
    ]


# --- bins ---------------------------------------------------------------------------------------------


def bins(
    values: Array, found: Array, title: str, rules: Sequence[tuple[str, float, str, bool]]
) -> list[Chart]:
    """Bars of the sliders ``many`` (bins − 1) and ``shift`` (tenths of a bin), and the peaks they show.

    ``found`` are the peaks with 1, 2 … bins; ``rules`` are (name, place, colour, dashed).
    """
    low, high = float(values.min()), float(values.max())
    high = high if high > low else low + 1
    width = f"({high - low:.17g} / (many + 1))"
    start = f"({low:.17g} - {width} * shift / 10)"
    last = "(many + (shift > 0 ? 1 : 0))"
    steps = [
        {"calculate": f"min({last}, floor((datum.v - {start}) / {width} + 1e-9))", "as": "bin"},
        {"aggregate": [{"op": "count", "as": "n"}], "groupby": ["bin"]},
        {"calculate": f"{start} + datum.bin * {width}", "as": "from"},
        {"calculate": f"datum.from + {width}", "as": "to"},
    ]
    x = across("from", title, [expr(f"{low:.17g} - {width}"), expr(f"{high:.17g} + {width}")])
    y = {"field": "n", "type": "quantitative", "title": "values", "axis": {"tickMinStep": 1, "tickCount": 5}}
    bar = {
        "transform": steps,
        "mark": {"type": "rect", "color": PALE, "stroke": DATA, "strokeWidth": 0.7, "clip": True},
        "encoding": {
            "x": x,
            "x2": {"field": "to"},
            "y": y | {"scale": {"zero": True}},
            "y2": {"datum": 0},
            "tooltip": [
                {"field": "from", "format": ".4~g"},
                {"field": "to", "format": ".4~g"},
                {"field": "n"},
            ],
        },
    }
    marks = [
        part
        for row, (name, at, hue, dashed) in enumerate(rules)
        for part in named_rule(f"{at:.17g}", words([name]) + "[0]", x, Rule(name, at, hue, dashed), row)
    ]
    counted = f"{listed(found)}[many]"
    said = (
        "(many + 1) + (many ? ' bins' : ' bin') + (shift ? ', moved by ' + 10 * shift + ' % of a bin' : '')"
    )
    left = chart([bar, *marks], said, "Bars.", share=3, rows=[{"v": float(v)} for v in values])
    places = across("bins", "bins", [1, len(found)])
    peaks = up("peaks", "peaks that one would count", [0, float(found.max()) + 0.5], axis={"tickMinStep": 1})
    line = {
        "mark": {"type": "line", "interpolate": "step", "color": SKY},
        "encoding": {"x": places, "y": peaks},
    }
    here = {
        "transform": [{"filter": "datum.bins == many + 1"}],
        "mark": {"type": "point", "filled": True, "size": 90, "color": VERMILION, "opacity": 1},
        "encoding": {"x": places, "y": peaks},
    }
    rule = {**here, "mark": {"type": "rule", "color": GREY, "strokeDash": [2, 2]}, "encoding": {"x": places}}
    seen = (
        f"'No shift: ' + {counted} + ({counted} == 1 ? ' peak' : ' peaks') + ' with ' + (many + 1) + ' bins'"
    )
    rows = [{"bins": i + 1, "peaks": int(n)} for i, n in enumerate(found)]
    right = chart([line, rule, here], seen, "Peaks of the bars by their number.", share=2, rows=rows)
    return [left, right]


# --- means of samples ---------------------------------------------------------------------------------


def means(
    lots: Sequence[int],
    throws: Sequence[int],
    lasts: Sequence[tuple[Array, Array, float]],
    piles: Sequence[tuple[Array, Array]],
    centre: float,
    sd: float,
    spreads: Array,
    name: str,
) -> list[Chart]:
    """The last sample, the means of all and how fast they settle, by the sliders ``lot`` and ``thrown``.

    ``lasts`` (edges, counts, mean) and ``piles`` (edges, counts) hold one pair after another, the throws of
    the first lot first. ``centre`` and ``sd`` are the distribution's, NaN or ∞ where it has none.
    """
    pair = f"(lot * {len(throws)} + thrown)"
    of, many = f"{listed(lots)}[lot]", f"{listed(throws)}[thrown]"
    shown = {"filter": f"datum.p == {pair}"}

    def bars(pairs: Sequence[tuple[Array, Array]]) -> Rows:
        return [
            {"p": p, "from": float(a), "to": float(b), "n": int(n)}
            for p, (edges, counts) in enumerate(pairs)
            for a, b, n in zip(edges[:-1], edges[1:], counts, strict=True)
        ]

    def picture(title: Any, y: str, hue: str, lows: str, highs: str, tops: str) -> tuple[Spec, Spec]:
        x = across("from", title, [expr(lows), expr(highs)])
        drawn = {
            "transform": [shown],
            "mark": {"type": "rect", "color": hue, "opacity": 0.55, "stroke": hue, "strokeWidth": 0.6},
            "encoding": {
                "x": x,
                "x2": {"field": "to"},
                "y": up("n", y, [0, expr(f"{tops} * 1.16")], axis={"tickMinStep": 1}),
                "y2": {"datum": 0},
                "tooltip": [
                    {"field": "from", "format": ".4~g"},
                    {"field": "to", "format": ".4~g"},
                    {"field": "n", "title": y},
                ],
            },
        }
        return x, drawn

    def ends(pairs: Sequence[tuple[Array, Array]]) -> tuple[str, str, str]:
        return (
            f"{listed([edges[0] for edges, _ in pairs])}[{pair}]",
            f"{listed([edges[-1] for edges, _ in pairs])}[{pair}]",
            f"{listed([max(1, counts.max()) for _, counts in pairs])}[{pair}]",
        )

    firsts = [(edges, counts) for edges, counts, _ in lasts]
    x, drawn = picture("value", "values", DATA, *ends(firsts))
    at = f"{listed([mean for *_, mean in lasts])}[{pair}]"
    last = chart(
        [drawn, *named_rule(at, f"'mean ' + format({at}, '.3~g')", x, Rule("mean", 0, MEAN), 0)],
        f"'The last sample: ' + {of} + ' from ' + {words([name])}[0]",
        f"Bars of the last sample from {name}.",
        rows=bars(firsts),
    )
    lows, highs, tops = ends(piles)
    has_mean, has_sd = bool(np.isfinite(centre)), bool(np.isfinite(centre) and np.isfinite(sd))
    error = f"({sd:.12g} / sqrt({of}))" if has_sd else "1"
    width = f"{listed([edges[1] - edges[0] for edges, _ in piles])}[{pair}]"
    height = f"({many} * {width} * 0.39894228 / {error})"
    x, drawn = picture(
        "mean of a sample", "samples", TEAL, lows, highs, f"max({tops}, {height})" if has_sd else tops
    )
    layers = [drawn]
    if has_sd:
        steps = [
            {"calculate": f"{lows} + ({highs} - {lows}) * datum.u / 120", "as": "from"},
            {
                "calculate": f"{height} * exp(-0.5 * pow((datum.from - {centre:.12g}) / {error}, 2))",
                "as": "n",
            },
            {"filter": f"{many} > 1"},
        ]
        y = drawn["encoding"]["y"]
        layers.append(
            {
                "data": {"sequence": {"start": 0, "stop": 121, "as": "u"}},
                "transform": steps,
                "mark": {"type": "line", "color": GREY, "strokeWidth": 2, "clip": True},
                "encoding": {"x": x, "y": y},
            }
        )
    if has_mean:
        rule = Rule("mean", centre, VERMILION, dashed=True)
        layers += named_rule(f"{centre:.12g}", f"'{centre:.3g}'".replace("-", "−"), x, rule, 0)
    curve = " + ', with the normal they become'" if has_sd else ""
    said = f"'Means of ' + format({many}, ',') + ({many} == 1 ? ' sample' : ' samples'){curve}"
    pile = chart(layers, said, "Bars of the means.", rows=bars(piles))
    return [last, pile, _settling(lots, spreads, of)]


def _settling(lots: Sequence[int], spreads: Array, of: str) -> Chart:
    """How far means of samples spread by their size, beside 1 ÷ √n."""
    rate = spreads[0] / np.sqrt(lots)
    rows = [
        {"x": int(n), "y": float(y), "c": name}
        for name, line in (("thrown", spreads), ("÷ √n", rate))
        for n, y in zip(lots, line, strict=True)
    ]
    names = ["thrown", "÷ √n"]
    edge = [float(min(spreads.min(), rate.min())) * 0.7, float(spreads.max()) * 1.4]
    x = across("x", "values a sample n, log axis", scale={"type": "log"}, axis={"format": ",d"})
    kind: Spec = {
        "field": "c",
        "type": "nominal",
        "legend": {"orient": "top", "title": None, "symbolStrokeWidth": 3},
    }
    y = up(
        "y",
        "middle half of the means, log axis",
        edge,
        scale={"type": "log"},
        axis={"format": "~g", "grid": False},
    )
    line = {
        "mark": {"type": "line", "strokeWidth": 2.4},
        "encoding": {
            "x": x,
            "y": y,
            "color": kind | {"scale": {"domain": names, "range": [TEAL, DATA]}},
            "strokeDash": kind | {"scale": {"domain": names, "range": [[1, 0], [5, 4]]}},
            "tooltip": [{"field": "c"}, {"field": "x"}, {"field": "y", "format": ".3~g"}],
        },
    }
    rule = Rule("n", 0, GREY, dashed=True)
    marks = named_rule(of, f"'n = ' + {of}", x, rule, 0)
    return chart([line, *marks], "'How fast the means settle'", "Spread of the means by size.", rows=rows)
