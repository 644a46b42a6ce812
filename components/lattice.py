"""Unrolled networks with the roads that lead into one output; the browser's half is figures/lattice.js."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.colours import palette
from components.figures import figure, message

_LATTICE = figure("lattice")
Edge = tuple[int, int, int]  # from row, to row, how many steps later


@dataclass(frozen=True)
class Network:
    """One network, drawn once a step.

    ``rows`` from the input up to the output. ``values`` are (rows, steps), or (steps, rows, steps) where they
    depend on the output that is looked at, which is the first index.
    """

    title: str
    rows: Sequence[str]
    edges: Sequence[Edge]
    values: NDArray[Any]


@dataclass(frozen=True)
class Shade:
    """What the colour of a node means; by ratios where ``log``."""

    title: str
    low: float
    high: float
    log: bool = False
    digits: int = 0


def lattice(
    networks: Sequence[Network],
    shade: Shade,
    *,
    letters: Sequence[str],
    at: int,
    param: str,
    label: str,
    key: str,
    height: int = 360,
) -> None:
    """Draw networks side by side; the pointer chooses an output, a click puts its step into the address."""
    header = {
        "panels": [
            {
                "title": network.title,
                "rows": list(network.rows),
                "edges": list(network.edges),
                "copies": network.values.shape[0] if network.values.ndim == 3 else 1,
            }
            for network in networks
        ],
        "steps": len(letters),
        "letters": list(letters),
        "scale": asdict(shade),
        "palette": {scheme: palette("sequential", scheme) for scheme in ("light", "dark")},
        "at": at,
        "param": param,
        "label": label,
        "height": height,
    }
    _LATTICE(data=message(header, *(np.asarray(network.values) for network in networks)), key=key)
