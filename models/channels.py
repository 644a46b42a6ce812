"""What the rules of the linter ask of a view: its scales, titles, columns, times."""

import re
from datetime import datetime
from typing import Any, TypeGuard

from models import measures as by
from models.specs import Spec

FLAT, TALL = 6.0, 1 / 3  # width over height beyond which a line's slope is mostly the frame's


AMOUNTS = ("sum", "mean", "count", "median")


def scale(channel: Any) -> Spec:
    """The scale of a channel, empty where it is the default."""
    given = channel.get("scale") if isinstance(channel, dict) else None
    return given if isinstance(given, dict) else {}


def ends(channel: Any) -> tuple[float, float] | None:
    """The two numbers of a scale's domain."""
    domain = scale(channel).get("domain")
    if isinstance(domain, list) and len(domain) == 2 and all(isinstance(v, int | float) for v in domain):
        return float(domain[0]), float(domain[1])
    return None


def title(channel: Spec) -> str:
    """All that names a channel."""
    axis = channel.get("axis")
    named = axis.get("title") if isinstance(axis, dict) else ""
    return f"{channel.get('title') or ''} {named or ''} {channel.get('field') or ''}"


def column(rows: list[Spec] | None, name: Any) -> list[Any]:
    """A column of a table."""
    return [row.get(name) for row in rows or [] if isinstance(row, dict)]


def quantitative(channel: Any) -> TypeGuard[Spec]:
    """True where a channel stands for an amount."""
    if not isinstance(channel, dict):
        return False
    return channel.get("type") == "quantitative" or channel.get("aggregate") in AMOUNTS


def silent(channel: Any) -> bool:
    """True where the axis is gone or says no numbers."""
    if not isinstance(channel, dict):
        return False
    axis = channel.get("axis", {})
    return axis is None or (isinstance(axis, dict) and axis.get("labels") is False)


def kind(mark: Any) -> Any:
    """The type of a mark."""
    return mark.get("type") if isinstance(mark, dict) else mark


def moment(value: Any) -> float | None:
    """A time or number as a number: years for a whole year, seconds for a date."""
    if isinstance(value, dict) and isinstance(value.get("year"), int):
        month = value.get("month", 1)
        value = f"{value['year']:04d}-{month if isinstance(month, int) else 1:02d}-01"
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            return float(value)
        try:
            return (datetime.fromisoformat(value).replace(tzinfo=None) - datetime(1970, 1, 1)).total_seconds()
        except ValueError:
            return None
    return None


def span(values: list[Any]) -> tuple[float, float] | None:
    """Least and largest moment of a list in which every value is one."""
    numbers = [m for m in map(moment, values) if m is not None]
    return (min(numbers), max(numbers)) if len(numbers) > 1 and len(numbers) == len(values) else None


def is_hex(text: Any) -> bool:
    """True for a colour like #0072b2."""
    return isinstance(text, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", text) is not None


def slope(rows: list[Spec], x: str, y: str) -> float:
    """The least-squares slope of a table."""
    return by.fit([moment(row[x]) or 0.0 for row in rows], [moment(row[y]) or 0.0 for row in rows])[0]
