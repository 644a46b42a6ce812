"""How much a chart distorts: the measure of every distortion on the page *Honest or distorted*.

Sizes are what the eye gets (lengths in pixels, areas, angles), data are the numbers they stand for.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Numbers = Sequence[float] | NDArray[Any]
HONEST = (0.95, 1.05)  # Tufte 1983: a lie factor outside of it is a substantial distortion


class ChartError(ValueError):
    """Numbers that cannot be measured or drawn; str() is one sentence for the visitor."""


def lie_factor(shown: Sequence[float], data: Sequence[float]) -> float:
    """The relative change shown over the relative change in the data (Tufte 1983, p. 57).

    ``shown`` are the first and second size as drawn, ``data`` the first and second value. 1 is honest, below
    0 the direction is reversed. Raises ChartError where a first size is 0 or the data do not change.
    """
    (s1, s2), (d1, d2) = map(float, shown), map(float, data)
    if not all(map(math.isfinite, (s1, s2, d1, d2))):
        raise ChartError("The lie factor needs four finite numbers.")
    if s1 == 0 or d1 == 0:
        raise ChartError("The lie factor compares with the first size and the first value; neither may be 0.")
    if d1 == d2:
        raise ChartError(
            "The two values are equal, so any difference shown is invented; no lie factor exists."
        )
    return ((s2 - s1) / s1) / ((d2 - d1) / d1)


def truncated(first: float, second: float, baseline: float) -> float:
    """The lie factor of bars that start at ``baseline``: d₁ / (d₁ − b)."""
    return lie_factor((first - baseline, second - baseline), (first, second))


def power(first: float, second: float, exponent: float) -> float:
    """The lie factor of a size ∝ value^exponent: k + 1 for 2, k² + k + 1 for 3, with k = second/first."""
    if first <= 0 or second <= 0:
        raise ChartError("A size needs values above 0.")
    return lie_factor((first**exponent, second**exponent), (first, second))


def slope_ratio(shown: Numbers, data: Numbers) -> float:
    """The slope of what is drawn over the slope of the data; below 0 the direction is reversed."""
    place = np.arange(len(data), dtype=float)
    true = _slope(place, np.asarray(data, dtype=float))
    if true == 0:
        raise ChartError("The data neither rise nor fall, so no direction can be reversed.")
    return _slope(place, np.asarray(shown, dtype=float)) / true


def inversions(sizes: Numbers, data: Numbers) -> int:
    """Pairs whose order on the screen contradicts the order of their values."""
    s, d = np.asarray(sizes, dtype=float), np.asarray(data, dtype=float)
    return int(np.sum(np.triu(np.sign(s[:, None] - s) * np.sign(d[:, None] - d) < 0)))


def wrong_order(a: Numbers, b: Numbers, shown_a: Array, shown_b: Array) -> float:
    """Per cent of the points at which two lines stand in the wrong order on the screen."""
    true = np.sign(np.asarray(a, dtype=float) - np.asarray(b, dtype=float))
    seen = np.sign(np.round(shown_a - shown_b, 9))
    return float(100 * np.mean(true * seen < 0))


def rising(values: Numbers) -> float:
    """Per cent of the steps that go up."""
    return float(100 * np.mean(np.diff(np.asarray(values, dtype=float)) > 0))


def mean_angle(x: Numbers, y: Numbers) -> float:
    """Mean |angle| of a line's segments in degrees; ``x`` and ``y`` in pixels (Cleveland 1988)."""
    angles = np.degrees(np.arctan2(np.abs(np.diff(np.asarray(y))), np.diff(np.asarray(x))))
    return float(np.mean(angles))


def window_percentile(y: Numbers, start: int, length: int) -> float:
    """Where a window's slope stands among all of its length: 0 the steepest fall, 100 the steepest rise.

    Ties count half; the whole range, the only window of its length, is 50.
    """
    values = np.asarray(y, dtype=float)
    place = np.arange(length, dtype=float)
    slopes = np.array([_slope(place, values[i : i + length]) for i in range(len(values) - length + 1)])
    own = slopes[start]
    return float(100 * (np.mean(slopes < own - 1e-12) + 0.5 * np.mean(np.abs(slopes - own) <= 1e-12)))


def modes(counts: Numbers) -> int:
    """Peaks of a histogram; a plateau is one peak."""
    heights = [0.0, *(float(c) for c in counts), 0.0]
    flat = [h for i, h in enumerate(heights) if i == 0 or h != heights[i - 1]]
    return sum(a < b > c for a, b, c in zip(flat, flat[1:], flat[2:], strict=False))


def bin_counts(values: Numbers, width: float, origin: float) -> list[int]:
    """Counts of the bins of one ``width`` from ``origin`` on; the bins are floor((v − origin) / width)."""
    place = np.floor((np.asarray(values, dtype=float) - origin) / width).astype(int)
    return np.bincount(place - place.min()).tolist()


def interval_ratio(shown: Numbers, times: Numbers) -> float:
    """Largest over smallest number of years that a centimetre stands for; 1 on a true time scale."""
    years = np.diff(np.asarray(times, dtype=float)) / np.diff(np.asarray(shown, dtype=float))
    return float(years.max() / years.min())


def midpoint_error(at_half: float, low: float, high: float) -> float:
    """How far the value at half the height is from the middle of the axis, in per cent of its range."""
    return 100 * abs(at_half - (low + high) / 2) / (high - low)


def reversals(lightness: Numbers) -> int:
    """How often a colour map turns from lighter to darker or back; 0 for a map that can be read in grey."""
    steps = np.diff(np.asarray(lightness, dtype=float))
    signs = np.sign(steps[np.abs(steps) > 1e-3])
    return int(np.sum(signs[1:] != signs[:-1]))


def lightness(rgb: Array) -> Array:
    """CIE L* of sRGB colours (n, 3) in 0 … 255."""
    part = rgb / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.where(y > (6 / 29) ** 3, 116 * np.cbrt(y) - 16, y * (29 / 3) ** 3)


def correlation(a: Numbers, b: Numbers) -> float:
    """Pearson's r; raises ChartError where one side is constant."""
    x, y = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise ChartError("A constant column has no correlation.")
    return float(np.corrcoef(x, y)[0, 1])


def trailing_mean(values: Numbers, width: int) -> Array:
    """The mean of each value and the ``width`` − 1 before it; NaN until there are so many."""
    total = np.cumsum([0.0, *values])
    out = np.full(len(values), np.nan)
    out[width - 1 :] = (total[width:] - total[:-width]) / width
    return out


def fit(x: Numbers, y: Numbers) -> tuple[float, float]:
    """Slope and intercept of the least-squares line."""
    a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    slope = _slope(a, b)
    return slope, float(b.mean() - slope * a.mean())


def _slope(x: Array, y: Array) -> float:
    spread = x - x.mean()
    size = float(spread @ spread)
    return float(spread @ (y - y.mean()) / size) if size else 0.0


def along(measure: Callable[[float], Any], steps: int = 100) -> Array:
    """A measure at t = 0, 1/steps … 1."""
    return np.array([float(measure(step / steps)) for step in range(steps + 1)])
