"""Lines over a text or over steps: panels one under the other, read together under the pointer.

The browser's half is components/figures/tracks.js.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from components.figures import figure, message

_TRACKS = figure("tracks")
Dash = Literal["solid", "dashed", "dotted"]


@dataclass(frozen=True)
class Line:
    """One line: a value a column, NaN where there is none; without a name it stands behind others, unread.

    ``colour`` is drawn on a light page, ``dark`` on a dark one (the same unless given). ``steps`` keeps a
    value over its whole column. ``wide`` is in pixels; a ``pale`` line lies behind others as their aim.
    With ``upto`` it is the edge of a band without a name, which reaches from the values to these.
    """

    name: str
    values: NDArray[Any]
    colour: str
    dark: str = ""
    dash: Dash = "solid"
    wide: float = 2.2
    pale: bool = False
    steps: bool = False
    upto: NDArray[Any] | None = None


@dataclass(frozen=True)
class Track:
    """One panel: its lines, and an axis from ``low`` to ``high``, by ratios where ``log``.

    A value outside is drawn at the edge. ``share`` is its part of the height; ``digits`` are printed under
    the pointer.
    """

    title: str
    lines: Sequence[Line]
    low: float
    high: float
    log: bool = False
    share: float = 1
    digits: int = 3


def tracks(
    panels: Sequence[Track],
    *,
    label: str,
    key: str,
    letters: Sequence[str] = (),
    row: str = "step",
    title: str = "",
    start: float = 0,
    step: float = 1,
    at: int | None = None,
    param: str = "",
    named: bool = True,
    height: int = 400,
) -> None:
    """Draw the panels; where ``named`` is False something else tells which line is which.

    The columns are numbered from ``start`` by ``step``; ``letters`` stand there instead.
    ``row`` names a column under the pointer, ``title`` the axis. ``at`` marks a column; a click on a column
    puts its number into the address as ``param``.
    """
    columns = {len(line.values) for panel in panels for line in panel.lines}
    if len(columns) != 1 or (letters and {len(letters)} != columns):
        raise ValueError(f"All lines and letters need one length, not {sorted(columns | {len(letters)})}.")
    header = {
        "panels": [
            {
                "title": panel.title,
                "low": panel.low,
                "high": panel.high,
                "log": panel.log,
                "share": panel.share,
                "digits": panel.digits,
                "lines": [
                    {
                        "name": line.name,
                        "colour": line.colour,
                        "dark": line.dark or line.colour,
                        "dash": line.dash,
                        "wide": line.wide,
                        "pale": line.pale,
                        "steps": line.steps,
                        "band": line.upto is not None,
                    }
                    for line in panel.lines
                ],
            }
            for panel in panels
        ],
        "columns": columns.pop(),
        "letters": list(letters),
        "row": row,
        "title": title,
        "start": start,
        "step": step,
        "at": at,
        "param": param,
        "named": named,
        "label": label,
        "height": height,
    }
    rows = [
        np.asarray(row)
        for panel in panels
        for line in panel.lines
        for row in (line.values, line.upto)
        if row is not None
    ]
    _TRACKS(data=message(header, *rows), key=key)
