"""A linter for specifications of Vega-Lite: it finds the distortions of the page, with reason and number.

A rule takes one view and gives its findings. It stays silent where it cannot know.
"""

import re
from collections.abc import Callable, Iterator

import numpy as np

from models import lint_data
from models import measures as by
from models.channels import ends, is_hex, kind, quantitative, scale, silent, title
from models.measures import ChartError
from models.specs import Spec, Unit, units
from models.traces_charts import Finding

Rule = Callable[[Unit], Iterator[Finding]]
FLAT, TALL = 6.0, 1 / 3  # width over height beyond which a line's slope is mostly the frame's


LENGTHS = {"bar", "area"}
DRAWN = {"bar", "area", "line", "point", "circle", "square", "trail", "tick"}
RANKS = re.compile(r"rank|place|position|depth|rang\b|platz|tiefe|league", re.I)
TOTALS = re.compile(r"cumul|total|so far|running|to date|ytd|summe|kumul", re.I)
RAINBOWS = {"rainbow": 3, "sinebow": 5, "turbo": 1, "jet": 3}  # turns of lightness


def lint(vega_lite_spec: Spec) -> list[Finding]:
    """All findings of a specification, in the order of its views; ChartError where it is none."""
    if not isinstance(vega_lite_spec, dict):
        raise ChartError("A specification is a JSON object with a mark and an encoding.")
    found: dict[tuple[str, tuple[str | int, ...]], Finding] = {}
    for unit in units(vega_lite_spec):
        for rule in RULES:
            for finding in rule(unit):
                found.setdefault((finding.rule, finding.path), finding)
    return list(found.values())


def length_channel(unit: Unit) -> str | None:
    """The channel along which bars and areas grow from their baseline."""
    for name in ("y", "x"):
        channel = unit.encoding.get(name)
        if quantitative(channel) and not channel.get("bin") and f"{name}2" not in unit.encoding:
            return name
    return None


def truncated(unit: Unit) -> Iterator[Finding]:
    name = length_channel(unit) if unit.mark in LENGTHS else None
    if name is None:
        return
    channel = unit.encoding[name]
    own, edge = scale(channel), ends(channel)
    if own.get("type") in ("log", "symlog"):
        yield Finding(
            "log bars",
            "Bars on a log axis",
            "A log axis has no 0, so the length of a bar means nothing.",
            "never for bars; dots and lines on a labelled log axis are fine",
            unit.where[name],
        )
        return
    low = own.get("domainMin")
    start = min(edge) if edge else low if isinstance(low, int | float) else None
    cut = start is not None and (start > 0 or (edge is not None and max(edge) < 0))
    if not cut and not (own.get("zero") is False and edge is None and start is None):
        return
    number = ""
    values = [] if channel.get("aggregate") else unit.numbers(channel.get("field"), unit.raw or [])
    if start is not None and len(values) > 1 and start < min(values) != max(values):
        number = f"lie factor {by.truncated(min(values), max(values), start):.1f}"
    yield Finding(
        "truncated",
        "Bars that do not start at 0",
        "The eye compares the lengths of bars, and these are cut.",
        "where position is read, not length: use dots or a line",
        unit.where[name],
        number,
    )


def inverted(unit: Unit) -> Iterator[Finding]:
    if unit.mark not in DRAWN:
        return
    for name in ("x", "y"):
        channel = unit.encoding.get(name)
        if not isinstance(channel, dict) or channel.get("type") not in ("quantitative", "temporal"):
            continue
        edge = ends(channel)
        turned = scale(channel).get("reverse") is True or channel.get("sort") == "descending"
        if (turned or (edge and edge[0] > edge[1])) and not RANKS.search(title(channel)):
            yield Finding(
                "inverted",
                "An axis that runs backwards",
                "More is drawn lower, or later is drawn first: a rise looks like a fall.",
                "for ranks and depths, where down is what the reader expects",
                unit.where[name],
                "sign reversed",
            )


def two_axes(unit: Unit) -> Iterator[Finding]:
    parent = unit.parents[-1] if unit.parents else {}
    resolve = parent.get("resolve")
    split = resolve.get("scale") if isinstance(resolve, dict) else None
    if not (isinstance(split, dict) and split.get("y") == "independent") or "layer" not in parent:
        return
    path = unit.path[:-2]
    layers = [
        child for child in units(parent) if child.mark in DRAWN and quantitative(child.encoding.get("y"))
    ]
    fields = {child.encoding["y"].get("field") for child in layers}
    if len(fields) > 1:
        yield Finding(
            "two axes",
            "Two y axes",
            "The lines cross where the axes say: another scale moves the crossing and turns the order.",
            "where both axes are one quantity in two units",
            (*path, "resolve"),
        )


def no_axis(unit: Unit) -> Iterator[Finding]:
    if unit.mark not in {"bar", "area", "line", "trail"}:
        return
    for name in ("y", "x"):
        channel = unit.encoding.get(name)
        if not quantitative(channel) or not silent(channel) or channel.get("bin"):
            continue
        if scale(channel).get("type") in ("log", "symlog"):
            yield Finding(
                "log axis",
                "A log axis without labels",
                "Nothing says that even steps are factors; half the height is not half the value.",
                "never without labels; with 1, 10, 100 it is right for growth",
                unit.where[name],
                _midpoint(unit, channel),
            )
            continue
        family = unit.parents[-1].get("layer", []) if unit.parents else []
        labelled = any(
            isinstance(child, dict) and (child.get("mark") == "text" or kind(child.get("mark")) == "text")
            for child in (family if isinstance(family, list) else [])
        )
        if not labelled:
            yield Finding(
                "no axis",
                "An amount without an axis",
                "Nobody can see what the marks stand for, or whether they match their numbers.",
                "where every mark carries its number, and the marks match it",
                unit.where[name],
            )


def _midpoint(unit: Unit, channel: Spec) -> str:
    values = unit.numbers(channel.get("field"), unit.raw or [])
    edge = ends(channel) or ((min(values), max(values)) if values else None)
    if not edge or edge[0] <= 0 or edge[0] >= edge[1]:
        return ""
    return f"error at half the height {by.midpoint_error((edge[0] * edge[1]) ** 0.5, *edge):.0f} %"


def sizes(unit: Unit) -> Iterator[Finding]:
    channel = unit.encoding.get("size")
    if not quantitative(channel):
        return
    exponent = scale(channel).get("exponent") if scale(channel).get("type") == "pow" else None
    if not isinstance(exponent, int | float) or exponent < 1.2:
        return
    number = ""
    values = unit.numbers(channel.get("field"), unit.raw or [])
    if len(values) > 1 and 0 < min(values) < max(values):
        number = f"lie factor {by.power(min(values), max(values), float(exponent)):.1f}"
    yield Finding(
        "size",
        "Areas that grow faster than the values",
        "Vega's size is an area; an exponent of 2 draws the value as a radius, of 3 as a solid.",
        "where the area is the value: leave the scale alone",
        unit.where["size"],
        number,
    )


def cumulative(unit: Unit) -> Iterator[Finding]:
    channel = unit.encoding.get("y")
    if not quantitative(channel) or TOTALS.search(title(channel | {"field": ""})):
        return
    for path, step in unit.transforms:
        for part in step.get("window", []) if isinstance(step.get("window"), list) else []:
            frame = step.get("frame", [None, 0])
            if (
                isinstance(part, dict)
                and part.get("op") == "sum"
                and part.get("as") == channel.get("field")
                and isinstance(frame, list)
                and frame[:1] == [None]
            ):
                yield Finding(
                    "cumulative",
                    "A total so far that is not called one",
                    "A total of amounts can only rise, whatever happens now.",
                    "where the total is the question and the axis says so",
                    path,
                    "100 % of the steps rise",
                )


def aspect(unit: Unit) -> Iterator[Finding]:
    if unit.mark not in {"line", "trail"}:
        return
    for node, path in ((unit.node, unit.path), *((parent, ()) for parent in unit.parents[-1:])):
        wide, tall = node.get("width"), node.get("height")
        if isinstance(wide, int | float) and isinstance(tall, int | float) and wide > 0 and tall > 0:
            ratio = wide / tall
            if ratio > FLAT or ratio < TALL:
                yield Finding(
                    "aspect",
                    "A frame that makes the slope",
                    "In a very flat or very narrow frame a slope says more of the frame than of the data.",
                    "for rows of small charts that all have one ratio",
                    (*path, "width"),
                    f"width ÷ height {ratio:.2g}",
                )


def rainbow(unit: Unit) -> Iterator[Finding]:
    for name in ("color", "fill", "stroke"):
        channel = unit.encoding.get(name)
        if not quantitative(channel) and not (isinstance(channel, dict) and channel.get("bin")):
            continue
        own = scale(channel)
        scheme = own.get("scheme")
        scheme = scheme.get("name") if isinstance(scheme, dict) else scheme
        turns = RAINBOWS.get(scheme, 0) if isinstance(scheme, str) else 0
        colours = own.get("range")
        if isinstance(colours, list) and len(colours) > 3:
            rgb = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colours if is_hex(c)]
            if len(rgb) == len(colours):
                turns = max(0, by.reversals(by.lightness(np.array(rgb, dtype=float))))
                turns = turns if turns > 1 else 0  # one turn is a diverging map
        if turns:
            yield Finding(
                "rainbow",
                "Colours whose lightness turns",
                "Bands appear where the data are smooth, and a grey print mixes low with high.",
                "for a circle of values such as angles, with a map that is even in lightness",
                unit.where[name],
                f"{turns} turn{'s' if turns > 1 else ''} of lightness",
            )


RULES: tuple[Rule, ...] = (
    truncated,
    inverted,
    two_axes,
    no_axis,
    sizes,
    cumulative,
    aspect,
    lint_data.window,
    lint_data.binning,
    lint_data.uneven,
    rainbow,
    lint_data.pie,
    lint_data.counts_map,
    lint_data.smoothing,
    lint_data.simpson,
    lint_data.spurious,
)
