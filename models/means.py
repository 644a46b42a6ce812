"""What becomes of the mean of n values: thrown samples, and how fast their means settle."""

from collections.abc import Callable, Sequence

import numpy as np

from models.errors import NumberError
from models.families import Population
from models.traces import Array
from models.traces_distributions import Throws

MOST_VALUES = 5_000_000  # that are thrown for one picture
CHUNK = 1_000_000
SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def throw_means(population: Population, n: int, throws: int, *, seed: int = 0) -> Throws:
    """Throw ``throws`` samples of ``n`` values and take their means; raises NumberError on too many
    values.
    """
    if n < 1 or throws < 1 or n * throws > MOST_VALUES:
        raise NumberError(
            f"{throws:,} samples of {n:,} values cannot be thrown; at least 1 and at most "
            f"{MOST_VALUES:,} values in all can."
        )
    random = np.random.default_rng(seed)
    rows = max(1, CHUNK // n)
    means = []
    for start in range(0, throws, rows):
        sample = population.sample((min(rows, throws - start), n), random)
        means.append(sample.mean(axis=1))
    found = np.concatenate(means)
    low, high = np.quantile(found, [0.25, 0.75])
    return Throws(last=sample[-1], means=found, spread=float(high - low))


def throw_nested(
    population: Population, sizes: Sequence[int], throws: Sequence[int], *, seed: int = 0
) -> list[Throws]:
    """For every size and every number of throws, the throws of the first size first.

    A smaller sample is the beginning of a larger one, and fewer throws are the first of more, so that one
    long throw makes them all. Raises NumberError on too many values.
    """
    n, many = max(sizes), max(throws)
    if n * many > MOST_VALUES:
        raise NumberError(f"{many:,} samples of {n:,} values cannot be thrown; {MOST_VALUES:,} values can.")
    random = np.random.default_rng(seed)
    means = np.zeros((len(sizes), many))
    lasts: dict[int, Array] = {}
    rows = max(1, CHUNK // n)
    for start in range(0, many, rows):
        sample = population.sample((min(rows, many - start), n), random)
        means[:, start : start + len(sample)] = [sample[:, :size].mean(axis=1) for size in sizes]
        lasts |= {end: sample[end - 1 - start].copy() for end in throws if start < end <= start + len(sample)}
    out = []
    for size, row in zip(sizes, means, strict=True):
        for end in throws:
            low, high = np.quantile(row[:end], [0.25, 0.75])
            out.append(Throws(lasts[end][:size], row[:end], float(high - low)))
    return out


def spread_by_size(
    population: Population,
    *,
    throws: int = 400,
    seed: int = 1,
    progress: Callable[[int, int], object] | None = None,
) -> Array:
    """The interquartile range of the means of SIZES values, (len(SIZES),)."""
    out = []
    for done, n in enumerate(SIZES, 1):
        out.append(throw_means(population, n, throws, seed=seed).spread)
        if progress:
            progress(done, len(SIZES))
    return np.array(out)


def size_for_skewness(skewness: float, limit: float = 0.1) -> int:
    """How many values a mean needs before its skewness, skewness / √n, is within ``limit``."""
    return max(1, int(np.ceil(round((skewness / limit) ** 2, 6))))


def within(values: Array, mean: float, sd: float, k: float) -> float:
    """The share of the values at most k standard deviations from the mean."""
    return float((np.abs(values - mean) <= k * sd * (1 + 1e-12)).mean())


def peaks_by_bins(values: Array, most: int = 60) -> Array:
    """How many peaks the bars show with 1 to ``most`` bins from the smallest value to the largest,
    (most,).
    """
    return np.array([count_peaks(np.histogram(values, bins)[0]) for bins in range(1, most + 1)])


def count_peaks(counts: Array) -> int:
    """Stretches of bars that are higher than what stands on both sides of them."""
    steps = np.diff(np.concatenate([[-1], counts, [-1]]))
    signs = np.sign(steps[steps != 0])
    return int(((signs[:-1] > 0) & (signs[1:] < 0)).sum())
