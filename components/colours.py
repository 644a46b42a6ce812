"""Colour maps even in perceived lightness: one for 0 to a largest value, one centred on 0."""

from collections.abc import Sequence
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Scheme = Literal["light", "dark"]
Kind = Literal["sequential", "diverging"]
STEPS = 255  # odd, so that 0 has a colour of its own
# Nothing is the page's own colour; blue below 0, brown above, as far apart for every kind of colour sight.
STOPS: dict[Kind, dict[Scheme, tuple[str, ...]]] = {
    "sequential": {
        "light": ("#f4f8fc", "#4a94cf", "#08306b"),
        "dark": ("#1b222c", "#2f7fc1", "#e4f1fc"),
    },
    "diverging": {
        "light": ("#08306b", "#4a94cf", "#f6f7f8", "#d98a2b", "#6b3305"),
        "dark": ("#a9d8ff", "#2f7fc1", "#1b222c", "#b9731c", "#ffc98a"),
    },
}
# Oklab, https://bottosson.github.io/posts/oklab/
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)


def oklab(colour: str) -> NDArray[np.float64]:
    """Lightness, green–red and blue–yellow of a colour like #0072b2."""
    value = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return TO_LAB @ np.cbrt(TO_CONES @ linear)


def _hex(lab: NDArray[np.float64]) -> str:
    linear = np.clip(np.linalg.solve(TO_CONES, np.linalg.solve(TO_LAB, lab) ** 3), 0, 1)
    value = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * v):02x}" for v in value)


@cache
def palette(kind: Kind, scheme: Scheme, steps: int = STEPS) -> tuple[str, ...]:
    """``steps`` colours; lightness changes by the same amount from each to the next in a half or a whole."""
    stops = STOPS[kind][scheme]
    if kind == "sequential":
        return tuple(_even(stops, steps))
    half = steps // 2 + 1
    return (*_even(stops[2::-1], half)[:0:-1], *_even(stops[2:], half))


def _even(stops: Sequence[str], steps: int) -> list[str]:
    labs = np.array([oklab(stop) for stop in stops])
    order = np.argsort(labs[:, 0])
    lightness = np.linspace(labs[0, 0], labs[-1, 0], steps)
    return [
        _hex(np.array([at, *(np.interp(at, labs[order, 0], labs[order, part]) for part in (1, 2))]))
        for at in lightness
    ]


# One hue a gate on every page, (light, dark); what an LSTM and a GRU do alike shares a hue.
GATE_HUES = {
    "forget": ("#d55e00", "#ff8f5c"),
    "input": ("#0072b2", "#56a8e0"),
    "candidate": ("#a8477f", "#e09cc4"),
    "output": ("#007a5a", "#3fc19b"),
    "update": ("#d55e00", "#ff8f5c"),
    "reset": ("#0072b2", "#56a8e0"),
    "hidden": ("#6b7280", "#9aa4b2"),
}


def needs_light_ink(colours: Sequence[str]) -> str:
    """For each colour "1" where white letters read better on it than black ones, else "0"."""
    return "".join("1" if oklab(colour)[0] < 0.6 else "0" for colour in colours)
