"""Relatives: where the feedback comes from decides what can be kept; what an output has not seen counts 0."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.feedback import feedback
from models.unrolled import seen

some = settings(max_examples=25, deadline=None)
texts = st.text("*?.a", min_size=1, max_size=30)


def test_elman_keeps_in_silence_and_jordan_cannot() -> None:
    found = feedback("..*.....?..", 3, "asked")
    assert found.elman[2, 8] > 0.98
    assert found.jordan[2, 8] < 0.05
    silent = [t for t in range(11) if t != 8]
    assert found.elman[2, silent].max() < 0.05


def test_jordan_keeps_what_it_says_aloud() -> None:
    found = feedback("..*.....?..", 3, "always")
    assert found.elman[2, 2:].min() > 0.95
    assert found.jordan[2, 2:].min() > 0.95


@some
@given(texts, st.floats(0, 4), st.sampled_from(("asked", "always")))
def test_each_memory_reads_its_own_feedback(text, weight, speech) -> None:
    found = feedback(text, weight, speech)
    star = np.array([character == "*" for character in text])
    for trace, row in ((found.elman, 1), (found.jordan, 2)):
        back = np.concatenate([[0], trace[row, :-1]])
        assert np.allclose(trace[1], np.tanh(3 * star + weight * back))
        assert ((trace[2] >= 0) & (trace[2] <= 1)).all()


def test_without_feedback_both_are_the_same() -> None:
    found = feedback("*..?*?", 0, "asked")
    assert np.array_equal(found.elman, found.jordan)


@pytest.mark.parametrize("layers", [1, 2])
def test_one_way_sees_the_past_alone_and_both_ways_see_all(layers: int) -> None:
    steps = 6
    past = np.tri(steps, dtype=bool)
    one = seen(steps, layers, both=False)
    assert np.array_equal(one.influence[:, 0] > 0, past)
    both = seen(steps, layers, both=True)
    assert (both.influence[:, 0] > 0).all()
    assert len(one.rows) == one.influence.shape[1] == layers + 2
    assert len(both.rows) == 2 * layers + 2
    # the first layer's forward states: one layer hands on the past, a second layer both sides
    forward = both.influence[:, 1] > 0
    assert np.array_equal(forward, past) if layers == 1 else forward.all()


def test_influence_is_the_derivative() -> None:
    """A second seed, and a check that the sizes fade with distance as a contraction must."""
    found = seen(8, 1, both=False, seed=1).influence[7, 1, :8]
    assert found[7] == pytest.approx(8**0.5)  # a state of eight units by itself
    assert found[0] < found[4] < found[7]
