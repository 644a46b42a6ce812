"""The repaired specification: for every finding of the linter the smallest change that takes it away."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from models.channels import moment
from models.lint import lint
from models.lint_data import PEOPLE, TIMES
from models.specs import Spec, Unit, at, copied, units
from models.traces_charts import Finding

MOST_ROUNDS = 12


def repair(spec: Spec) -> Spec:
    """A specification without the findings that can be taken away; what cannot stays as it is."""
    fixed = copied(spec)
    tried: set[tuple[str, tuple[str | int, ...]]] = set()
    for _ in range(MOST_ROUNDS):
        finding = next((f for f in lint(fixed) if (f.rule, f.path) not in tried), None)
        if finding is None:
            break
        tried.add((finding.rule, finding.path))
        REPAIRS[finding.rule](fixed, finding)
    return fixed


def _unit(spec: Spec, finding: Finding) -> Unit:
    """The view a finding belongs to: the one whose path or channel leads there."""
    for unit in units(spec):
        places = [unit.path, *unit.where.values(), *(path for path, _ in unit.transforms)]
        if finding.path in places:
            return unit
    return next(units(spec))


def _scale(spec: Spec, finding: Finding) -> Spec:
    channel = at(spec, finding.path)
    given = channel.get("scale")
    if not isinstance(given, dict):
        given = channel["scale"] = {}
    return given


def _zero(spec: Spec, finding: Finding) -> None:
    scale = _scale(spec, finding)
    for key in ("domain", "domainMin", "domainMax", "nice"):
        scale.pop(key, None)
    scale["zero"] = True


def _linear(spec: Spec, finding: Finding) -> None:
    channel = at(spec, finding.path)
    channel["scale"] = {"zero": True}


def _upright(spec: Spec, finding: Finding) -> None:
    scale = _scale(spec, finding)
    scale.pop("reverse", None)
    domain = scale.get("domain")
    if isinstance(domain, list) and len(domain) == 2 and domain[0] > domain[1]:
        scale["domain"] = domain[::-1]
    if at(spec, finding.path).get("sort") == "descending":
        del at(spec, finding.path)["sort"]


def _apart(spec: Spec, finding: Finding) -> None:
    parent = at(spec, finding.path[:-1])
    layers = parent.pop("layer")
    parent.pop("resolve")
    shared = {key: parent.pop(key) for key in ("encoding", "width", "height") if key in parent}
    parts = []
    for layer in layers:
        part = {**shared, **layer}
        part["encoding"] = {**shared.get("encoding", {}), **layer.get("encoding", {})}
        part["height"] = 120
        parts.append(part)
    parent["vconcat"] = parts


def _axis(spec: Spec, finding: Finding) -> None:
    channel = at(spec, finding.path)
    axis = channel.get("axis")
    if axis is None:
        channel.pop("axis", None)
    else:
        axis.pop("labels", None)


def _without_scale(spec: Spec, finding: Finding) -> None:
    at(spec, finding.path).pop("scale", None)


def _per_period(spec: Spec, finding: Finding) -> None:
    unit = _unit(spec, finding)
    window = at(spec, finding.path)
    parts = (part for part in window["window"] if isinstance(part, dict) and "as" in part)
    raw = {part["as"]: part.get("field") for part in parts}
    channel = at(spec, unit.where["y"])
    channel["field"] = raw[channel["field"]]
    channel.pop("title", None)
    _drop(spec, finding.path)


def _drop(spec: Spec, path: tuple[str | int, ...]) -> None:
    steps = at(spec, path[:-1])
    del steps[path[-1]]
    if not steps:
        del at(spec, path[:-2])["transform"]


def _frame(spec: Spec, finding: Finding) -> None:
    node = at(spec, finding.path[:-1])
    node["width"], node["height"] = 420, 260


def _whole(spec: Spec, finding: Finding) -> None:
    if "transform" in finding.path:
        _drop(spec, finding.path)
    else:
        _scale(spec, finding).pop("domain", None)


def _bins(spec: Spec, finding: Finding) -> None:
    at(spec, finding.path)["bin"] = {"maxbins": 20}


def _true_time(spec: Spec, finding: Finding) -> None:
    channel = at(spec, finding.path)
    unit = _unit(spec, finding)
    values = [row.get(channel.get("field")) for row in unit.raw or []]
    dates = any(isinstance(value, str) and "-" in value[1:] for value in values)
    channel["type"] = "temporal" if dates else "quantitative"
    channel.pop("sort", None)
    if not dates:
        channel["scale"] = {"zero": False, "nice": False}
        channel["axis"] = {"format": "d"}


def _viridis(spec: Spec, finding: Finding) -> None:
    scale = _scale(spec, finding)
    scale.pop("range", None)
    scale["scheme"] = "viridis"


def _bars(spec: Spec, finding: Finding) -> None:
    unit = _unit(spec, finding)
    node = at(spec, unit.path)
    encoding = at(spec, finding.path[:-1])
    encoding["x"] = encoding.pop("theta")
    names = encoding.pop("color", None) or encoding.pop("fill", None)
    if names:
        encoding["y"] = {**{k: v for k, v in names.items() if k not in ("scale", "legend")}, "sort": "-x"}
    for key in ("radius", "order", "theta2", "radius2"):
        encoding.pop(key, None)
    encoding["x"].pop("stack", None)
    node["mark"] = {"type": "bar"}


def _rate(spec: Spec, finding: Finding) -> None:
    """Cases a head, where the table has the people."""
    channel = at(spec, finding.path)
    unit = _unit(spec, finding)
    name = str(channel.get("field"))
    rows = [row for row in unit.raw or [] if isinstance(row, dict)]
    people = next((key for row in rows[:1] for key in row if PEOPLE.search(key) and key != name), None)
    if people is None:
        return
    for row in rows:
        if isinstance(row.get(name), int | float) and row.get(people):
            row[f"{name} per person"] = row[name] / row[people]
    channel["field"] = f"{name} per person"
    channel.pop("title", None)


def _centred(spec: Spec, finding: Finding) -> None:
    """The mean centred, and the raw points behind it."""
    unit = _unit(spec, finding)
    step = at(spec, finding.path)
    half = max(1, (step["frame"][1] - step["frame"][0]) // 2)
    step["frame"] = [-half, half]
    means = (part for part in step["window"] if isinstance(part, dict) and part.get("op") == "mean")
    raw = next(means)["field"]
    node = at(spec, unit.path)
    if "layer" in (unit.parents[-1] if unit.parents else {}):
        family = at(spec, unit.path[:-1])
    else:
        inner = {key: node.pop(key) for key in ("mark", "encoding") if key in node}
        family = node["layer"] = [inner]
    shown = any(child.get("encoding", {}).get("y", {}).get("field") == raw for child in family)
    if not shown:
        encoding = copied(unit.encoding)
        encoding["y"] = {**encoding["y"], "field": raw}
        mark = {"type": "point", "color": "#7a8594", "filled": True}
        family.insert(0, {"mark": mark, "encoding": encoding})


def _grouped(spec: Spec, finding: Finding) -> None:
    unit = _unit(spec, finding)
    step = at(spec, finding.path)
    name = finding.title.split("“")[1].split("”")[0]
    step["groupby"] = [name]
    node = at(spec, unit.path)
    node.setdefault("encoding", {})["color"] = {"field": name, "type": "nominal"}


def _differenced(spec: Spec, finding: Finding) -> None:
    """The changes from row to row instead of the levels."""
    unit = _unit(spec, finding)
    x, y = (at(spec, unit.where[name]) for name in ("x", "y"))
    rows = unit.raw or []
    when = next(k for k in rows[0] if TIMES.search(k) and k not in (x["field"], y["field"]))
    ordered: list[Any] = sorted(rows, key=lambda row: moment(row[when]) or 0.0)
    made = [
        {when: now[when], **{f"change of {c['field']}": now[c["field"]] - before[c["field"]] for c in (x, y)}}
        for before, now in pairwise(ordered)
    ]
    for channel in (x, y):
        channel["field"] = f"change of {channel['field']}"
        channel.pop("title", None)
        channel.pop("scale", None)
    rows[:] = made


REPAIRS: dict[str, Callable[[Spec, Finding], None]] = {
    "truncated": _zero,
    "log bars": _linear,
    "inverted": _upright,
    "two axes": _apart,
    "no axis": _axis,
    "log axis": _axis,
    "size": _without_scale,
    "cumulative": _per_period,
    "aspect": _frame,
    "window": _whole,
    "binning": _bins,
    "uneven": _true_time,
    "rainbow": _viridis,
    "pie": _bars,
    "map": _rate,
    "smoothing": _centred,
    "simpson": _grouped,
    "spurious": _differenced,
}
