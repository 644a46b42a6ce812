"""Log odds ratios beside log probability ratios of random pairs, and the exact laws of both.

X = log P and Y = log P/(1 − P) of one answer; the ratios are differences of two independent ones.
"""

import numpy as np
from scipy.special import betaln, log_expit, log_ndtr
from scipy.stats import norm

from models.errors import NumberError
from models.traces import Array
from models.traces_preference import Ratios

PAIRS = 50_000
BINS = 100
GRID = 2**15  # points of the numerical laws
TAIL = 1e-13  # of an answer's law, left out at each end of the grid
SHOWN = 0.9995  # of the wider ratio's law that the picture holds
A, B, MEAN, SPREAD, BETA = (0.2, 50.0), (1.0, 200.0), (-6.0, -0.1), (0.05, 2.0), (0.05, 2.0)


def _check(name: str, value: float, limits: tuple[float, float]) -> None:
    if not limits[0] <= value <= limits[1]:
        raise NumberError(f"`{name}` is {value:g}; it must lie between {limits[0]:g} and {limits[1]:g}.")


class BetaP:
    """P with a Beta(a, b) law; a = b = 1 is uniform."""

    def __init__(self, a: float, b: float) -> None:
        _check("a", a, A)
        _check("b", b, B)
        self.a, self.b = a, b

    def log_odds(self, random: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Y, exactly: the logarithm of a ratio of two gamma numbers."""
        # log G(a) = log G(a + 1) + log(U)/a keeps the smallest ones apart
        draw = [
            np.log(random.gamma(k + 1, size=shape)) - random.exponential(size=shape) / k
            for k in (self.a, self.b)
        ]
        return np.asarray(draw[0] - draw[1])

    def log_density(self, y: Array) -> Array:
        """log of Y's density, σ(y)^a σ(−y)^b / B(a, b)."""
        return np.asarray(self.a * log_expit(y) + self.b * log_expit(-y) - betaln(self.a, self.b))


class NormalLogP:
    """log P with a normal law of ``mean`` and ``spread`` (standard deviation), cut at 0."""

    def __init__(self, mean: float, spread: float) -> None:
        _check("mean", mean, MEAN)
        _check("spread", spread, SPREAD)
        self.mean, self.spread = mean, spread

    def log_odds(self, random: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Y of as many answers; those above 0 are drawn again by the inverse of the law."""
        most = norm.cdf(-self.mean / self.spread)
        x = self.mean + self.spread * norm.ppf(most * (1 - random.random(shape)))
        x = np.minimum(x, -1e-12)
        return np.asarray(x - np.log(-np.expm1(x)))

    def log_density(self, y: Array) -> Array:
        """log of Y's density: that of X at log σ(y), times dx/dy = σ(−y)."""
        z = (log_expit(y) - self.mean) / self.spread
        scale = np.log(self.spread) + log_ndtr(-self.mean / self.spread)
        return np.asarray(norm.logpdf(z) - scale + log_expit(-y))


Law = BetaP | NormalLogP


def ratios(law: Law, beta: float = 1.0, *, pairs: int = PAIRS, seed: int = 0) -> Ratios:
    """Simulate pairs and compute the laws of β·log PR and log OR (Hong et al. 2024, figure 6)."""
    _check("beta", beta, BETA)
    y = law.log_odds(np.random.default_rng(seed), (2, pairs))
    x = log_expit(y)
    drawn = (beta * (x[0] - x[1]), y[0] - y[1])
    y_at, weight = _answers(law)
    moments = [_moments(values, weight) for values in (log_expit(y_at), y_at)]
    sd = (beta * moments[0][0], moments[1][0])
    laws = [_difference(*_density_x(law, y_at)), _difference(y_at, np.exp(law.log_density(y_at)))]
    laws[0] = (laws[0][0] * beta, laws[0][1] / beta)
    ends = [float(np.interp(SHOWN, _cumulated(*each), each[0])) for each in laws]
    at, edges = (np.array([np.linspace(-1, 1, n + 1) * end for end in ends]) for n in (4 * BINS, BINS))
    counted = [
        np.histogram(values, own)[0] / (pairs * (own[1] - own[0]))
        for values, own in zip(drawn, edges, strict=True)
    ]
    return Ratios(
        edges=edges,
        counted=np.array(counted),
        at=at,
        law=np.array([np.interp(places, *each) for places, each in zip(at, laws, strict=True)]),
        sd=sd,
        kurtosis=(moments[0][1], moments[1][1]),
        drawn_sd=(float(drawn[0].std()), float(drawn[1].std())),
        drawn_kurtosis=(_kurtosis(drawn[0]), _kurtosis(drawn[1])),
        middle=float(np.exp(np.median(x))),
        factor=float(np.median(-1 / np.expm1(x))),
        pairs=pairs,
    )


def _kurtosis(values: Array) -> float:
    z = values - values.mean()
    return float((z**4).mean() / (z**2).mean() ** 2 - 3)


def _answers(law: Law) -> tuple[Array, Array]:
    """A grid of Y that holds all but a TAIL of the law at each end, and the weight of each place."""
    wide = np.linspace(-400, 400, GRID)
    density = np.exp(law.log_density(wide))
    share = np.cumsum(density) * (wide[1] - wide[0])
    inside = (share > TAIL) & (share < share[-1] - TAIL)
    low, high = wide[inside][[0, -1]] + np.array([-1, 1]) * (wide[1] - wide[0])
    y = np.linspace(low, high, GRID)
    weight = np.exp(law.log_density(y))
    return y, weight / weight.sum()


def _moments(values: Array, weight: Array) -> tuple[float, float]:
    """Standard deviation and excess kurtosis of the difference of two: cumulants add, odd ones cancel."""
    z = values - values @ weight
    second, fourth = float(z**2 @ weight), float(z**4 @ weight)
    return float(np.sqrt(2 * second)), (fourth / second**2 - 3) / 2


def _density_x(law: Law, y: Array) -> tuple[Array, Array]:
    """X's density on an even grid: that of Y at the log odds, times dy/dx = 1/(1 − P)."""
    edges = np.linspace(float(log_expit(y[0])), float(log_expit(y[-1])), GRID + 1)
    x = (edges[1:] + edges[:-1]) / 2  # middles: a density may end at 0 with a step
    rest = np.log(-np.expm1(x))
    return x, np.exp(law.log_density(x - rest) - rest)


def _difference(at: Array, density: Array) -> tuple[Array, Array]:
    """The density of the difference of two independent numbers: their density correlated with itself."""
    step = at[1] - at[0]
    n = len(at)
    spectrum = np.abs(np.fft.rfft(density * step, 2 * n)) ** 2
    both = np.fft.irfft(spectrum, 2 * n)
    law = np.concatenate([both[-(n - 1) :], both[:n]]) / step
    return step * np.arange(-(n - 1), n), np.maximum(law, 0)


def _cumulated(at: Array, density: Array) -> Array:
    share = np.cumsum(density)
    return np.asarray(share / share[-1])
