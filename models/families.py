"""Distributions to choose from: their densities, quantiles and moments, and samples of them.

Johnson's system (Johnson 1949) reaches every skewness and kurtosis that a distribution can have: with z
standard normal, sinh((z − γ) / δ) has heavier tails than the log-normal of the same skewness and the
logistic function of (z − γ) / δ lighter ones.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import optimize, special, stats

from models.distributions import moment_ratios
from models.errors import NumberError
from models.traces import Array

FINE = 4001  # places at which a distribution without a formula is tabulated
FARTHEST_TAIL = 1e-12  # of a table
LARGEST = 1e150  # a square of it is still a number


@dataclass(frozen=True)
class Population:
    """A distribution: its density (or probabilities), its quantiles, its moments; NaN or ∞ where none
    exists.
    """

    name: str
    pdf: Callable[[Array], Array]
    ppf: Callable[[Array], Array]
    mean: float
    sd: float
    skewness: float
    kurtosis: float
    whole: bool = False
    rvs: Callable[..., Any] | None = None  # a quicker way to values by chance than quantiles

    def even(self, n: int) -> Array:
        """The n quantiles at (i − ½)/n: a sample without chance."""
        return np.asarray(self.ppf((np.arange(n) + 0.5) / n), float)

    def at_scores(self, scores: Array) -> Array:
        """The quantiles at standard normal scores: the same chances in every distribution."""
        return np.asarray(self.ppf(special.ndtr(scores)), float)

    def sample(self, size: int | tuple[int, ...], random: np.random.Generator) -> Array:
        """Values by chance."""
        drawn = self.rvs(size=size, random_state=random) if self.rvs else self.ppf(random.random(size))
        return np.asarray(drawn, float)


def _known(name: str, frozen: Any, whole: bool = False) -> Population:
    mean, variance, skewness, kurtosis = (float(one) for one in frozen.stats("mvsk"))
    pdf = frozen.pmf if whole else frozen.pdf
    return Population(name, pdf, frozen.ppf, mean, math.sqrt(variance), skewness, kurtosis, whole, frozen.rvs)


def normal() -> Population:
    """Mean 0, standard deviation 1."""
    return _known("normal", stats.norm())


def skew_normal(alpha: float) -> Population:
    """Azzalini's skew-normal with slant alpha; quantiles from a fine table, many times SciPy's speed."""
    known = _known(f"skew-normal, α = {alpha:g}", stats.skewnorm(alpha))
    grid = np.linspace(-9, 9, FINE)
    below = special.ndtr(grid) - 2 * special.owens_t(grid, alpha)
    kept = (below > FARTHEST_TAIL) & (below < 1 - FARTHEST_TAIL)
    grid, scores = grid[kept], special.ndtri(below[kept])
    return replace(known, ppf=lambda p: np.interp(special.ndtri(p), scores, grid))


def log_normal(sigma: float) -> Population:
    """e to a normal of standard deviation sigma; its median is 1."""
    return _known(f"log-normal, σ = {sigma:g}", stats.lognorm(sigma))


def gamma(k: float) -> Population:
    """Gamma of shape k and scale 1."""
    return _known(f"gamma, k = {k:g}", stats.gamma(k))


def student(nu: float) -> Population:
    """Student's t; ν = 1 is Cauchy's, which has no mean."""
    known = _known(f"t, ν = {nu:g}" if nu != 1 else "Cauchy (t, ν = 1)", stats.t(nu))
    # what SciPy calls infinite or leaves 0 does not exist below these
    return Population(
        known.name,
        known.pdf,
        known.ppf,
        0.0 if nu > 1 else math.nan,
        known.sd if nu > 2 else (math.inf if nu > 1 else math.nan),
        0.0 if nu > 3 else math.nan,
        6 / (nu - 4) if nu > 4 else (math.inf if nu > 2 else math.nan),
        rvs=known.rvs,
    )


def uniform() -> Population:
    """Even between 0 and 1."""
    return _known("uniform", stats.uniform())


def laplace() -> Population:
    """Two exponentials back to back."""
    return _known("Laplace", stats.laplace())


def binomial(tries: int, p: float) -> Population:
    """Successes in ``tries`` tries."""
    return _known(f"binomial, {tries} tries, p = {p:g}", stats.binom(tries, p), whole=True)


def mixture(apart: float, share: float) -> Population:
    """Two normals of standard deviation 1, ``apart`` from each other; the right one holds ``share``."""
    where, weight = np.array([0.0, apart]), np.array([1 - share, share])

    def pdf(x: Array) -> Array:
        return np.asarray(stats.norm.pdf(np.asarray(x)[..., None] - where) @ weight)

    grid = np.linspace(-7, apart + 7, FINE)
    below = special.ndtr(grid[:, None] - where) @ weight
    from_mean = where - weight @ where
    m2 = weight @ (1 + from_mean**2)
    m3 = weight @ (3 * from_mean + from_mean**3)
    m4 = weight @ (3 + 6 * from_mean**2 + from_mean**4)
    return Population(
        f"two normals {apart:g} apart, {share:.0%} right".replace("%", " %"),
        pdf,
        lambda p: np.interp(p, below, grid),
        float(weight @ where),
        math.sqrt(m2),
        float(m3 / m2**1.5),
        float(m4 / m2**2 - 3),
    )


def drawn(heights: Sequence[float], low: float = 0.0, high: float = 10.0) -> Population:
    """The distribution whose density is a drawn curve: straight between heights at even places from low to
    high.

    Raises NumberError where the curve holds no area.
    """
    curve = np.asarray(heights, float)
    if len(curve) < 2 or not np.isfinite(curve).all() or (curve < 0).any() or curve.max() <= 0:
        raise NumberError("A drawn curve needs two heights or more, none below 0 and not all 0.")
    places = np.linspace(low, high, len(curve))
    grid = np.linspace(low, high, FINE)
    fine = np.interp(grid, places, curve)
    return _tabulated("drawn by hand", grid, fine)


def _tabulated(name: str, grid: Array, density: Array) -> Population:
    """A population of a density on a grid, straight between its places."""
    steps = np.diff(grid)
    below = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * steps)])
    density, below = density / below[-1], below / below[-1]
    middle = (grid[1:] + grid[:-1]) / 2
    weight = np.diff(below)
    mean = float(weight @ middle)
    m2, m3, m4 = (float(weight @ (middle - mean) ** k) for k in (2, 3, 4))
    rising = np.concatenate([[True], np.diff(below) > 0])  # a quantile needs a curve that rises
    return Population(
        name,
        lambda x: np.interp(x, grid, density, left=0, right=0),
        lambda p: np.interp(p, below[rising], grid[rising]),
        mean,
        math.sqrt(m2),
        m3 / m2**1.5,
        m4 / m2**2 - 3,
    )


def column(name: str, values: Array) -> Population:
    """The distribution of a draw, with replacement, from a column; raises NumberError on numbers too large
    to add.
    """
    ordered = np.sort(values)
    largest = max(abs(ordered[0]), abs(ordered[-1]))
    if largest > LARGEST:
        raise NumberError(
            f"The largest number is {largest:.3g}; samples can be thrown from numbers of a size up to "
            f"{LARGEST:g}."
        )
    g1, g2 = moment_ratios(values[None])
    return Population(
        name,
        lambda x: np.isin(x, ordered) / len(ordered),
        lambda p: ordered[np.minimum((np.asarray(p) * len(ordered)).astype(int), len(ordered) - 1)],
        float(values.mean()),
        float(values.std()),
        float(g1[0]),
        float(g2[0]),
        whole=True,
        rvs=lambda size, random_state: random_state.choice(ordered, size),
    )


SCORES = np.linspace(-5, 5, 401)  # of a table of quantiles


def quantile_rows(populations: Sequence[Population]) -> Array:
    """The quantiles of each population at SCORES, (populations, len(SCORES))."""
    return np.stack([population.at_scores(SCORES) for population in populations])


def score_rows(populations: Sequence[Population]) -> Array:
    """The score up to which at most k = 0, 1 … is thrown, a row for each population of whole numbers.

    Rows end with ∞ from the largest number on.
    """
    most = max(int(population.ppf(np.array([1.0]))[0]) for population in populations)
    k = np.arange(most, dtype=float)
    below = [np.cumsum(population.pdf(k)) for population in populations]
    return np.asarray(special.ndtri(np.minimum(1, below)), float)


def scores(n: int, seed: int) -> Array:
    """n standard normal scores by chance; fewer of one seed are the first of more."""
    return np.asarray(special.ndtri(np.random.default_rng(seed).random(n) * (1 - 2**-52) + 2**-53), float)


def least_kurtosis(skewness: float) -> float:
    """Pearson's bound: no distribution has an excess kurtosis below skewness² − 2."""
    return skewness**2 - 2


def johnson(skewness: float, kurtosis: float, n: int) -> Array:
    """n values, even quantiles of a Johnson distribution, whose own g1 and g2 are those asked for.

    They have mean 0 and standard deviation 1. Raises NumberError where no distribution, or no sample of this
    size of this system, has them.
    """
    if kurtosis < least_kurtosis(skewness):
        raise NumberError(
            f"No data can have skewness {skewness:g} and excess kurtosis {kurtosis:g}: "
            f"the kurtosis is never below skewness² − 2, here {least_kurtosis(skewness):g}."
        )
    z = special.ndtri((np.arange(n) + 0.5) / n)
    target = abs(skewness)

    def ratios(x: Array) -> tuple[float, float]:
        g1, g2 = moment_ratios(x[None])
        return float(g1[0]), float(g2[0])

    def lognormal(tightness: float) -> Array:
        return np.asarray(np.exp(z * tightness - z[-1] * tightness))

    try:
        bend, middle_kurtosis = SMALL, ratios(z)[1]
        if target >= SMALL:
            bend = optimize.brentq(lambda t: ratios(lognormal(t))[0] - target, SMALL / 10, MOST_TIGHT)
            middle_kurtosis = ratios(lognormal(bend))[1]
        make = _heavier if kurtosis > middle_kurtosis else _lighter

        def with_skewness(tightness: float) -> Array:
            if target < SMALL:
                return make(z, 0.0, tightness)
            shift = optimize.brentq(
                lambda gamma: ratios(make(z, gamma, tightness))[0] - target, 0.0, FARTHEST_SHIFT / tightness
            )
            return make(z, shift, tightness)

        found = optimize.brentq(
            lambda t: ratios(with_skewness(t))[1] - kurtosis, bend * (1 + SMALL), MOST_TIGHT, xtol=1e-9
        )
        values = with_skewness(found)
    except ValueError:
        raise NumberError(
            f"No {n:,} values of Johnson’s system have skewness {skewness:g} and excess kurtosis "
            f"{kurtosis:g} "
            "together. Take more values, or numbers nearer to 0."
        ) from None
    if skewness < 0:
        values = -values[::-1]
    values = values - values.mean()
    return np.asarray(values / values.std())


SMALL = 1e-3  # a skewness below this is none
MOST_TIGHT = 30.0  # largest 1/δ: beyond, a sample is two heaps or one far value
FARTHEST_SHIFT = 40.0


def _heavier(z: Array, gamma: float, tightness: float) -> Array:
    """Johnson's S_U, divided by its largest value; γ moves it towards the log-normal."""
    inner = z * tightness + gamma * tightness
    most = np.abs(inner).max()
    return np.asarray((np.exp(inner - most) - np.exp(-inner - most)) / 2)


def _lighter(z: Array, gamma: float, tightness: float) -> Array:
    """Johnson's S_B between 0 and 1."""
    return np.asarray(special.expit(z * tightness - gamma * tightness))
