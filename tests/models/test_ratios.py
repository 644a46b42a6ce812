"""Odds and probability ratios of random pairs against closed forms; lost digits against torch and mpmath."""

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import polygamma
from scipy.stats import kstest, laplace

from models.digits import POWERS, bfloat16, digits
from models.errors import NumberError
from models.preference import log1mexp
from models.ratios import BetaP, NormalLogP, ratios


def logistics(x: np.ndarray) -> np.ndarray:
    """The density of the difference of two standard logistic numbers."""
    safe = np.where(np.abs(x) < 1e-2, 1.0, x)
    form = np.exp(safe) * ((safe - 2) * np.exp(safe) + safe + 2) / np.expm1(safe) ** 3
    return np.where(np.abs(x) < 1e-2, 1 / 6 - x**2 / 60, form)


@pytest.mark.parametrize("beta", [1.0, 0.2])
def test_uniform_pairs_follow_laplace_and_the_difference_of_two_logistics(beta: float) -> None:
    found = ratios(BetaP(1, 1), beta)
    np.testing.assert_allclose(found.law[0], laplace.pdf(found.at[0], scale=beta), atol=2e-3 / beta)
    np.testing.assert_allclose(found.law[1], logistics(found.at[1]), atol=1e-4)
    assert found.sd == pytest.approx((2**0.5 * beta, 2.565), abs=1e-3)
    assert found.kurtosis == pytest.approx((3, 0.6), abs=1e-2)
    assert found.drawn_sd == pytest.approx(found.sd, rel=0.02)
    assert found.pairs == 50_000


@settings(max_examples=25, deadline=None)
@given(st.floats(0.3, 50), st.floats(1, 200))
def test_moments_and_areas_of_any_beta(a: float, b: float) -> None:
    """Cumulants of log P and of log odds are polygamma functions."""
    found = ratios(BetaP(a, b), pairs=2_000)
    psi = [[float(polygamma(order, at)) for at in (a, a + b, b)] for order in (1, 3)]
    second = [psi[0][0] - psi[0][1], psi[0][0] + psi[0][2]]
    fourth = [psi[1][0] - psi[1][1], psi[1][0] + psi[1][2]]
    for i in (0, 1):
        assert found.sd[i] == pytest.approx((2 * second[i]) ** 0.5, rel=1e-3)
        assert found.kurtosis[i] == pytest.approx(fourth[i] / (2 * second[i] ** 2), abs=0.02)
        area = np.trapezoid(found.law[i], found.at[i])
        assert 0.99 < area < 1.003
    assert found.sd[1] > found.sd[0]  # odds always spread the pairs more


def test_samples_follow_the_laws() -> None:
    for law in (BetaP(0.4, 3), NormalLogP(-0.3, 1.0)):
        y = law.log_odds(np.random.default_rng(1), (2_000,))
        grid = np.linspace(-60, 40, 200_001)
        share = np.cumsum(np.exp(law.log_density(grid))) * (grid[1] - grid[0])
        assert share[-1] == pytest.approx(1, abs=1e-3)
        assert kstest(y, lambda at, share=share, grid=grid: np.interp(at, grid, share)).pvalue > 1e-3


def test_where_p_is_small_odds_and_probability_are_one() -> None:
    found = ratios(NormalLogP(-2.5, 0.3))
    assert found.factor == pytest.approx(1.09, abs=0.005)
    assert found.sd[1] / found.sd[0] == pytest.approx(1.09, abs=0.02)
    with pytest.raises(NumberError, match=r"`a` is 0; it must lie between 0\.2 and 50"):
        BetaP(0, 1)
    with pytest.raises(NumberError, match="`beta` is nan"):
        ratios(BetaP(1, 1), float("nan"))


def test_bfloat16_and_every_step_round_as_torch_does() -> None:
    values = np.random.default_rng(0).normal(size=2_000).astype(np.float32)
    np.testing.assert_array_equal(bfloat16(values), torch.tensor(values).bfloat16().float().numpy())
    x = -(10.0**POWERS)
    found = digits(x)
    half = torch.tensor(x, dtype=torch.float32).bfloat16()
    np.testing.assert_array_equal(found.plain16, (1 - half.exp()).log().double().numpy())
    single = torch.tensor(x, dtype=torch.float32)
    some = x < -1e-5  # nearer to 0 the last bit of exp decides, and libraries differ in it
    plain = (1 - single.exp()).log().double().numpy()
    np.testing.assert_allclose(found.plain32[some], plain[some], rtol=2e-2)
    np.testing.assert_allclose(found.stable32, log1mexp(single).double().numpy(), rtol=1e-6)
    with mpmath.workdps(40):
        true = [float(mpmath.log(1 - mpmath.exp(mpmath.mpf(v)))) for v in x]
    np.testing.assert_allclose(found.exact, true, rtol=1e-13)
    np.testing.assert_allclose(found.stable32, true, rtol=1e-5)
    assert np.isneginf(found.plain32[x > -2e-8]).all()
    assert np.isneginf(found.plain16[x > -1e-3]).all()
