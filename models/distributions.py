"""The shape of a column: moments, order statistics, bootstrap, transformations.

g1 = m3 / m2^1.5 and g2 = m4 / m2² − 3 with m_k = Σ (x − mean)^k / n; G1 and G2 are corrected for the size of
the sample (Joanes and Gill 1998). L-moments after Hosking 1990, the medcouple after Brys, Hubert and Struyf
2004.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

from models.errors import NumberError
from models.traces import Array
from models.traces_distributions import Description, Interval, Shape, Transformed

GRID = 320  # places of a density curve
MOST_BINS = 60
WHISKER = 1.5  # interquartile ranges, Tukey's choice
TAIL = 0.05  # share of the values that winsorising moves, at each end
SMALLEST, LARGEST = 1e-300, 1e300  # so that nothing overflows on the way
NARROWEST = 1e-7  # a spread below this share of the largest value is rounding, not shape
COMMON = 0.05
CHUNK = 2_000_000  # numbers held at once
BISECTIONS = 60  # halvings of an interval of length 2: beyond float64
NAN = float("nan")


def finite(x: ArrayLike) -> tuple[Array, int]:
    """The finite values of a column in their order, and how many others there were.

    Raises NumberError where no value is left or the largest cannot be computed with.
    """
    column = np.asarray(x, float).ravel()
    values = column[np.isfinite(column)]
    if not len(values):
        raise NumberError("The column has no number. Give at least one.")
    largest = np.abs(values).max()
    if largest and not SMALLEST <= largest <= LARGEST:
        raise NumberError(
            f"The largest number of the column is {largest:.3g}; "
            f"it must have a size between {SMALLEST:g} and {LARGEST:g}, or be 0."
        )
    return values, len(column) - len(values)


def describe(x: ArrayLike, curve: tuple[Array, Array, float] | None = None) -> Description:
    """Every number of a column; NaN and infinite values are left out and counted. Raises NumberError
    (``finite``).

    ``curve`` is the column's density_curve where it is known already.
    """
    values, left_out = finite(x)
    n = len(values)
    scale = float(np.abs(values).max()) or 1.0
    unit = values / scale  # so that no power overflows
    mean = float(unit.mean())
    g1, g2 = _moment_ratios(unit)
    tau3, tau4 = l_moment_ratios(values)
    low, quarter, median, three_quarters, high = np.quantile(unit, [0, 0.25, 0.5, 0.75, 1]) * scale
    mode, count = _mode(values, curve)
    return Description(
        n=n,
        left_out=left_out,
        mean=mean * scale,
        median=float(median),
        mode=mode,
        mode_count=count,
        sd=float(unit.std(ddof=1) * scale) if n > 1 else NAN,
        low=float(low),
        quartiles=(float(quarter), float(three_quarters)),
        high=float(high),
        g1=g1,
        g1_corrected=correct_g1(g1, n),
        g2=g2,
        g2_corrected=correct_g2(g2, n),
        l_skewness=tau3,
        l_kurtosis=tau4,
        medcouple=medcouple(values),
        constant=is_constant(values),
    )


def is_constant(values: Array) -> bool:
    """Say whether a column's spread is only rounding."""
    largest = np.abs(values).max()
    return bool(np.ptp(values / largest) < NARROWEST) if largest else True


def _centred(values: Array) -> Array:
    """Deviations from the mean, over the largest of them."""
    largest = np.abs(values).max(axis=-1, keepdims=True)
    unit = values / np.where(largest > 0, largest, 1)
    apart = unit - unit.mean(axis=-1, keepdims=True)
    most = np.abs(apart).max(axis=-1, keepdims=True)
    return np.asarray(apart / np.where(most > 0, most, 1))


def _moment_ratios(values: Array) -> tuple[float, float]:
    if is_constant(values):
        return NAN, NAN
    g1, g2 = moment_ratios(values[None])
    return float(g1[0]), float(g2[0])


def moment_ratios(rows: Array) -> tuple[Array, Array]:
    """g1 and g2 of each row (rows, n); NaN for a constant row."""
    apart = _centred(rows)
    square = apart**2
    m2 = square.mean(axis=1)
    m2 = np.where(m2 > 0, m2, NAN)
    return (square * apart).mean(axis=1) / m2**1.5, (square**2).mean(axis=1) / m2**2 - 3


def correct_g1(g1: float, n: int) -> float:
    """G1 of n values, as Excel's SKEW and pandas' skew() give it."""
    return g1 * math.sqrt(n * (n - 1)) / (n - 2) if n > 2 else NAN


def correct_g2(g2: float, n: int) -> float:
    """G2 of n values, as Excel's KURT and pandas' kurt() give it."""
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6) if n > 3 else NAN


def l_moment_ratios(values: Array) -> tuple[float, float]:
    """L-skewness and L-kurtosis (0 and 0.1226 for a normal column); NaN below 3 and 4 values, or if
    constant.
    """
    if is_constant(values):
        return NAN, NAN
    tau3, tau4 = _l_ratios(values[None] / np.abs(values).max())
    return float(tau3[0]), float(tau4[0])


def _l_ratios(rows: Array) -> tuple[Array, Array]:
    """L-skewness and L-kurtosis of each row by probability-weighted moments b0 … b3."""
    n = rows.shape[1]
    ordered = np.sort(rows, axis=1)
    rank = np.arange(n)
    missing = np.full(len(rows), NAN)
    b = [
        ordered @ (special.binom(rank, r) / special.binom(n - 1, r)) / n if n > r else missing
        for r in range(4)
    ]
    l2 = 2 * b[1] - b[0]
    l2 = np.where(l2 > 0, l2, NAN)
    return (6 * b[2] - 6 * b[1] + b[0]) / l2, (20 * b[3] - 30 * b[2] + 12 * b[1] - b[0]) / l2


def medcouple(values: Array) -> float:
    """The median of h(a, b) = (b + a) / (b − a) over all a ≤ 0 ≤ b, deviations from the median.

    h ≤ t where b ≤ |a| (1 + t) / (1 − t), so pairs are counted by sorting and the median found by halving.
    Where both are 0, k such values give k zeros and k (k − 1) / 2 of each of −1 and 1.
    """
    if len(values) < 2 or is_constant(values):
        return 0.0 if len(values) and not is_constant(values) else NAN
    unit = values / np.abs(values).max()
    apart = unit - np.median(unit)
    below, above = -apart[apart < 0], np.sort(apart[apart > 0])
    ties = int((apart == 0).sum())
    pairs = (len(below) + ties) * (len(above) + ties)
    side = ties * (ties - 1) // 2

    def up_to(t: float) -> int:
        """How many pairs have h ≤ t."""
        if t >= 1:
            return pairs
        counted = np.searchsorted(above, below * (1 + t) / (1 - t), side="right").sum()
        return int(counted) + len(below) * ties + side + (ties if t >= 0 else 0)

    def smallest(k: int) -> float:
        """The k-th smallest h, from 1."""
        if up_to(-1.0) >= k:
            return -1.0
        if up_to(0.0) >= k > up_to(-1e-15):
            return 0.0
        low, high = -1.0, 1.0
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            low, high = (low, middle) if up_to(middle) >= k else (middle, high)
        return high

    return (smallest((pairs + 1) // 2) + smallest(pairs // 2 + 1)) / 2


def _mode(values: Array, curve: tuple[Array, Array, float] | None) -> tuple[float, int]:
    """The most frequent value where values repeat, else the density's highest place (count 1).

    They repeat where a third of them had come before and one holds COMMON of all: not where a continuous
    column was merely rounded.
    """
    distinct, counts = np.unique(values, return_counts=True)
    n, most = len(values), int(counts.max())
    if n < 3 or is_constant(values) or (3 * len(distinct) <= 2 * n and most >= COMMON * n):
        return float(distinct[counts.argmax()]), most
    grid, density, width = curve or density_curve(values)
    at = int(density.argmax())
    apart = (values - grid[at]) / width  # bandwidths, so that the search is as fine for any unit

    def depth(x: float) -> float:
        return -float(np.exp(-0.5 * (x - apart) ** 2).sum())

    ends = [(grid[max(0, min(GRID - 1, at + side))] - grid[at]) / width for side in (-1, 1)]
    found = optimize.minimize_scalar(depth, bounds=ends, method="bounded", options={"xatol": 1e-7})
    return float(grid[at] + found.x * width), 1


def bandwidth(values: Array) -> float:
    """Silverman's rule, 0.9 min(sd, IQR / 1.34) n^(−1/5): the quartiles keep a far value from widening it."""
    spreads = [float(values.std(ddof=1)), float(np.subtract(*np.quantile(values, [0.75, 0.25]))) / 1.34]
    spread = min([one for one in spreads if one > 0], default=0.0)
    return 0.9 * spread * len(values) ** -0.2


def density_curve(values: Array) -> tuple[Array, Array, float]:
    """A normal kernel density on GRID places, and its bandwidth; nothing for a constant column."""
    if len(values) < 2 or is_constant(values):
        return np.zeros(0), np.zeros(0), 0.0
    scale = float(np.abs(values).max())
    unit = values / scale
    width = bandwidth(unit)
    low, high = unit.min() - 3 * width, unit.max() + 3 * width
    # half of the places where the values are: a far value must not leave the bulk with two
    even = np.linspace(low, high, GRID // 2)
    grid = np.sort(np.concatenate([even, np.quantile(unit, np.linspace(0, 1, GRID - GRID // 2))]))
    density = np.zeros(GRID)
    rows = max(1, CHUNK // GRID)
    for start in range(0, len(unit), rows):
        apart = (grid[:, None] - unit[None, start : start + rows]) / width
        density += np.exp(-0.5 * apart**2).sum(axis=1)
    density /= len(unit) * width * math.sqrt(2 * math.pi)
    return grid * scale, density / scale, width * scale


def bin_edges(values: Array) -> Array:
    """Edges by Freedman and Diaconis, or by Sturges where that gives more; whole numbers that repeat get a
    bin each.

    There are at most MOST_BINS.
    """
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.array([low - 0.5, low + 0.5])
    repeat = 3 * len(np.unique(values)) <= 2 * len(values)
    if repeat and high - low < MOST_BINS and np.array_equal(values, np.round(values)):
        return np.arange(low - 0.5, high + 1)
    scale = max(abs(low), abs(high))
    unit = values / scale
    width = 2 * float(np.subtract(*np.quantile(unit, [0.75, 0.25]))) / len(unit) ** (1 / 3)
    many = math.ceil(np.ptp(unit) / width) if width > np.ptp(unit) / MOST_BINS else MOST_BINS
    many = max(many, math.ceil(math.log2(len(unit)) + 1))
    edges = np.linspace(low / scale, high / scale, many + 1) * scale
    edges[[0, -1]] = low, high
    return np.asarray(edges)


def look(x: ArrayLike) -> tuple[Description, Shape]:
    """A column's numbers and what a picture of it needs. Raises NumberError (``finite``)."""
    seen = shape(x)
    return describe(x, (seen.grid, seen.density, seen.bandwidth)), seen


def shape(x: ArrayLike) -> Shape:
    """What a picture of a column needs. Raises NumberError (``finite``)."""
    values, _ = finite(x)
    fourth = _centred(values) ** 4
    total = fourth.sum()
    share = fourth / total if total > 0 and not is_constant(values) else np.full(len(values), NAN)
    grid, density, width = density_curve(values)
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    reach = WHISKER * (three_quarters - quarter)
    inside = values[(values >= quarter - reach) & (values <= three_quarters + reach)]
    return Shape(
        values=values,
        share=share,
        normal=special.ndtri((np.arange(len(values)) + 0.5) / len(values)),
        grid=grid,
        density=density,
        bandwidth=width,
        edges=bin_edges(values),
        whiskers=(float(inside.min()), float(inside.max())),
    )


MEASURES: dict[str, Callable[[Array], Array]] = {
    "mean": lambda rows: rows.mean(axis=1),
    "median": lambda rows: np.median(rows, axis=1),
    "g1": lambda rows: moment_ratios(rows)[0],
    "g2": lambda rows: moment_ratios(rows)[1],
    "l_skewness": lambda rows: _l_ratios(rows)[0],
    "l_kurtosis": lambda rows: _l_ratios(rows)[1],
    "medcouple": lambda rows: np.array([medcouple(row) for row in rows]),
}


def bootstrap(
    x: ArrayLike,
    *,
    draws: int = 999,
    level: float = 0.95,
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> dict[str, Interval]:
    """Percentile intervals of MEASURES from ``draws`` columns drawn with replacement.

    A draw that is constant has no shape and is passed over.
    """
    values, _ = finite(x)
    random = np.random.default_rng(seed)
    rows = max(1, min(draws, CHUNK // (4 * len(values)), 100))
    found: dict[str, list[Array]] = {name: [] for name in MEASURES}
    for start in range(0, draws, rows):
        many = min(rows, draws - start)
        drawn = values[random.integers(0, len(values), (many, len(values)))]
        for name, measure in MEASURES.items():
            found[name].append(measure(drawn))
        if progress:
            progress(start + many, draws)
    tails = [(1 - level) / 2, (1 + level) / 2]
    out = {}
    for name, measure in MEASURES.items():
        all_draws = np.concatenate(found[name])
        known = all_draws[np.isfinite(all_draws)]
        low, high = np.quantile(known, tails) if len(known) > draws / 2 else (NAN, NAN)
        out[name] = Interval(float(measure(values[None])[0]), float(low), float(high))
    return out


def transform(x: ArrayLike, name: str) -> Transformed:
    """A column after one of TRANSFORMS; where it cannot be, ``refusal`` says why. Raises NumberError
    (``finite``) and on an unknown name."""
    if name not in TRANSFORMS:
        raise NumberError(f"There is no transformation {name!r}; there are {', '.join(TRANSFORMS)}.")
    values, _ = finite(x)
    refusal = _refusal(values, name)
    everyone = np.arange(len(values))
    if refusal:
        return Transformed(name, np.zeros(0), everyone[:0], NAN, NAN, 0, refusal)
    new, kept, parameter, back = TRANSFORMS[name](values)
    changed = int((new != values[kept]).sum()) if name == "winsorise" else len(values) - len(kept)
    mean_back = float(back(np.mean(new))) if back else NAN
    return Transformed(name, new, kept, parameter, mean_back, changed, "")


LARGEST_EXPONENT = 700.0  # e^709 is the largest float
Result = tuple[Array, NDArray[np.int64], float, Callable[[Any], Any] | None]


def _refusal(values: Array, name: str) -> str:
    """Why a column cannot be transformed; empty where it can."""
    low, high = values.min(), values.max()
    below = int((values <= 0).sum())
    if name in ("log", "box-cox") and low <= 0:
        what = "a logarithm" if name == "log" else "Box–Cox"
        are = "1 value is" if below == 1 else f"{below:,} values are"
        return f"{are} 0 or below, and {what} is only defined above 0. Yeo–Johnson takes every number."
    if name == "sqrt" and low < 0:
        negative = int((values < 0).sum())
        are = "1 value is" if negative == 1 else f"{negative:,} values are"
        return f"{are} below 0 and have no square root. Yeo–Johnson takes every number."
    if name == "exp" and high > LARGEST_EXPONENT:
        return f"e to the power {high:,.6g} is larger than any number that a computer holds."
    if name == "exp" and low < -LARGEST_EXPONENT:
        return f"e to the power {low:,.6g} is smaller than any number that a computer holds."
    if name in ("box-cox", "yeo-johnson"):
        if is_constant(values):
            return "All values are the same, so there is no best λ."
        if max(abs(low), abs(high)) > FITTED or (name == "box-cox" and low < 1 / FITTED):
            return f"The search for the best λ needs numbers of a size up to {FITTED:g}."
    return ""


FITTED = 1e15  # the search for λ raises numbers to high powers


def _simple(
    forward: Callable[[Array], Array], back: Callable[[Any], Any] | None
) -> Callable[[Array], Result]:
    return lambda values: (forward(values), np.arange(len(values)), NAN, back)


def _box_cox(values: Array) -> Result:
    new, best = stats.boxcox(values)
    return new, np.arange(len(values)), float(best), lambda y: special.inv_boxcox(y, best)


def _yeo_johnson(values: Array) -> Result:
    new, best = stats.yeojohnson(values)
    return new, np.arange(len(values)), float(best), lambda y: yeo_johnson_back(y, float(best))


def yeo_johnson_back(y: float, best: float) -> float:
    """The number whose Yeo–Johnson transform is y."""
    if y >= 0:
        return math.expm1(y) if best == 0 else (best * y + 1) ** (1 / best) - 1
    return -math.expm1(-y) if best == 2 else 1 - (1 - (2 - best) * y) ** (1 / (2 - best))


def _winsorise(values: Array) -> Result:
    """The lowest and highest TAIL of the values take the value of the next one inside."""
    k = int(TAIL * len(values))
    ordered = np.sort(values)
    return np.clip(values, ordered[k], ordered[len(values) - 1 - k]), np.arange(len(values)), NAN, None


def _without_outliers(values: Array) -> Result:
    """Without what lies more than WHISKER interquartile ranges outside the box."""
    quarter, three_quarters = np.quantile(values, [0.25, 0.75])
    reach = WHISKER * (three_quarters - quarter)
    kept = np.flatnonzero((values >= quarter - reach) & (values <= three_quarters + reach))
    return values[kept], kept, NAN, None


TRANSFORMS: dict[str, Callable[[Array], Result]] = {
    "none": _simple(lambda x: x, None),
    "log": _simple(np.log, np.exp),
    "sqrt": _simple(np.sqrt, np.square),
    "exp": _simple(np.exp, np.log),
    "box-cox": _box_cox,
    "yeo-johnson": _yeo_johnson,
    "winsorise": _winsorise,
    "without-outliers": _without_outliers,
}
