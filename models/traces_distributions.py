"""The frozen records of distributions and samples; plain values and float64 arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.traces import Array


@dataclass(frozen=True)
class Description:
    """The numbers of one column.

    ``n`` counts the finite values, ``left_out`` the others. ``sd`` divides by n − 1. ``g1`` and ``g2`` are
    the moments' own ratios, ``g1_corrected`` (G1) and ``g2_corrected`` (G2) those of Excel and pandas; 0 for
    a normal column. ``mode`` is the most frequent value where values repeat (``mode_count`` of them), else
    the highest place of the density. A number that does not exist is NaN: G1 needs 3 values, G2 four, and a
    constant column has no shape.
    """

    n: int
    left_out: int
    mean: float
    median: float
    mode: float
    mode_count: int
    sd: float
    low: float
    quartiles: tuple[float, float]
    high: float
    g1: float
    g1_corrected: float
    g2: float
    g2_corrected: float
    l_skewness: float
    l_kurtosis: float
    medcouple: float
    constant: bool


@dataclass(frozen=True)
class Shape:
    """What a picture of a column needs besides its values, in the units of the values.

    ``values`` (n,) in the order given. ``share`` (n,) is each value's share of Σ (x − mean)⁴, the sum that
    makes the kurtosis; it sums to 1. ``normal`` (n,) are the standard normal quantiles at (i − ½)/n, for the
    sorted values. ``grid`` and ``density`` (m,) are the density curve. ``edges`` are those of the bins.
    ``whiskers`` are the farthest values within 1.5 interquartile ranges of the box.
    """

    values: Array
    share: Array
    normal: Array
    grid: Array
    density: Array
    bandwidth: float
    edges: Array
    whiskers: tuple[float, float]


@dataclass(frozen=True)
class Interval:
    """A number of the column and the bootstrap interval round it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Transformed:
    """A column after a transformation, or the reason why there is none (``refusal``, else empty).

    ``values`` (m,) are the finite values transformed, in their order; ``kept`` (m,) their places among the
    finite values given. ``parameter`` is λ of Box–Cox and Yeo–Johnson, else NaN. ``mean_back`` is the mean of
    the new values carried back to the old scale; NaN where nothing is carried back. ``changed`` counts values
    that were moved to a limit or left out.
    """

    name: str
    values: Array
    kept: NDArray[np.int64]
    parameter: float
    mean_back: float
    changed: int
    refusal: str


@dataclass(frozen=True)
class Densities:
    """Two densities on one grid, both with mean 0 and variance 1.

    ``peaks`` and ``kurtosis`` (excess) are (2,); ``beyond`` (2,) is the probability of |x| > 3.
    """

    grid: Array
    density: Array
    peaks: Array
    kurtosis: Array
    beyond: Array


@dataclass(frozen=True)
class Throws:
    """Means of samples.

    ``last`` (n,) is the last sample, ``means`` (throws,) the mean of each. ``spread`` is their interquartile
    range, which exists for every distribution.
    """

    last: Array
    means: Array
    spread: float
