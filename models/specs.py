"""Vega-Lite specifications as data: read from text within limits, never code, never remote; and taken apart.

A pasted specification may hold no expression, signal, link, image or address. What is refused is named.
"""

import copy
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from models.measures import ChartError

Spec = dict[str, Any]
MOST_CHARACTERS = 200_000
MOST_ROWS = 5_000
MOST_NODES = 60_000
DEEPEST = 24
LARGEST = 1e100  # squares of it are finite still
MOST = 2_000  # pixels, bins, ticks, columns
# Keys under which Vega evaluates text, loads something, or links somewhere.
CODE = {"expr", "signal", "calculate", "labelExpr", "update", "events", "init"}
REMOTE = {"url", "href", "loader", "lookup"}
COUNTS = {"width", "height", "maxbins", "steps", "tickCount", "columns", "step", "size", "strokeWidth"}
MADE = {"sequence", "sphere", "graticule"}
VIEWS = ("layer", "hconcat", "vconcat", "concat")


def read(text: str) -> Spec:
    """A specification from its text; ChartError says in one sentence what cannot be drawn here."""
    if len(text) > MOST_CHARACTERS:
        raise ChartError(
            f"The specification has {len(text):,} characters; up to {MOST_CHARACTERS:,} are read here."
        )
    try:
        spec = json.loads(text, parse_constant=_no_constant)
    except ChartError:
        raise
    except (ValueError, RecursionError) as error:
        where = f" near line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ChartError(f"This is not JSON{where}; paste the text that chart.to_json() gives.") from None
    if not isinstance(spec, dict):
        raise ChartError("A specification is a JSON object with a mark and an encoding.")
    if "marks" in spec or "vega/v" in str(spec.get("$schema", "")):
        raise ChartError("This is Vega, not Vega-Lite; its signals are code and are not read here.")
    spec = {key: value for key, value in spec.items() if key not in ("$schema", "usermeta")}
    _check(spec)
    if not any(unit.mark for unit in units(spec)):
        raise ChartError("No mark was found; a specification of Vega-Lite has a mark and an encoding.")
    return spec


def _no_constant(name: str) -> float:
    raise ChartError(f"{name} is no number of JSON; leave such rows out or write null.")


def _check(spec: Spec) -> None:
    """Walk the whole tree; data are only counted and kept to plain values."""
    nodes = 0
    stack: list[tuple[Any, str, int, bool]] = [(spec, "", 0, False)]
    while stack:
        node, key, depth, data = stack.pop()
        nodes += 1
        if nodes > MOST_NODES or depth > DEEPEST:
            raise ChartError("The specification is larger or deeper than any chart needs.")
        if isinstance(node, dict):
            for name, value in node.items():
                if not data:
                    _allowed(name, value, node)
                rows = name == "values" and key == "data"
                inside = data or rows or key == "datasets"
                if inside and isinstance(value, list) and len(value) > MOST_ROWS:
                    raise ChartError(
                        f"The data have {len(value):,} rows; up to {MOST_ROWS:,} are drawn here."
                    )
                stack.append((value, name, depth + 1, inside))
        elif isinstance(node, list):
            stack += [(value, key, depth + 1, data) for value in node]
        elif isinstance(node, int | float) and not abs(node) < LARGEST:
            raise ChartError("A number is too large to be drawn.")


def _allowed(name: str, value: Any, node: Spec) -> None:
    fits = {"regression", "loess"} & set(node)  # their "on" is a column, a selection's is an expression
    text = name in ("filter", "test") and isinstance(value, str)
    if name in CODE or text or (name == "on" and not fits):
        raise ChartError(
            f"“{name}” is an expression. A specification is data here and never code: "
            "compute the column before."
        )
    if name in REMOTE:
        raise ChartError(f"“{name}” asks for something from elsewhere. Put the rows into data.values.")
    if name in ("mark", "type") and value == "image":
        raise ChartError("Images are not drawn here: they come from elsewhere.")
    if name == "bind" and value != "scales":
        raise ChartError("Inputs bound to a chart are not drawn here.")
    if name == "data" and isinstance(value, dict):
        if MADE & set(value):
            raise ChartError("Only rows in data.values are read; nothing is generated.")
        if isinstance(value.get("values"), str):
            raise ChartError("Give data.values as a list of rows.")
    if name in COUNTS and isinstance(value, int | float) and value > MOST:
        raise ChartError(f"“{name}” is {value:g}; up to {MOST:,} is drawn here.")
    if name == "bin" and isinstance(value, dict) and isinstance(value.get("step"), int | float):
        if value["step"] <= 0:
            raise ChartError("A bin's step must be above 0.")
        if value["step"] < 1e-3:
            raise ChartError("A bin's step below .001 could make millions of bins.")


@dataclass(frozen=True)
class Unit:
    """One view: its path, mark, merged encoding, transforms, rows (None where unknown) and its surroundings.

    ``raw`` are rows that no transform has touched. ``inherited`` names channels written further up, by path.
    """

    path: tuple[str | int, ...]
    mark: str
    encoding: dict[str, Any]
    where: dict[str, tuple[str | int, ...]]
    transforms: list[tuple[tuple[str | int, ...], Spec]]
    rows: list[Spec] | None
    node: Spec
    parents: list[Spec] = field(default_factory=list)

    @property
    def raw(self) -> list[Spec] | None:
        """The rows, where nothing computes with them first."""
        return None if self.transforms else self.rows

    def numbers(self, name: Any, rows: list[Spec] | None = None) -> list[float]:
        """The finite numbers of a column."""
        found = (
            row.get(name) for row in (self.rows if rows is None else rows) or [] if isinstance(row, dict)
        )
        return [
            float(v)
            for v in found
            if isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)
        ]


def units(spec: Spec) -> Iterator[Unit]:
    """All views of a specification, each with what it inherits."""
    yield from _units(spec, (), {}, {}, [], None, spec.get("datasets") or {}, [])


def _units(
    node: Any,
    path: tuple[str | int, ...],
    encoding: dict[str, Any],
    where: dict[str, tuple[str | int, ...]],
    transforms: list[tuple[tuple[str | int, ...], Spec]],
    rows: list[Spec] | None,
    datasets: Spec,
    parents: list[Spec],
) -> Iterator[Unit]:
    if not isinstance(node, dict):
        return
    data = node.get("data")
    if isinstance(data, dict):
        values = data.get(
            "values", datasets.get(data.get("name", "")) if isinstance(datasets, dict) else None
        )
        rows = values if isinstance(values, list) else None
        transforms = []
    own = node.get("encoding")
    own = {k: v for k, v in own.items() if isinstance(v, dict)} if isinstance(own, dict) else {}
    encoding = {**encoding, **own}
    where = {**where, **{name: (*path, "encoding", name) for name in own}}
    given = node.get("transform")
    steps = given if isinstance(given, list) else []
    transforms = transforms + [
        ((*path, "transform", i), step) for i, step in enumerate(steps) if isinstance(step, dict)
    ]
    inner = [*parents, node]
    mark = node.get("mark")
    kind = mark.get("type", "") if isinstance(mark, dict) else mark
    if isinstance(kind, str) and kind:
        yield Unit(path, kind, encoding, where, transforms, rows, node, parents)
    for name in VIEWS:
        children = node.get(name)
        for i, child in enumerate(children if isinstance(children, list) else []):
            yield from _units(child, (*path, name, i), encoding, where, transforms, rows, datasets, inner)
    if "spec" in node:
        yield from _units(node["spec"], (*path, "spec"), encoding, where, transforms, rows, datasets, inner)


def at(spec: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path."""
    for key in path:
        spec = spec[key]
    return spec


def copied(spec: Spec) -> Spec:
    """A copy that may be changed."""
    return copy.deepcopy(spec)
