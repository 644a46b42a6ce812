"""Predict, then reveal: charts, honest ones among them, whose right answers are computed from their data."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from models import distortions as make
from models import measures as by
from models.tables import iphone
from models.traces_charts import Distortion

RATING = ("1 slight", "2", "3", "4", "5 very large")
TREND = ("it rises", "it falls", "neither")
OPEN = "-"  # a question without an answer


@dataclass(frozen=True)
class Study:
    """Published answers of readers of an honest and of a deceptive chart (Pandey et al. 2015).

    Means of ratings from 1 to 5 with their intervals of 95 %, or right answers and readers.
    """

    what: str
    control: tuple[float, ...]
    deceptive: tuple[float, ...]

    def said(self, honest: bool) -> str:
        """What their readers answered to charts of this kind."""
        mine = self.control if honest else self.deceptive
        kind = "honest" if honest else "deceptive"
        if len(mine) == 2:
            return f"Of {mine[1]:.0f} readers of the {kind} chart in the study {mine[0]:.0f} were right."
        mean, low, high = mine
        return (
            f"Readers of the {kind} chart in the study said {mean:.2f} on the mean [{low:.2f}, {high:.2f}]."
        )


PANDEY = {
    "aspect": Study("aspect ratio", (1.39, 1.23, 1.55), (3.19, 2.76, 3.62)),
    "truncated": Study("truncated bars", (1.45, 1.27, 1.62), (2.77, 2.26, 3.28)),
    "radius": Study("area", (1.71, 1.45, 1.98), (2.71, 2.27, 3.15)),
    "inverted": Study("inverted axis", (39, 40), (7, 38)),
}


@dataclass(frozen=True)
class Question:
    """A chart at ``t``, what is asked, the options, the index of the true one (None for a rating), why."""

    chart: Distortion
    t: float
    ask: str
    options: tuple[str, ...]
    truth: int | None
    told: str

    @property
    def honest(self) -> bool:
        """True for a chart that was not distorted."""
        return self.t == 0

    @property
    def study(self) -> Study | None:
        """The published answers to charts of this kind."""
        return PANDEY.get(self.chart.id)


def _rating(chart: Distortion, t: float, ask: str) -> Question:
    first, last = _change(chart)
    told = f"From {first:g} to {last:g}: the data change by {100 * abs(last / first - 1):.3g} %."
    return Question(chart, t, ask, RATING, None, told)


def _change(chart: Distortion) -> tuple[float, float]:
    values = [float(row["v"]) for row in chart.rows]
    return (values[0], values[-1]) if chart.id == "aspect" else (min(values), max(values))


def trend(x: Sequence[float], y: Sequence[float]) -> int:
    """The place in TREND of the least-squares slope."""
    slope = by.fit(x, y)[0]
    return 2 if slope == 0 else int(slope < 0)


def _trend(chart: Distortion, t: float, ask: str) -> Question:
    x, y = ([float(row[key]) for row in chart.rows] for key in ("x", "v"))
    truth = trend(x, y)
    slope = f"{by.fit(x, y)[0]:+.3g}".replace("-", "−")
    return Question(chart, t, ask, TREND, truth, f"Over all {len(x)} points the slope is {slope} a step.")


def _times(chart: Distortion, t: float, wrong: Sequence[float]) -> Question:
    values = [float(row["v"]) for row in chart.rows]
    true = max(values) / min(values)
    choices = sorted({f"{v:.3g}" for v in (*wrong, true)}, key=float)
    ask = "How many times as large is the largest as the smallest?"
    told = f"{max(values):g} is {true:.3g} times {min(values):g}."
    return Question(chart, t, ask, tuple(f"{c} times" for c in choices), choices.index(f"{true:.3g}"), told)


def _last_step(t: float) -> Question:
    data = iphone()
    last, before = data.units[-1], data.units[-2]
    truth = 0 if last > before else 1
    told = f"{data.quarters[-1]}: {last:,.0f} thousand iPhones, after {before:,.0f} thousand."
    ask = "Did the last quarter sell more than the one before?"
    return Question(make.cumulative(data.years, data.units), t, ask, ("more", "fewer"), truth, told)


def _most(t: float, values: Sequence[float]) -> Question:
    names = make.SHOPS
    truth = int(np.argmax(values))
    told = f"{names[truth]} has {values[truth]:g}, the most of all."
    return Question(make.no_axis(names, values), t, "Which shop sold most?", names, truth, told)


def _grew(t: float) -> Question:
    a, b = [40, 44, 47, 52, 58, 63.0], [200, 204, 207, 213, 216, 222.0]
    rates = [values[-1] / values[0] for values in (a, b)]
    told = f"A grew by {100 * (rates[0] - 1):.3g} %, B by {100 * (rates[1] - 1):.3g} %."
    chart = make.two_axes([2019, 2020, 2021, 2022, 2023, 2024.0], a, b)
    ask = "Which stands higher at the end, where the first year is 100?"
    return Question(chart, t, ask, ("A", "B"), int(np.argmax(rates)), told)


def _fastest(t: float) -> Question:
    x, y = [1980, 2000, 2010, 2015, 2018, 2020.0], [5, 15, 21, 25, 28, 30.5]
    slopes = np.diff(y) / np.diff(x)
    truth = 0 if slopes[0] > slopes[-1] else 1
    told = f"The first step rose by {slopes[0]:.2g} a year, the last by {slopes[-1]:.2g}."
    ask = "When did it rise faster in a year?"
    return Question(make.uneven(x, y), t, ask, ("in the first step", "in the last step"), truth, told)


def _peaks(t: float) -> Question:
    random = np.random.default_rng(8)
    values = [*random.normal(30, 3, 80), *random.normal(50, 3, 80)]
    chart = make.binning(values)
    there = int(chart.measure[0])
    told = f"At bins {chart.given['narrow']:.2g} wide there are {there} peaks."
    return Question(chart, t, "How many peaks do the data have?", ("1", "2", "3"), there - 1, told)


def _within(t: float) -> Question:
    random = np.random.default_rng(6)
    x, y, g = [], [], []
    for index, name in enumerate(("small", "medium", "large")):
        a = random.uniform(0, 3, 10) + 2.5 * index
        x += a.tolist()
        y += (70 - 15 * index + 3 * (a - 2.5 * index) + random.normal(0, 1, 10)).tolist()
        g += [name] * 10
    chart = make.simpson(x, y, g)
    truth = 0 if chart.given["within"] > 0 else 1
    told = f"Within the groups the mean slope is {chart.given['within']:+.2g}."
    return Question(chart, t, "Within one group: does the score rise with the hours?", TREND[:2], truth, told)


def _half(t: float) -> Question:
    names, values = ("tea", "coffee", "water"), (66, 58, 71)
    truth = 0 if values[0] > 50 else 1
    told = f"{values[0]} of 100 people named tea. Several answers each: together {sum(values)} %."
    ask = "Did more than half of the people name tea?"
    return Question(make.pie(names, values), t, ask, ("yes", "no"), truth, told)


def _peak_at(t: float) -> Question:
    month = np.arange(48)
    values = 40 + 25 * np.exp(-(((month - 20) / 3) ** 2)) + np.random.default_rng(9).normal(0, 1.5, 48)
    chart = make.smoothing(month, values)
    true, late = int(values.argmax()), int(np.nanargmax(by.trailing_mean(values, make.WIDEST)))
    choices = sorted({true, late})
    told = f"The largest value stands at {true}. A mean over {make.WIDEST} values peaks at {late}."
    ask = "When was the peak?"
    return Question(chart, t, ask, tuple(f"about {c}" for c in choices), choices.index(true), told)


@cache
def questions() -> tuple[Question, ...]:
    """All questions in the order of the quiz."""
    years = [float(y) for y in range(2012, 2025)]
    fall = [31, 30, 27, 28, 25, 22, 23, 19, 18, 16, 15, 12, 11.0]
    long = [float(y) for y in range(1975, 2025)]
    drop = (60 - 0.3 * np.arange(50) + np.random.default_rng(12).normal(0, 3.5, 50)).tolist()
    level = [20, 22, 21, 24, 23, 25, 26, 24.0]
    shops = ("last year", "this year")
    how = "How large is the difference?"
    return (
        _rating(make.truncated(shops, (240, 254)), 1, how),
        _trend(make.inverted(years, fall), 1, "Which way does it go?"),
        _rating(make.radius(shops, (30, 42)), 0, how),
        _last_step(1),
        _rating(make.aspect(range(8), level), 1, "How large is the rise?"),
        _most(1, (38, 44, 29, 51)),
        _times(make.pictogram(("then", "now"), (8, 20)), 1, (4, 6.25, 15.6)),
        _trend(make.inverted(years, fall[::-1]), 0, "Which way does it go?"),
        _rating(make.truncated(shops, (240, 254)), 0, how),
        _grew(1),
        _trend(make.window(long, drop), 1, "Over all the years: which way does it go?"),
        _fastest(1),
        _rating(make.radius(shops, (30, 42)), 1, how),
        _peaks(1),
        _most(0, (33, 27, 46, 40)),
        _within(1),
        _half(1),
        _times(make.log_axis(years[:8], [1, 3, 8, 22, 60, 170, 480, 1300]), 1, (2, 8, 50)),
        _rating(make.aspect(range(8), level), 0, "How large is the rise?"),
        _peak_at(1),
    )


def parse(text: str) -> str:
    """Answers as a link holds them, a digit or a dash a question; ValueError for anything else."""
    asked = questions()
    if text == "":
        return OPEN * len(asked)
    if len(text) != len(asked) or not all(
        c == OPEN or (c.isascii() and c.isdigit() and int(c) < len(q.options))
        for c, q in zip(text, asked, strict=True)
    ):
        raise ValueError(text)
    return text


def answered(text: str, place: int, option: int) -> str:
    """The answers with one more."""
    return text[:place] + str(option) + text[place + 1 :]


def score(text: str) -> tuple[int, int]:
    """Right answers and answered questions, ratings left out."""
    pairs = [(q, c) for q, c in zip(questions(), text, strict=True) if c != OPEN and q.truth is not None]
    return sum(int(c) == q.truth for q, c in pairs), len(pairs)


def ratings(text: str, honest: bool) -> list[int]:
    """The ratings, 1 to 5, of honest or of distorted charts."""
    pairs = zip(questions(), text, strict=True)
    return [int(c) + 1 for q, c in pairs if c != OPEN and q.truth is None and q.honest == honest]


def collect(text: str, most: int = 500) -> tuple[list[str], int]:
    """The answers in pasted links, and how many lines held none; a class of up to ``most``."""
    found, bad = [], 0
    for line in text.splitlines()[: 4 * most]:
        if not line.strip():
            continue
        match = re.search(r"(?:_a=|^\s*)([-0-9]+)", line)
        try:
            found.append(parse(match[1] if match else "x"))
        except ValueError:
            bad += 1
    return found[:most], bad + max(0, len(found) - most)
