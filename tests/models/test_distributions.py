"""Numbers of a column against SciPy, pandas, statsmodels and the published fixtures."""

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.stattools import medcouple as reference_medcouple

from models.columns import RULE_BROKEN
from models.distributions import (
    MEASURES,
    TRANSFORMS,
    bandwidth,
    bin_edges,
    bootstrap,
    describe,
    medcouple,
    shape,
    transform,
    yeo_johnson_back,
)
from models.errors import NumberError
from models.tables import iphone

FEW = settings(max_examples=40, deadline=None)
# tenths, so that values repeat and no spread is mere rounding
columns = st.lists(st.integers(-10_000, 10_000), min_size=4, max_size=60).map(lambda x: np.array(x) / 10)
spread = columns.filter(lambda x: np.ptp(x) > 0)


@FEW
@given(spread)
def test_every_convention_is_the_one_of_its_library(x: np.ndarray) -> None:
    d = describe(x)
    series = pd.Series(x)
    assert d.g1 == pytest.approx(stats.skew(x), abs=1e-9)
    assert d.g2 == pytest.approx(stats.kurtosis(x), abs=1e-9)
    assert d.g1_corrected == pytest.approx(series.skew(), abs=1e-9)
    assert d.g2_corrected == pytest.approx(series.kurt(), abs=1e-8)
    assert d.g1_corrected == pytest.approx(stats.skew(x, bias=False), abs=1e-9)
    assert d.g2_corrected == pytest.approx(stats.kurtosis(x, bias=False), abs=1e-8)
    lmoments = stats.lmoment(x)
    assert d.l_skewness == pytest.approx(lmoments[2], abs=1e-9)
    assert d.l_kurtosis == pytest.approx(lmoments[3], abs=1e-9)
    assert d.medcouple == pytest.approx(float(reference_medcouple(x)), abs=1e-9)
    assert d.sd == pytest.approx(series.std())
    assert d.quartiles == pytest.approx(tuple(series.quantile([0.25, 0.75])))
    # Pearson's bound
    assert d.g2 >= d.g1**2 - 2 - 1e-9


@FEW
@given(spread, st.sampled_from([1e-200, 1e-3, 7.0, 1e200]), st.booleans())
def test_shape_knows_no_unit_and_mirrors(x: np.ndarray, factor: float, mirror: bool) -> None:
    sign = -1 if mirror else 1
    one, other = describe(x), describe(sign * factor * x)
    for name in ("g1", "l_skewness", "medcouple"):
        assert getattr(other, name) == pytest.approx(sign * getattr(one, name), abs=1e-6)
    for name in ("g2", "l_kurtosis"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), abs=1e-6)
    assert other.mean == pytest.approx(sign * factor * one.mean, rel=1e-6, abs=1e-9 * factor)


def test_the_published_fixtures() -> None:
    d = describe(RULE_BROKEN)
    assert (round(d.mean, 3), d.median, round(d.g1, 3), round(d.g1_corrected, 3)) == (
        0.471,
        0.5,
        0.455,
        0.590,
    )
    assert d.mean < d.median
    assert d.mode == 0
    assert d.mode_count == 3
    assert medcouple(np.array([1.0, 2, 3, 4, 7, 8])) == pytest.approx(0.2857, abs=5e-5)
    assert medcouple(np.array([1.0, 2, 8, 9, 10])) == pytest.approx(-0.5556, abs=5e-5)


def test_the_mode_of_a_rounded_column_is_where_its_density_is_highest() -> None:
    x = np.random.default_rng(0).lognormal(size=20_000)
    rounded = describe(x.round(3))
    assert rounded.mode_count == 1
    assert rounded.mode == pytest.approx(np.exp(-1), abs=0.1)
    assert (describe([2, 2, 2, 9, 9]).mode, describe([2, 2, 2, 9, 9]).mode_count) == (2, 3)


def test_a_log_overshoots_on_the_iphone_quarters() -> None:
    units = np.array(iphone().units)
    assert units.sum() == 387_535
    assert round(describe(units).g1, 2) == 0.77
    assert round(describe(transform(units, "log").values).g1, 2) == -0.87


@pytest.mark.parametrize(("n", "missing"), [(1, 4), (2, 2), (3, 1), (4, 0)])
def test_a_short_column_has_the_numbers_that_it_can_have(n: int, missing: int) -> None:
    d = describe([1.0, 2, 4, 9][:n])
    numbers = [d.g1, d.g1_corrected, d.g2, d.g2_corrected]
    assert sum(math.isnan(one) for one in numbers) == missing
    assert math.isnan(d.l_kurtosis) == (n < 4)
    assert math.isnan(d.sd) == (n < 2)
    assert shape([1.0, 2, 4, 9][:n]).normal.shape == (n,)


@pytest.mark.parametrize("x", [[5.0] * 10, [0.0] * 3, [0.1] * 7, [1e12 + 1e-4, 1e12, 1e12, 1e12]])
def test_a_constant_column_has_no_shape(x: list[float]) -> None:
    d = describe(x)
    assert d.constant
    shapes = (d.g1, d.g1_corrected, d.g2, d.g2_corrected, d.l_skewness, d.l_kurtosis, d.medcouple)
    assert all(math.isnan(one) for one in shapes)
    assert d.mean == pytest.approx(x[0])
    drawn = shape(x)
    assert np.isnan(drawn.share).all()
    assert len(drawn.density) == 0
    assert len(drawn.edges) >= 2


def test_huge_columns() -> None:
    d = describe([1e300, -1e300, 3e299, 0])
    assert d.g1 == pytest.approx(describe([10.0, -10, 3, 0]).g1)
    assert d.sd == pytest.approx(describe([10.0, -10, 3, 0]).sd * 1e299)
    assert np.isfinite(shape([1e300, -1e300, 3e299, 0]).density).all()
    with pytest.raises(
        NumberError, match=r"^The largest number of the column is 1e\+308; it must have a size"
    ):
        describe([1e308, 1])
    with pytest.raises(NumberError, match=r"is 1e-310"):
        describe([1e-310, 0])


def test_missing_values_are_left_out_and_counted() -> None:
    d = describe([np.nan, 1, np.inf, 2, 3, -np.inf])
    assert (d.n, d.left_out, d.mean) == (3, 3, 2)
    with pytest.raises(NumberError, match=r"^The column has no number. Give at least one\.$"):
        describe([np.nan])
    with pytest.raises(NumberError):
        shape([])


@FEW
@given(spread)
def test_the_picture_adds_up(x: np.ndarray) -> None:
    s = shape(x)
    assert s.share.sum() == pytest.approx(1)
    assert s.edges[0] <= x.min()
    assert s.edges[-1] >= x.max() - 1e-9 * np.abs(x).max()
    assert np.allclose(np.diff(s.edges), s.edges[1] - s.edges[0])
    assert s.whiskers[0] >= x.min()
    if s.bandwidth > 0.02 * np.ptp(x):
        assert np.trapezoid(s.density, s.grid) == pytest.approx(1, abs=0.03)


def test_shares_are_what_taking_a_value_to_the_mean_takes_away() -> None:
    x = np.array([1.0, 2, 3, 4, 20])
    fourth = (x - x.mean()) ** 4
    assert shape(x).share == pytest.approx(fourth / fourth.sum())


def test_the_density_is_scipys() -> None:
    x = np.random.default_rng(0).gamma(2, size=300)
    s = shape(x)
    known = stats.gaussian_kde(x, bw_method=bandwidth(x) / x.std(ddof=1))(s.grid)
    assert s.density == pytest.approx(known, abs=1e-9)


def test_bins() -> None:
    assert bin_edges(np.array([0.0, 1, 1, 1, 3])).tolist() == [-0.5, 0.5, 1.5, 2.5, 3.5]
    x = np.random.default_rng(0).normal(size=500)
    assert len(bin_edges(x)) == len(np.histogram_bin_edges(x, "auto"))
    assert len(bin_edges(np.array([0.1, 0.2, 0.3, 1e9]))) <= 61


def test_bootstrap_intervals_hold_their_number_and_are_repeatable() -> None:
    x = np.random.default_rng(0).gamma(3, size=150)
    found = bootstrap(x, draws=300)
    assert set(found) == set(MEASURES)
    for name in ("mean", "median", "l_skewness", "l_kurtosis", "medcouple"):
        assert found[name].low < found[name].value < found[name].high
    assert found == bootstrap(x, draws=300)
    theirs = stats.bootstrap((x,), np.mean, n_resamples=2000, method="percentile", rng=1).confidence_interval
    assert (found["mean"].low, found["mean"].high) == pytest.approx((theirs.low, theirs.high), abs=0.06)
    assert found["g1"].value == pytest.approx(describe(x).g1)


def test_bootstrap_of_what_has_no_shape() -> None:
    found = bootstrap([3.0, 3, 3], draws=50)
    assert found["mean"].value == 3
    assert math.isnan(found["g1"].low)


# --- transformations ----------------------------------------------------------------------------------


def test_transformations_against_their_libraries() -> None:
    x = np.random.default_rng(0).lognormal(size=200)
    assert transform(x, "log").values == pytest.approx(np.log(x))
    assert transform(x, "log").mean_back == pytest.approx(stats.gmean(x))
    assert transform(x, "sqrt").values ** 2 == pytest.approx(x)
    assert transform(x, "exp").values == pytest.approx(np.exp(x))
    box = transform(x, "box-cox")
    assert box.values == pytest.approx(stats.boxcox(x, box.parameter))
    yeo = transform(x - 1, "yeo-johnson")
    assert yeo.values == pytest.approx(stats.yeojohnson(x - 1, yeo.parameter))
    assert transform(x, "winsorise").values == pytest.approx(
        np.asarray(stats.mstats.winsorize(x, (0.05, 0.05)))
    )
    assert transform(x, "winsorise").changed == 20
    without = transform(x, "without-outliers")
    low, high = stats.mstats.mquantiles(x, [0.25, 0.75], 1, 1)
    assert without.changed == ((x > high + 1.5 * (high - low)) | (x < low - 1.5 * (high - low))).sum() > 0
    assert x[without.kept] == pytest.approx(without.values)


@FEW
@given(st.floats(-5, 5), st.sampled_from([-1.0, -0.5, 0, 0.3, 1, 1.7, 2, 2.5, 3]))
def test_yeo_johnson_there_and_back(x: float, best: float) -> None:
    there = float(stats.yeojohnson(np.array([x]), best)[0])
    assert yeo_johnson_back(there, best) == pytest.approx(x, abs=1e-8)


@pytest.mark.parametrize(
    ("x", "name", "reason"),
    [
        ([0, 1, 2], "log", "1 value is 0 or below, and a logarithm is only defined above 0."),
        ([-1, 0, 2], "box-cox", "2 values are 0 or below, and Box–Cox is only defined above 0."),
        ([-1, 1, 2], "sqrt", "1 value is below 0 and have no square root."),
        ([1, 800], "exp", "e to the power 800 is larger than any number"),
        ([1, -800], "exp", "e to the power -800 is smaller than any number"),
        ([3, 3], "yeo-johnson", "All values are the same"),
        ([1e20, 1], "box-cox", "of a size up to 1e+15"),
    ],
)
def test_a_refusal_has_its_reason(x: list[float], name: str, reason: str) -> None:
    refused = transform(x, name)
    assert refused.refusal.startswith(reason) or reason in refused.refusal
    assert len(refused.values) == 0


def test_an_unknown_transformation() -> None:
    with pytest.raises(NumberError, match=r"^There is no transformation 'cube'; there are none, log, sqrt"):
        transform([1, 2], "cube")


@FEW
@given(columns, st.sampled_from(list(TRANSFORMS)))
def test_no_column_breaks_a_transformation(x: np.ndarray, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = transform(x, name)
    assert bool(made.refusal) == (len(made.values) == 0)
    assert np.isfinite(made.values).all()
