"""Make it lie: one table, a few tools, every label true; scored by the measures of the page.

Points, each from a measure of models.measures:

- exaggeration: 20 · log₂(1 + |shown − true| / |true|), the relative change from the first to the last mark as
  its height shows it against that of the whole table; 0 where it does not go beyond that, the goal's way
- window: half the distance of its percentile from 50
- total: half of what the share of rising steps gains
- frame: a quarter of what it changes in the mean angle of the line, in degrees
- lag: 2 for each step that a mean is late
"""

from dataclasses import dataclass
from math import log2

import numpy as np

from models import measures as by
from models.measures import Array

GOALS = {"boom": "Make it boom", "slump": "Make it slump"}
BASES = {"0": 0.0, "50": 0.5, "80": 0.8, "95": 0.95, "99": 0.99}  # of the smallest value shown
WINDOWS = {
    "all": (0, 36),
    "first": (0, 12),
    "middle": (12, 24),
    "last": (24, 36),
    "half": (24, 30),
    "late": (30, 36),
}
SERIES = {
    "month": "each month",
    "mean3": "mean of up to 3 months",
    "mean12": "mean of up to 12 months",
    "total": "total so far",
}
FRAMES = {"wide": (420, 90), "plain": (380, 240), "narrow": (110, 240)}
NEUTRAL = {"base": "0", "window": "all", "series": "month", "frame": "plain"}
MOST_TOOLS = 2


def sales() -> Array:
    """36 months made by hand: a rise of a few per cent, a season, some noise."""
    month = np.arange(36)
    wave = 26 * np.sin(2 * np.pi * (month - 2) / 12)
    return np.asarray(np.round(400 + 0.9 * month + wave + np.random.default_rng(21).normal(0, 7, 36)))


@dataclass(frozen=True)
class Play:
    """A chart that was made: months and values shown, its baseline and frame, the measures and the points."""

    months: list[int]
    values: list[float]
    base: float
    frame: tuple[int, int]
    shown: float
    true: float
    points: dict[str, float]
    ignored: tuple[str, ...]

    @property
    def total(self) -> float:
        """All points."""
        return sum(self.points.values())

    @property
    def lie_factor(self) -> float:
        """The change shown over the change of the whole table."""
        return self.shown / self.true


def play(goal: str, tools: dict[str, str]) -> Play:
    """The chart that the tools make and its points; tools beyond the first MOST_TOOLS are not used."""
    used = [name for name in NEUTRAL if tools[name] != NEUTRAL[name]]
    ignored = tuple(used[MOST_TOOLS:])
    now = {name: NEUTRAL[name] if name in ignored else tools[name] for name in NEUTRAL}
    raw = sales()
    width = {"mean3": 3, "mean12": 12}.get(now["series"], 1)
    means = np.array([raw[max(0, m - width + 1) : m + 1].mean() for m in range(len(raw))])
    series = np.cumsum(raw) if now["series"] == "total" else means
    first, last = WINDOWS[now["window"]]
    months = list(range(first, last))
    values = series[months]
    base = BASES[now["base"]] * float(values.min())
    shown = float((values[-1] - base) / (values[0] - base) - 1)
    slope, level = by.fit(np.arange(len(raw)), raw)
    true = slope * (len(raw) - 1) / level
    wide, tall = FRAMES[now["frame"]]
    top = float(values.max())
    across = np.linspace(0, wide, len(values))
    angle = by.mean_angle(across, (values - base) / (top - base) * tall)
    plain = by.mean_angle(
        np.linspace(0, FRAMES["plain"][0], len(values)), (values - base) / (top - base) * 240
    )
    right_way = shown > max(true, 0) if goal == "boom" else shown < min(true, 0)
    length = last - first
    percentile = by.window_percentile(raw, first, length)
    points = {
        "exaggeration": 20 * log2(1 + abs(shown - true) / abs(true)) if right_way else 0.0,
        "window": abs(percentile - 50) / 2 if length < len(raw) else 0.0,
        "total": max(0.0, by.rising(values) - by.rising(raw[months])) / 2
        if now["series"] == "total"
        else 0.0,
        "frame": abs(angle - plain) / 4 if now["frame"] != "plain" else 0.0,
        "lag": 2 * (width - 1) / 2,
    }
    return Play(months, values.tolist(), base, (wide, tall), shown, true, points, ignored)
