"""Hopfield: the energy never rises, rest is rest, and the measured overlaps of many networks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.hopfield import LETTERS, energy, letters, overlaps_found, random_patterns, recall, weights

some = settings(max_examples=25, deadline=None)


@some
@given(st.integers(1, 40), st.floats(0, 0.5), st.integers(0, 1000))
def test_the_energy_falls_with_every_turn_and_is_that_of_the_state(
    count: int, share: float, seed: int
) -> None:
    found = recall(random_patterns(count, seed, 60), 0, share, seed)
    w = weights(found.patterns)
    assert (np.diff(found.energy) < 1e-9).all()
    assert found.energy[0] == pytest.approx(energy(w, found.cue))
    assert found.energy[-1] == pytest.approx(energy(w, found.end))
    # at rest: no unit disagrees with its input
    assert (w @ found.end * found.end > -1e-9).all()
    replayed = found.cue.copy()
    for unit in found.flips:
        replayed[unit] *= -1
    assert np.array_equal(replayed, found.end)
    assert np.allclose(found.overlaps[-1], found.patterns @ found.end.astype(float) / 60)
    assert (np.diff(found.asked) > 0).all()


@some
@given(st.integers(1, 30), st.integers(0, 99))
def test_the_weights_are_hebbs(count: int, seed: int) -> None:
    patterns = random_patterns(count, seed, 20)
    w = weights(patterns)
    assert np.allclose(w, w.T)
    assert not w.diagonal().any()
    assert w[2, 5] == pytest.approx(sum(float(p[2]) * float(p[5]) for p in patterns) / 20)


@pytest.mark.parametrize(
    ("load", "overlap", "within"),
    [(0.05, 1.0, 0.005), (0.1, 0.998, 0.012), (0.138, 0.97, 0.04), (0.2, 0.76, 0.1), (0.3, 0.52, 0.1)],
)
def test_overlaps_after_four_sweeps(load: float, overlap: float, within: float) -> None:
    """FACTS: N = 300, 10 % flips. Above the capacity the network still wanders after four sweeps."""
    found = overlaps_found(load, 0.1, trials=30, sweeps=4)
    assert found.mean() == pytest.approx(overlap, abs=within)
    if load >= 0.2:
        assert overlaps_found(load, 0.1, trials=10).mean() < found.mean()


def test_one_pattern_is_found_from_almost_half_noise_and_its_negative_beyond() -> None:
    one = random_patterns(1, 0)
    assert recall(one, 0, 0.4, 0).overlaps[-1, 0] == 1
    assert recall(one, 0, 0.6, 0).overlaps[-1, 0] == -1


def test_letters_are_drawn_large_and_told_apart() -> None:
    patterns, (rows, columns) = letters(len(LETTERS))
    assert patterns.shape == (len(LETTERS), rows * columns)
    assert len({bytes(pattern) for pattern in patterns}) == len(LETTERS)
    assert set(np.unique(patterns)) == {-1, 1}
    for target in range(4):
        assert recall(patterns[:4], target, 0.2, 3).overlaps[-1, target] == 1
