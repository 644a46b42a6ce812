"""Two symmetric densities of mean 0 and variance 1: equally high with other tails, or equally heavy, other
peaks.

Both join a flat-topped core, the generalised normal with exponent BETA, to a normal: a wide one makes tails
without a higher peak, a narrow one a peak without heavier tails. The idea is Westfall's (2014).
"""

import math

import numpy as np
from scipy import optimize, special, stats

from models.errors import NumberError
from models.traces import Array
from models.traces_distributions import Densities

BETA = 4.0
CORE = stats.gennorm(BETA)
CORE_PEAK = float(CORE.pdf(0))
CORE_M2 = float(CORE.var())
CORE_M4 = float(special.gamma(5 / BETA) / special.gamma(1 / BETA))
NORMAL_PEAK = 1 / math.sqrt(2 * math.pi)
REACH, PLACES = 8.0, 801
WIDEST = 60.0  # standard deviation of the wide part
FAR = 3.0  # standard deviations


def _pair(core: float, weight: float, width: float) -> Densities:
    """The normal beside the mixture of a core of scale ``core`` and, with ``weight``, a normal of
    ``width``.
    """
    grid = np.linspace(-REACH, REACH, PLACES)
    mixed = (1 - weight) * CORE.pdf(grid / core) / core + weight * stats.norm.pdf(grid / width) / width
    m4 = (1 - weight) * core**4 * CORE_M4 + 3 * weight * width**4
    beyond = 2 * ((1 - weight) * CORE.sf(FAR / core) + weight * stats.norm.sf(FAR / width))
    return Densities(
        grid=grid,
        density=np.stack([stats.norm.pdf(grid), mixed]),
        peaks=np.array([NORMAL_PEAK, (1 - weight) * CORE_PEAK / core + weight * NORMAL_PEAK / width]),
        kurtosis=np.array([0.0, m4 - 3]),
        beyond=np.array([2 * float(stats.norm.sf(FAR)), float(beyond)]),
    )


def equal_peaks(kurtosis: float) -> Densities:
    """A normal and a density exactly as high with this excess kurtosis; raises NumberError outside 0.5 to
    100.
    """
    if not 0.5 <= kurtosis <= 100:
        raise NumberError(f"The excess kurtosis is {kurtosis:g}; it must lie between 0.5 and 100.")

    def parts(width: float) -> tuple[float, float]:
        """Core scale and weight that keep variance 1 and the normal's peak."""

        def excess(weight: float) -> float:
            core = _core(weight, width)
            return (1 - weight) * CORE_PEAK / core + weight * NORMAL_PEAK / width - NORMAL_PEAK

        weight = optimize.brentq(excess, 1e-9, 0.999 / width**2)
        return _core(weight, width), weight

    def too_heavy(width: float) -> float:
        core, weight = parts(width)
        return (1 - weight) * core**4 * CORE_M4 + 3 * weight * width**4 - 3 - kurtosis

    width = optimize.brentq(too_heavy, 1.05, WIDEST)
    core, weight = parts(width)
    return _pair(core, weight, width)


def equal_kurtosis(peak: float) -> Densities:
    """A normal and a density with the same kurtosis that is ``peak`` times as high; raises NumberError
    outside 1.1 to 6."""
    if not 1.1 <= peak <= 6:
        raise NumberError(f"The peak is {peak:g} times a normal's; it must lie between 1.1 and 6.")

    def parts(width: float) -> tuple[float, float]:
        """Core scale and weight that keep variance 1 and kurtosis 3."""

        def excess(weight: float) -> float:
            core = _core(weight, width)
            return (1 - weight) * core**4 * CORE_M4 + 3 * weight * width**4 - 3

        weight = optimize.brentq(excess, 1e-9, 0.9)
        return _core(weight, width), weight

    def too_high(width: float) -> float:
        core, weight = parts(width)
        return (1 - weight) * CORE_PEAK / core + weight * NORMAL_PEAK / width - peak * NORMAL_PEAK

    width = optimize.brentq(too_high, 0.02, 0.8)
    core, weight = parts(width)
    return _pair(core, weight, width)


def _core(weight: float, width: float) -> float:
    """The core's scale that makes the variance 1."""
    return math.sqrt((1 - weight * width**2) / ((1 - weight) * CORE_M2))


def share_by_distance(pair: Densities) -> Array:
    """How much of the fourth moment comes from within each |x| of the grid's right half, (2, m), from 0 to
    1.
    """
    right = pair.grid >= 0
    step = pair.grid[1] - pair.grid[0]
    fourth = pair.density[:, right] * pair.grid[right] ** 4 * step * 2
    return np.asarray(np.cumsum(fourth, axis=1) / (pair.kurtosis + 3)[:, None])
