"""Distributions against SciPy's numbers, numeric integrals, and what was asked of them."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import integrate

from models import families
from models.distributions import describe
from models.errors import NumberError

CONTINUOUS = [
    families.normal(),
    families.skew_normal(4),
    families.log_normal(0.5),
    families.gamma(2),
    families.student(10),
    families.uniform(),
    families.laplace(),
    families.mixture(4, 0.3),
    families.drawn([0, 5, 1, 0, 0, 3, 0]),
]


@pytest.mark.parametrize("population", CONTINUOUS, ids=lambda p: p.name)
def test_density_quantiles_and_moments_belong_together(population: families.Population) -> None:
    ends = [float(one) for one in population.ppf(np.array([1e-12, 1 - 1e-12]))]
    grid = np.linspace(*ends, 400_001)
    density = population.pdf(grid)
    assert integrate.simpson(density, x=grid) == pytest.approx(1, abs=1e-3)
    mean = integrate.simpson(grid * density, x=grid)
    apart = grid - mean
    m2, m3, m4 = (integrate.simpson(apart**k * density, x=grid) for k in (2, 3, 4))
    assert population.mean == pytest.approx(mean, abs=2e-3)
    assert population.sd == pytest.approx(math.sqrt(m2), rel=2e-3)
    assert population.skewness == pytest.approx(m3 / m2**1.5, abs=0.01)
    assert population.kurtosis == pytest.approx(m4 / m2**2 - 3, abs=0.03)
    p = np.array([0.1, 0.5, 0.9])
    below = [integrate.simpson(density[grid <= q], x=grid[grid <= q]) for q in population.ppf(p)]
    assert below == pytest.approx(p, abs=2e-3)


def test_mean_median_and_mode_of_the_binomial_meet() -> None:
    b = families.binomial(10, 0.1)
    d = describe(b.even(1000))
    assert (b.mean, d.median, d.mode) == (1, 1, 1)
    assert round(b.skewness, 2) == 0.84
    assert round(d.mean, 2) == 1


def test_what_does_not_exist_is_not_given() -> None:
    cauchy, three, five = families.student(1), families.student(3), families.student(5)
    assert all(math.isnan(one) for one in (cauchy.mean, cauchy.sd, cauchy.skewness, cauchy.kurtosis))
    assert math.isinf(three.kurtosis)
    assert math.isnan(three.skewness)
    assert five.kurtosis == 6
    assert math.isinf(families.student(2).sd)


def test_samples_repeat_by_seed() -> None:
    population = families.gamma(2)
    one, again, other = (population.sample(50, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert (one == again).all()
    assert (one != other).all()


@pytest.mark.parametrize("population", CONTINUOUS, ids=lambda p: p.name)
def test_values_by_chance_belong_to_their_distribution(population: families.Population) -> None:
    x = population.sample(4000, np.random.default_rng(0))
    quarters = population.ppf(np.array([0.25, 0.5, 0.75]))
    assert [(x <= quarter).mean() for quarter in quarters] == pytest.approx([0.25, 0.5, 0.75], abs=0.03)


@settings(max_examples=40, deadline=None)
@example(2**-9, 0.0, 50)  # a skewness that is hardly one
@given(st.floats(-2, 2), st.floats(-1.9, 8), st.sampled_from([50, 200, 1000]))
def test_a_column_has_the_skewness_and_kurtosis_asked_for(skewness: float, kurtosis: float, n: int) -> None:
    assume(kurtosis > families.least_kurtosis(skewness) + 0.1)
    x = families.johnson(skewness, kurtosis, n)
    d = describe(x)
    assert d.g1 == pytest.approx(skewness, abs=2e-3)
    assert d.g2 == pytest.approx(kurtosis, abs=2e-3)
    assert d.mean == pytest.approx(0, abs=1e-9)
    assert (np.diff(x) >= 0).all()


def test_what_no_column_can_have_is_refused() -> None:
    with pytest.raises(
        NumberError, match=r"^No data can have skewness 2 and excess kurtosis 1: the kurtosis is never"
    ):
        families.johnson(2, 1, 100)
    with pytest.raises(
        NumberError,
        match=r"^No 10 values of Johnson’s system have skewness 0 and excess kurtosis 8 together\.",
    ):
        families.johnson(0, 8, 10)
    # two values are the only data on the bound, and no member of the system
    with pytest.raises(NumberError, match=r"^No 100 values of Johnson’s system"):
        families.johnson(1, -1, 100)


@pytest.mark.parametrize("heights", [[], [1], [0, 0], [1, -1], [1, math.nan]])
def test_a_curve_without_area_is_no_distribution(heights: list[float]) -> None:
    with pytest.raises(NumberError, match=r"^A drawn curve needs two heights or more"):
        families.drawn(heights)


def test_a_column_is_a_distribution_of_its_own() -> None:
    x = np.array([3.0, 1, 1, 7])
    population = families.column("mine", x)
    d = describe(x)
    assert (population.mean, population.skewness, population.kurtosis) == pytest.approx((d.mean, d.g1, d.g2))
    assert population.even(4).tolist() == [1, 1, 3, 7]
    assert set(population.sample(100, np.random.default_rng(0))) == {1, 3, 7}
    assert population.sd == pytest.approx(x.std())
    with pytest.raises(NumberError, match=r"^The largest number is 1e\+299; samples can be thrown"):
        families.column("huge", np.array([1e299, 0]))
