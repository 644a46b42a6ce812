"""The records that travel from models.distortion to the drawing of charts."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEPS = 100  # a slider runs from 0 (honest) to 100 (distorted)


@dataclass(frozen=True)
class Distortion:
    """One distortion of one table, measured at every stop of its slider.

    ``rows`` are the table as Vega-Lite takes it; ``given`` the numbers that the drawing needs, so that what
    is measured and what is drawn are the same. ``measure`` has shape (STEPS + 1,), NaN where it is not
    defined; ``honest`` is the range of the measure that counts as honest, ``inside`` the stops within it.
    ``unit`` follows the printed number.
    """

    id: str
    rows: list[dict[str, Any]]
    given: dict[str, Any]
    measure: NDArray[np.float64]
    name: str
    honest: tuple[float, float]
    unit: str = ""
    digits: int = 2
    also: str = ""
    inside: NDArray[np.bool_] = field(init=False)
    leaves: int | None = field(init=False)

    def __post_init__(self) -> None:
        low, high = self.honest
        inside = (self.measure >= low - 1e-9) & (self.measure <= high + 1e-9)
        outside = np.flatnonzero(~inside)
        object.__setattr__(self, "inside", inside)
        object.__setattr__(self, "leaves", int(outside[0]) if len(outside) else None)


@dataclass(frozen=True)
class Finding:
    """What the linter found in a specification: where, how much, why it matters and when it is all right.

    ``path`` leads to the place in the specification; ``number`` measures the finding where data allow it.
    """

    rule: str
    title: str
    reason: str
    all_right: str
    path: tuple[str | int, ...] = ()
    number: str = ""
