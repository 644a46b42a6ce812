"""Thrown means, two exams and two densities: closed forms, integrals and laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from models import exams, families, means, peaks
from models.distributions import describe
from models.errors import NumberError

FEW = settings(max_examples=20, deadline=None)


def test_thrown_means_follow_the_law() -> None:
    population = families.gamma(2)
    thrown = means.throw_means(population, 50, 20_000, seed=1)
    d = describe(thrown.means)
    assert d.mean == pytest.approx(population.mean, abs=0.01)
    assert d.sd == pytest.approx(population.sd / np.sqrt(50), rel=0.03)
    assert d.g1 == pytest.approx(population.skewness / np.sqrt(50), abs=0.06)
    assert thrown.last.shape == (50,)
    assert thrown.last.mean() == pytest.approx(thrown.means[-1])
    assert thrown.spread == pytest.approx(stats.iqr(thrown.means))


def test_means_settle_but_not_cauchys() -> None:
    fast = means.spread_by_size(families.normal())
    assert fast[0] / fast[-1] == pytest.approx(np.sqrt(means.SIZES[-1]), rel=0.15)
    cauchy = means.spread_by_size(families.student(1))
    assert cauchy.max() / cauchy.min() < 1.5
    steps: list[tuple[int, int]] = []
    means.spread_by_size(families.uniform(), throws=5, progress=lambda *step: steps.append(step))
    assert steps[-1] == (len(means.SIZES), len(means.SIZES))


@pytest.mark.parametrize(("n", "throws"), [(0, 1), (1, 0), (1000, 1_000_000)])
def test_too_many_values_are_refused(n: int, throws: int) -> None:
    with pytest.raises(
        NumberError, match=r"cannot be thrown; at least 1 and at most 5,000,000 values in all can\.$"
    ):
        means.throw_means(families.normal(), n, throws)


def test_how_many_values_a_skewed_mean_needs() -> None:
    assert means.size_for_skewness(0) == 1
    assert means.size_for_skewness(1) == 100
    assert means.size_for_skewness(-2, 0.5) == 16


def test_shares_within_k() -> None:
    x = stats.norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    shares = [means.within(x, 0, 1, k) for k in (1, 2, 3)]
    assert shares == pytest.approx([0.6827, 0.9545, 0.9973], abs=1e-4)
    assert means.within(np.array([0.0, 1, 3]), 1, 2, 1) == 1


@pytest.mark.parametrize(
    ("counts", "found"), [([1], 1), ([3, 1, 2], 2), ([0, 2, 2, 0, 1, 0], 2), ([1, 1], 1)]
)
def test_peaks_are_counted(counts: list[int], found: int) -> None:
    assert means.count_peaks(np.array(counts)) == found


def test_peaks_by_bins() -> None:
    x = np.concatenate([np.full(50, 0.0), np.full(50, 1.0)])
    assert means.peaks_by_bins(x, 5).tolist() == [1, 1, 2, 2, 2]


# --- two densities ------------------------------------------------------------------------------------


def moments(pair: peaks.Densities, row: int) -> list[float]:
    f, x = pair.density[row], pair.grid
    return [float(np.trapezoid(f * x**k, x)) for k in (0, 2, 4)]


@FEW
@given(st.floats(0.5, 2.5))
def test_equal_peaks_have_other_tails(kurtosis: float) -> None:
    pair = peaks.equal_peaks(kurtosis)
    assert pair.peaks[0] == pytest.approx(pair.peaks[1], abs=1e-9)
    assert pair.density[:, len(pair.grid) // 2] == pytest.approx(pair.peaks, abs=1e-9)
    assert pair.kurtosis == pytest.approx([0, kurtosis], abs=1e-6)
    area, m2, m4 = moments(pair, 1)
    assert area == pytest.approx(1, abs=1e-3)
    assert m2 == pytest.approx(1, abs=5e-3)
    assert m4 - 3 <= kurtosis + 1e-6
    assert pair.beyond[1] > pair.beyond[0] == pytest.approx(2 * stats.norm.sf(3))


@FEW
@given(st.floats(1.1, 6))
def test_equal_kurtosis_has_other_peaks(peak: float) -> None:
    pair = peaks.equal_kurtosis(peak)
    assert pair.peaks[1] / pair.peaks[0] == pytest.approx(peak)
    assert pair.kurtosis[1] == pytest.approx(0, abs=1e-6)
    area, m2, m4 = moments(pair, 1)
    assert (area, m2) == pytest.approx((1, 1), abs=2e-3)
    assert m4 == pytest.approx(3, abs=5e-3)


def test_the_kurtosis_comes_from_afar() -> None:
    pair = peaks.equal_peaks(8)
    shares = peaks.share_by_distance(pair)
    assert (np.diff(shares, axis=1) >= 0).all()
    assert shares[0, -1] == pytest.approx(1, abs=1e-3)
    at_one = np.searchsorted(pair.grid[pair.grid >= 0], 1.0)
    # ∫ x⁴ φ over |x| ≤ 1, by parts: 3 (erf(1/√2) − 8/3 φ(1))
    assert shares[0, at_one] == pytest.approx(0.6827 - 8 / 3 * stats.norm.pdf(1), abs=2e-3)


@pytest.mark.parametrize("kurtosis", [0, 1000])
def test_kurtosis_out_of_range(kurtosis: float) -> None:
    with pytest.raises(
        NumberError, match=rf"^The excess kurtosis is {kurtosis}; it must lie between 0.5 and 100\.$"
    ):
        peaks.equal_peaks(kurtosis)
    with pytest.raises(
        NumberError, match=r"^The peak is 0.5 times a normal's; it must lie between 1.1 and 6\.$"
    ):
        peaks.equal_kurtosis(0.5)


# --- two exams ----------------------------------------------------------------------------------------


def test_z_scores() -> None:
    assert exams.z_score(72, 60, 8) == 1.5
    assert exams.share_below(1.5) == pytest.approx(stats.norm.cdf(1.5))
    with pytest.raises(NumberError, match=r"^The standard deviation is 0; it must be above 0\.$"):
        exams.z_score(1, 2, 0)


def test_a_long_throw_holds_all_shorter_ones() -> None:
    found = means.throw_nested(families.gamma(2), (1, 4, 9), (1, 6, 50), seed=5)
    longest = found[-1]
    assert [len(one.means) for one in found] == [1, 6, 50] * 3
    assert (found[7].means == longest.means[:6]).all()
    assert (found[4].last == found[7].last[:4]).all()
    assert longest.means[-1] == pytest.approx(longest.last.mean())
    assert found[4].means[-1] == pytest.approx(found[4].last.mean())
    with pytest.raises(NumberError, match="cannot be thrown"):
        means.throw_nested(families.gamma(2), (10_000,), (10_000,))
