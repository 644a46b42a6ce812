"""Measures of distortion: published values, closed forms, bounds, and every worked example."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import measures as by
from models.distortions import EXAMPLES, RAINBOW, VIRIDIS, colours, lightness, uneven
from models.measures import ChartError, lie_factor
from models.tables import iphone, planned_parenthood
from models.traces_charts import STEPS

positive = st.floats(0.01, 1e6)


def test_tuftes_fuel_economy_standards():
    assert lie_factor(shown=(0.6, 5.3), data=(18, 27.5)) == pytest.approx(14.84, abs=0.005)


@settings(deadline=None)
@given(positive, positive, st.floats(0.01, 1e3))
def test_sizes_in_proportion_are_honest(first, second, scale):
    if abs(second / first - 1) > 1e-6:
        assert lie_factor((first * scale, second * scale), (first, second)) == pytest.approx(1, rel=1e-6)


@settings(deadline=None)
@given(positive, st.floats(1.01, 50), st.floats(0, 0.99))
def test_closed_forms(first, k, part):
    baseline = part * first
    assert by.truncated(first, k * first, baseline) == pytest.approx(first / (first - baseline), rel=1e-6)
    assert by.power(first, k * first, 2) == pytest.approx(k + 1, rel=1e-6)
    assert by.power(first, k * first, 3) == pytest.approx(k * k + k + 1, rel=1e-6)


def test_a_hundred_and_five_from_ninety_seven():
    assert by.truncated(100, 105, 97) == pytest.approx(100 / 3)


@pytest.mark.parametrize(
    ("shown", "data", "says"),
    [
        ((0, 1), (1, 2), "0"),
        ((1, 2), (0, 1), "0"),
        ((1, 2), (3, 3), "equal"),
        ((1, math.nan), (1, 2), "finite"),
    ],
)
def test_what_has_no_lie_factor_is_said(shown, data, says):
    with pytest.raises(ChartError, match=says):
        lie_factor(shown, data)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(-100, 100), min_size=2, max_size=8, unique=True))
def test_inversions_of_a_reversed_order_are_all_pairs(values):
    n = len(values)
    assert by.inversions(values, values) == 0
    assert by.inversions([-v for v in values], values) == n * (n - 1) // 2


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=30))
def test_a_total_always_rises(values):
    assert by.rising(np.cumsum(values)) == 100


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-9, 9), min_size=5, max_size=30), st.integers(1, 5))
def test_a_trailing_mean_is_pandas(values, width):
    import pandas as pd

    ours = by.trailing_mean(values, width)
    np.testing.assert_allclose(ours, pd.Series(values).rolling(width).mean(), atol=1e-9)


def test_small_measures():
    assert by.modes([1, 3, 3, 1, 2, 0]) == 2
    assert by.modes([4, 4]) == 1
    assert by.mean_angle([0, 1, 2], [0, 1, 0]) == pytest.approx(45)
    assert by.interval_ratio([0, 1, 2], [0, 10, 11]) == pytest.approx(10)
    assert by.midpoint_error(500.5, 1, 1000) == 0
    assert by.midpoint_error(1000**0.5, 1, 1000) == pytest.approx(46.93, abs=0.01)
    assert by.reversals([0, 1, 2, 1, 2]) == 2
    assert by.slope_ratio([3, 2, 1], [1, 2, 3]) == pytest.approx(-1)
    assert by.window_percentile([1, 2, 3, 2, 1, 0], 3, 3) == pytest.approx(25)
    assert by.window_percentile([1, 2, 5], 0, 3) == 50
    assert by.wrong_order([2, 2], [1, 1], np.array([0.0, 2.0]), np.array([1.0, 1.0])) == 50


def test_counts_are_numpys():
    values = np.random.default_rng(0).normal(size=200)
    counts = by.bin_counts(values, 0.5, -10)
    edges = np.arange(-10, 10, 0.5)
    expected = np.histogram(values, edges)[0]
    np.testing.assert_array_equal(counts, np.trim_zeros(expected))


def test_viridis_is_even_and_the_rainbow_is_not():
    at = np.linspace(0, 1, 65)
    assert by.reversals(lightness(colours(VIRIDIS, at))) == 0
    assert by.reversals(lightness(colours(RAINBOW, at))) >= 2
    np.testing.assert_allclose(lightness(np.array([[0, 0, 0], [255, 255, 255.0]])), [0, 100], atol=1e-4)


@pytest.mark.parametrize("which", EXAMPLES)
def test_every_example_starts_honest_and_leaves_the_range(which):
    made = EXAMPLES[which]()
    assert made.id == which
    assert made.measure.shape == (STEPS + 1,)
    low, high = made.honest
    assert low - 1e-9 <= made.measure[0] <= high + 1e-9
    assert made.leaves is not None
    assert not low <= made.measure[-1] <= high
    assert np.isfinite(made.measure).all()


def test_the_ends_that_are_known():
    ends = {which: EXAMPLES[which]().measure[-1] for which in EXAMPLES}
    assert ends["truncated"] == pytest.approx(100 / 3)
    assert ends["radius"] == pytest.approx(3)
    assert ends["pictogram"] == pytest.approx(7)
    assert ends["inverted"] == pytest.approx(-1)
    assert ends["cumulative"] == 100
    assert ends["uneven"] == pytest.approx(20)
    assert ends["pie"] == pytest.approx(93)
    assert ends["smoothing"] == pytest.approx(5.5)
    assert ends["simpson"] < 0


def test_even_times_cannot_be_uneven():
    with pytest.raises(ChartError, match="even"):
        uneven([1, 2, 3], [1, 2, 3])


def test_the_iphone_table_is_the_published_one():
    units = iphone().units
    assert sum(units) == 387_535
    assert iphone().quarters[-1] == "2013 Q3"
    assert 1 - units[-2] / units[-3] == pytest.approx(0.217, abs=5e-4)
    assert 1 - units[-1] / units[-2] == pytest.approx(0.165, abs=5e-4)
    assert units[-1] / units[-5] == pytest.approx(1.2, abs=5e-3)


def test_the_gap_of_2008_stays_a_gap():
    data = planned_parenthood()
    assert data.screenings[data.years.index(2008)] is None
    assert data.screenings.count(None) == 1
    assert data.screenings[-1] / data.abortions[-1] == pytest.approx(2.86, abs=5e-3)
