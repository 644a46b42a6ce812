"""The distortions of the page *Honest or distorted*: each a table and its measure at every stop.

A maker takes plain columns and gives a Distortion; ``EXAMPLES`` calls each with a table made by hand (or,
where said so, real). t runs from 0 (honest) to 1 (distorted).
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from models import measures as by
from models.measures import HONEST, Array, ChartError, Numbers, along, lightness
from models.tables import iphone
from models.traces_charts import STEPS, Distortion

Names = Sequence[str]
WIDTH, HEIGHT = 420.0, 260.0  # the plot at its natural size, pixels; only ratios of them are measured
FULL = 0.88  # the share of its width that the squeezed chart gives up
WINDOW = 0.22  # the share of the range that a picked window keeps
WIDEST = 12  # values in the longest trailing mean


def blend(t: float, honest: Any, distorted: Any) -> Any:
    """``honest`` at t = 0, ``distorted`` at 1, on a straight way between."""
    return (1 - t) * np.asarray(honest, dtype=float) + t * np.asarray(distorted, dtype=float)


def _bars(names: Names, values: Numbers, *, positive: bool = True) -> tuple[list[dict[str, Any]], Array]:
    v = np.asarray(values, dtype=float)
    if len(v) < 2 or not np.isfinite(v).all():
        raise ChartError("This chart needs at least two rows with a number each.")
    if positive and v.min() <= 0:
        raise ChartError(f"This chart needs values above 0; the smallest is {v.min():g}.")
    return [{"name": str(n), "v": float(x)} for n, x in zip(names, v, strict=True)], v


def _series(x: Numbers, values: Numbers, least: int = 4) -> tuple[list[dict[str, Any]], Array, Array]:
    at, v = np.asarray(x, dtype=float), np.asarray(values, dtype=float)
    if len(v) < least or not (np.isfinite(v).all() and np.isfinite(at).all()):
        raise ChartError(f"This chart needs at least {least} points in time, each with a number.")
    if (np.diff(at) <= 0).any():
        raise ChartError("This chart needs times that rise from row to row.")
    if np.ptp(v) == 0:
        raise ChartError("All values are equal, so no chart of them can mislead by its shape.")
    return [{"i": i, "x": float(a), "v": float(b)} for i, (a, b) in enumerate(zip(at, v, strict=True))], at, v


def _extremes(v: Array) -> tuple[float, float]:
    if v.min() == v.max():
        raise ChartError("All values are equal, so no difference can be exaggerated.")
    return float(v.min()), float(v.max())


def truncated(names: Names, values: Numbers) -> Distortion:
    """Bars from a baseline that rises; the lie factor of the smallest against the largest."""
    rows, v = _bars(names, values)
    low, high = _extremes(v)
    base = max(low - 0.6 * (high - low), 0.5 * low)
    measure = along(lambda t: by.truncated(low, high, t * base))
    return Distortion("truncated", rows, {"base": base, "top": high}, measure, "lie factor", HONEST)


def _powered(id: str, least: float, names: Names, values: Numbers) -> Distortion:
    rows, v = _bars(names, values)
    low, high = _extremes(v)
    dimensions = 1 / least
    measure = along(lambda t: by.power(low, high, dimensions * (least + t * (1 - least))))
    return Distortion(id, rows, {"least": least, "top": high}, measure, "lie factor", HONEST)


def radius(names: Names, values: Numbers) -> Distortion:
    """Circles: radius ∝ value^p, p from ½ (area true) to 1."""
    return _powered("radius", 1 / 2, names, values)


def pictogram(names: Names, values: Numbers) -> Distortion:
    """Cubes: edge ∝ value^p, p from ⅓ (volume true) to 1."""
    return _powered("pictogram", 1 / 3, names, values)


def inverted(x: Numbers, values: Numbers) -> Distortion:
    """The y axis turns over."""
    rows, _, v = _series(x, values)
    measure = along(lambda t: by.slope_ratio(blend(t, v, -v), v))
    return Distortion("inverted", rows, {}, measure, "slope shown ÷ slope in the data", HONEST)


def two_axes(x: Numbers, a: Numbers, b: Numbers) -> Distortion:
    """Two lines, first on one index scale; then the second gets an axis of its own."""
    rows, at, first = _series(x, a)
    _, _, second = _series(x, b)
    if first[0] <= 0 or second[0] <= 0:
        raise ChartError("An index needs first values above 0.")
    p, q = 100 * first / first[0], 100 * second / second[0]
    low, high = float(min(p.min(), q.min())), float(max(p.max(), q.max()))
    room = 0.08 * (high - low)
    one = np.array([low - room, high + room])
    span = float(np.ptp(q)) or 1.0
    own = np.array([q.min() - 1.2 * span, q.max() + 0.03 * span])

    def order(t: float) -> float:
        edge = blend(t, one, own)
        return by.wrong_order(p, q, (p - one[0]) / np.ptp(one), (q - edge[0]) / np.ptp(edge))

    rows = [{"x": float(i), "a": float(m), "b": float(n)} for i, m, n in zip(at, p, q, strict=True)]
    given = {"one": one.tolist(), "own": own.tolist()}
    return Distortion("two_axes", rows, given, along(order), "points in the wrong order", (0, 0), " %", 0)


def no_axis(names: Names, values: Numbers) -> Distortion:
    """No axis, and marks that do not match the numbers beside them: the heights trade places."""
    rows, v = _bars(names, values, positive=False)
    low, _ = _extremes(v)
    if low < 0:
        raise ChartError("This chart needs values of at least 0.")
    order = np.argsort(v, kind="stable")
    wrong = v.copy()
    wrong[order] = v[order[::-1]]
    rows = [row | {"wrong": float(w)} for row, w in zip(rows, wrong, strict=True)]
    measure = along(lambda t: by.inversions(np.round(blend(t, v, wrong), 9), v))
    return Distortion("no_axis", rows, {}, measure, "pairs in the wrong order", (0, 0), "", 0)


def cumulative(x: Numbers, values: Numbers) -> Distortion:
    """Totals since the beginning instead of what happened in each period."""
    rows, _, v = _series(x, values)
    if v.min() < 0:
        raise ChartError("A cumulative chart always rises only where no value is below 0.")
    total = np.cumsum(v)
    rows = [row | {"sum": float(s)} for row, s in zip(rows, total, strict=True)]
    measure = along(lambda t: by.rising(blend(t, v, total)))
    start = float(measure[0])
    given = {"top": [float(v.max()), float(total[-1])]}
    name = "steps that rise"
    return Distortion("cumulative", rows, given, measure, name, (start, start), " %", 0)


def aspect(x: Numbers, values: Numbers) -> Distortion:
    """The same line, squeezed; at t = 0 its segments stand at 45° on the mean."""
    rows, at, v = _series(x, values)
    across = (at - at[0]) / (at[-1] - at[0])
    up = (v - v.min()) / np.ptp(v)

    def angle(wide: float, tall: float) -> float:
        return by.mean_angle(across * wide, up * tall)

    wide, tall = WIDTH, HEIGHT
    low, high = 1e-3, 1.0
    for _ in range(60):
        half = (low + high) / 2
        steep = (
            angle(WIDTH, HEIGHT * half) if angle(WIDTH, HEIGHT) >= 45 else 90 - angle(WIDTH * half, HEIGHT)
        )
        low, high = (half, high) if steep < 45 else (low, half)
    if angle(WIDTH, HEIGHT) >= 45:
        tall = HEIGHT * high
    else:
        wide = WIDTH * high
    measure = along(lambda t: angle(wide * (1 - FULL * t), tall))
    given = {"wide": wide / WIDTH, "tall": tall / HEIGHT, "less": FULL}
    return Distortion("aspect", rows, given, measure, "mean angle", (40, 50), "°", 0)


def window(x: Numbers, values: Numbers) -> Distortion:
    """The window whose slope contradicts the whole most."""
    rows, at, v = _series(x, values, 8)
    n = len(v)
    length = max(3, round(WINDOW * n))
    whole = by.fit(at, v)[0]
    slopes = [by.fit(at[i : i + length], v[i : i + length])[0] for i in range(n - length + 1)]
    start = int(np.argmin(slopes) if whole >= 0 else np.argmax(slopes))

    def ends(t: float) -> tuple[int, int]:
        return round(t * start), round(blend(t, n - 1, start + length - 1).item())

    def percentile(t: float) -> float:
        first, last = ends(t)
        return by.window_percentile(v, first, last - first + 1)

    stops = [ends(step / STEPS) for step in range(STEPS + 1)]
    given = {
        "first": [float(at[a]) for a, _ in stops],
        "last": [float(at[b]) for _, b in stops],
        "slopes": [by.fit(at[a : b + 1], v[a : b + 1])[0] for a, b in stops],
    }
    name = "percentile of its slope among all windows"
    return Distortion("window", rows, given, along(percentile), name, (5, 95), "", 0)


def binning(values: Numbers) -> Distortion:
    """A histogram whose bins grow until the shape is gone; the honest twin is a density."""
    v = np.sort(np.asarray(values, dtype=float))
    if len(v) < 8 or not np.isfinite(v).all() or np.ptp(v) == 0:
        raise ChartError("A histogram needs at least eight different numbers.")
    iqr = float(np.subtract(*np.percentile(v, [75, 25]))) or float(np.ptp(v)) / 2
    narrow = 2 * iqr / len(v) ** (1 / 3)  # Freedman and Diaconis 1981
    narrow = max(narrow, float(np.ptp(v)) / 60)
    wide = max(float(np.ptp(v)) * 0.75, narrow * 1.5)
    origin = float(np.floor(v[0] / narrow) * narrow)
    bandwidth = 0.9 * min(v.std(ddof=1), iqr / 1.34) * len(v) ** -0.2  # Silverman 1986
    grid = np.linspace(v[0] - 2 * bandwidth, v[-1] + 2 * bandwidth, 120)
    bells = np.exp(-0.5 * ((grid[:, None] - v) / bandwidth) ** 2)  # (grid, n)
    density = bells.mean(axis=1) / (bandwidth * np.sqrt(2 * np.pi))

    def width(t: float) -> float:
        return float(narrow * (wide / narrow) ** t)

    counts = by.bin_counts(v, narrow, origin)
    start = by.modes(counts)
    given = {
        "narrow": narrow,
        "wide": wide,
        "origin": origin,
        "curve": [{"x": float(a), "density": float(b)} for a, b in zip(grid, density, strict=True)],
        "top": 1.15 * max(float(density.max()), max(counts) / len(v) / narrow),
    }
    measure = along(lambda t: by.modes(by.bin_counts(v, width(t), origin)))
    rows = [{"v": float(value)} for value in v]
    return Distortion("binning", rows, given, measure, "peaks", (start, start), "", 0)


def uneven(x: Numbers, values: Numbers) -> Distortion:
    """Uneven times drawn at even steps."""
    rows, at, _ = _series(x, values, 3)
    if np.allclose(np.diff(at), np.diff(at)[0]):
        raise ChartError("The times are even already, so even steps are true.")
    even = np.linspace(at[0], at[-1], len(at))
    rows = [row | {"even": float(e)} for row, e in zip(rows, even, strict=True)]
    measure = along(lambda t: by.interval_ratio(blend(t, at, even), at))
    return Distortion("uneven", rows, {}, measure, "largest ÷ smallest interval per centimetre", HONEST)


def log_axis(x: Numbers, values: Numbers) -> Distortion:
    """An axis that becomes logarithmic and loses its labels."""
    rows, _, v = _series(x, values, 3)
    if v.min() <= 0:
        raise ChartError(f"A log axis needs values above 0; the smallest is {v.min():g}.")
    low, high = float(v.min()), float(v.max())
    fine = np.geomspace(low, high, 4001)

    def error(t: float) -> float:
        place = blend(t, (fine - low) / (high - low), np.log(fine / low) / np.log(high / low))
        return by.midpoint_error(float(np.interp(0.5, place, fine)), low, high)

    name = "error at half the height"
    return Distortion("log_axis", rows, {"low": low, "high": high}, along(error), name, (0, 5), " %", 0)


# Nine colours of viridis (van der Walt, Smith 2015) and the rainbow of old plotting programs.
VIRIDIS = ("440154", "472d7b", "3b528b", "2c728e", "21918c", "28ae80", "5ec962", "addc30", "fde725")
RAINBOW = ("00008f", "0000ff", "0080ff", "00ffff", "80ff80", "ffff00", "ff8000", "ff0000", "800000")


def colours(stops: Sequence[str], at: Array) -> Array:
    """Colours (n, 3) in 0 … 255 at places 0 … 1 of a map given by even stops."""
    rgb = np.array([[int(stop[i : i + 2], 16) for i in (0, 2, 4)] for stop in stops], dtype=float)
    grid = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(at, grid, rgb[:, part]) for part in range(3)], axis=1)


def rainbow(field: Array) -> Distortion:
    """A field (rows, columns) of values 0 … 1 by an even map of colours and by a rainbow."""
    scale = np.linspace(0, 1, 65)
    good, bad = colours(VIRIDIS, scale), colours(RAINBOW, scale)

    def cells(at: Array, keys: dict[str, Array]) -> list[dict[str, Any]]:
        pairs = np.hstack([colours(VIRIDIS, at), colours(RAINBOW, at)]).round().astype(int)
        names = ("r0", "g0", "b0", "r1", "g1", "b1")
        return [
            {key: float(value[i]) for key, value in keys.items()}
            | dict(zip(names, map(int, pair), strict=True))
            for i, pair in enumerate(pairs)
        ]

    row, column = np.indices(field.shape, dtype=float)
    rows = cells(field.ravel(), {"row": row.ravel(), "col": column.ravel(), "v": field.ravel()})
    given = {"key": cells(scale, {"v": scale}), "shape": list(field.shape)}
    measure = along(lambda t: by.reversals(lightness(blend(t, good, bad))))
    return Distortion("rainbow", rows, given, measure, "turns of lightness", (0, 0), "", 0)


def pie(names: Names, values: Numbers) -> Distortion:
    """Shares of people, who may name several things, as slices of one whole."""
    rows, v = _bars(names, values)
    if abs(v.sum() - 100) < 0.5:
        raise ChartError("The values add up to 100, so a pie is true to them.")
    share = 100 * v / v.sum()
    rows = [row | {"i": i, "share": float(s)} for i, (row, s) in enumerate(zip(rows, share, strict=True))]
    measure = along(lambda t: abs(blend(t, share, v).sum() - 100))
    return Distortion("pie", rows, {}, measure, "|sum − 100|", (0, 0), " points", 0)


def counts_map(population: Numbers, cases: Numbers, columns: int) -> Distortion:
    """Regions coloured by cases instead of cases a head."""
    people, many = np.asarray(population, dtype=float), np.asarray(cases, dtype=float)
    rate = many / people
    p, q = rate / rate.max(), many / many.max()
    rows = [
        {
            "col": i % columns,
            "row": i // columns,
            "people": float(n),
            "cases": float(c),
            "rate": float(1000 * c / n),
            "p": float(a),
            "q": float(b),
        }
        for i, (n, c, a, b) in enumerate(zip(people, many, p, q, strict=True))
    ]
    chance = 2 / np.sqrt(len(rows))  # |r| of unrelated columns stays below in 95 of 100 cases
    measure = along(lambda t: by.correlation(blend(t, p, q), people))
    name = "correlation of the colour with population"
    return Distortion("counts_map", rows, {"columns": columns}, measure, name, (-chance, chance))


def smoothing(x: Numbers, values: Numbers) -> Distortion:
    """A trailing mean over ever more values."""
    rows, at, v = _series(x, values, 2 * WIDEST)
    long = [
        {"x": float(a), "v": float(m), "w": width}
        for width in range(1, WIDEST + 1)
        for a, m in zip(at, by.trailing_mean(v, width), strict=True)
        if np.isfinite(m)
    ]

    def width(t: float) -> int:
        return round(1 + (WIDEST - 1) * t)

    gone = [
        float(1 - np.nanvar(by.trailing_mean(v, width(step / STEPS))) / np.var(v))
        for step in range(STEPS + 1)
    ]
    measure = along(lambda t: (width(t) - 1) / 2)
    given = {"long": long, "widest": WIDEST, "gone": gone}
    return Distortion("smoothing", rows, given, measure, "lag", (0, 0.5), " steps", 1)


def simpson(x: Numbers, y: Numbers, groups: Names) -> Distortion:
    """One line through several groups that each go the other way."""
    a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    names = list(dict.fromkeys(groups))
    member = np.array([names.index(group) for group in groups])
    pooled = by.fit(a, b)
    lines, within = [], []
    parts = [a[member == index] for index in range(len(names))]
    for index, name in enumerate(names):
        mine = member == index
        slope, level = by.fit(a[mine], b[mine])
        within.append(slope)
        for end in (a[mine].min(), a[mine].max()):
            lines.append(
                {
                    "g": name,
                    "x": float(end),
                    "far": _halfway(float(end), parts, end > a[mine].min()),
                    "level": level,
                    "slope": slope,
                }
            )
    mean = float(np.mean(within))
    if mean == 0:
        raise ChartError("The groups have no slope of their own on the mean.")
    rows = [{"x": float(p), "y": float(q), "g": g} for p, q, g in zip(a, b, groups, strict=True)]
    measure = along(lambda t: blend(t, mean, pooled[0]).item() / mean)
    given = {"lines": lines, "within": mean, "pooled": pooled[0], "level": pooled[1]}
    return Distortion("simpson", rows, given, measure, "slope drawn ÷ slope within the groups", HONEST)


def _halfway(end: float, parts: Sequence[Array], upwards: bool) -> float:
    """The middle of the gap between an end of a group and the next group, so that one line has no gap."""
    gaps = [
        part.min() - end if upwards else end - part.max()
        for part in parts
        if (part.min() > end if upwards else part.max() < end)
    ]
    return float(end + (min(gaps, default=0) / 2 if upwards else -min(gaps, default=0) / 2))


def spurious(a: Numbers, b: Numbers, searched: int = 1) -> Distortion:
    """Two things that both drift: their changes against their levels."""
    p, q = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    if len(p) < 6:
        raise ChartError("A correlation of changes needs at least six points.")

    def z(values: Array) -> Array:
        if np.ptp(values) == 0:
            raise ChartError("A constant column has no correlation.")
        return (values - values.mean()) / values.std()

    parts = {"da": z(np.diff(p)), "db": z(np.diff(q)), "la": z(p[1:]), "lb": z(q[1:])}
    rows = [{"i": i} | {key: float(value[i]) for key, value in parts.items()} for i in range(len(p) - 1)]
    chance = 2 / np.sqrt(len(rows))
    measure = along(
        lambda t: by.correlation(blend(t, parts["da"], parts["la"]), blend(t, parts["db"], parts["lb"]))
    )
    name = "correlation r"
    also = f"the best of {searched:,} pairs" if searched > 1 else ""
    return Distortion("spurious", rows, {"searched": searched}, measure, name, (-chance, chance), also=also)


def _walks() -> Distortion:
    walks = np.cumsum(np.random.default_rng(7).normal(size=(40, 40)), axis=1)
    r = np.triu(np.corrcoef(walks), 1)
    i, j = np.unravel_index(int(r.argmax()), r.shape)
    return spurious(walks[i].tolist(), walks[j].tolist(), searched=40 * 39 // 2)


def _hill() -> Array:
    y, x = np.mgrid[-1:1:14j, -1.4:1.4:20j]  # (14, 20)
    return np.asarray(np.exp(-(x**2 + y**2) * 1.1))


def _regions() -> Distortion:
    random = np.random.default_rng(4)
    people = np.exp(random.normal(12.5, 0.75, 24)).round()
    rate = random.uniform(0.8, 3.2, 24) / 1000
    return counts_map(people.tolist(), (people * rate).round().tolist(), 6)


def _strata() -> Distortion:
    random = np.random.default_rng(2)
    x, y, g = [], [], []
    for index, name in enumerate(("first year", "second year", "third year")):
        a = random.uniform(0, 3, 14) + 2.2 * index
        x += a.tolist()
        y += (78 - 17 * index + 4.2 * (a - 2.2 * index) + random.normal(0, 2.2, 14)).tolist()
        g += [name] * 14
    return simpson(x, y, g)


def _two_humps() -> list[float]:
    random = np.random.default_rng(1)
    return [*random.normal(52, 5, 90).tolist(), *random.normal(80, 5, 70).tolist()]


def _climb(n: int, rise: float, noise: float, seed: int) -> list[float]:
    random = np.random.default_rng(seed)
    return (20 + rise * np.arange(n) + random.normal(0, noise, n)).round(2).tolist()


def _months() -> list[float]:
    random = np.random.default_rng(5)
    month = np.arange(48)
    return (50 + 30 * np.exp(-(((month - 24) / 3) ** 2)) + random.normal(0, 3, 48)).round(2).tolist()


YEARS = [float(year) for year in range(2015, 2025)]
SHOPS = ("North", "South", "East", "West")
EXAMPLES: dict[str, Callable[[], Distortion]] = {
    "truncated": lambda: truncated(("last year", "this year"), (100, 105)),
    "radius": lambda: radius(("then", "now"), (10, 20)),
    "pictogram": lambda: pictogram(("then", "now"), (10, 20)),
    "inverted": lambda: inverted(YEARS, [12, 14, 13, 17, 19, 22, 21, 26, 29, 31]),
    "two_axes": lambda: two_axes(
        YEARS, [40, 43, 45, 49, 52, 56, 58, 61, 66, 70], [800, 812, 830, 842, 851, 868, 880, 893, 905, 920]
    ),
    "no_axis": lambda: no_axis(SHOPS, (44, 39, 33, 27)),
    "cumulative": lambda: cumulative(iphone().years, iphone().units),
    "aspect": lambda: aspect(range(8), [20, 27, 24, 31, 22, 29, 33, 30]),
    "window": lambda: window([float(y) for y in range(1965, 2025)], _climb(60, 0.25, 3.0, 11)),
    "binning": lambda: binning(_two_humps()),
    "uneven": lambda: uneven([1990, 2010, 2015, 2018, 2019, 2020], [10, 20, 22.5, 24, 24.5, 25]),
    "log_axis": lambda: log_axis(YEARS, [1, 2, 5, 10, 22, 46, 100, 215, 464, 1000]),
    "rainbow": lambda: rainbow(_hill()),
    "pie": lambda: pie(("bus", "bicycle", "car"), (70, 63, 60)),
    "counts_map": _regions,
    "smoothing": lambda: smoothing(range(48), _months()),
    "simpson": _strata,
    "spurious": _walks,
}
