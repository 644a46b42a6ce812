"""Toy tasks: right targets, and the losses of a network without memory."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.toytasks import (
    COPIED,
    SYMBOLS,
    TASKS,
    adding,
    anbn,
    copy_baseline,
    copying,
    depth,
)

some = settings(max_examples=20, deadline=None)
seeds, lengths = st.integers(0, 1000), st.integers(4, 30)


@some
@given(seeds, lengths)
def test_depth_is_opened_less_closed(seed: int, length: int) -> None:
    batch = depth(np.random.default_rng(seed), 9, length)
    opened, closed = batch.x[..., 1].cumsum(0), batch.x[..., 2].cumsum(0)
    assert np.array_equal(batch.y, opened - closed)
    assert batch.y.min() >= 0
    assert batch.y.max() <= 6
    assert len(batch.letters) == length


@some
@given(seeds, lengths)
def test_anbn_tells_the_next_character(seed: int, length: int) -> None:
    batch = anbn(np.random.default_rng(seed), 9, length)
    for i in range(9):
        text = "".join("ab "[code] for code in batch.x[:, i].argmax(-1)) + " "
        n = text.count("a")
        assert text.rstrip() == "a" * n + "b" * n
        assert batch.counts[:, i].sum() == 2 * n
        assert ["ab "[y] for y in batch.y[: 2 * n, i]] == list(text[1 : 2 * n + 1])


@some
@given(seeds, lengths)
def test_adding_marks_one_number_in_each_half(seed: int, length: int) -> None:
    batch = adding(np.random.default_rng(seed), 9, length)
    marks = batch.x[..., 1]
    assert (marks[: length // 2].sum(0) == 1).all()
    assert (marks[length // 2 :].sum(0) == 1).all()
    assert np.allclose(batch.y[-1], (marks * batch.x[..., 0]).sum(0))
    assert batch.counts.sum() == 9


@some
@given(seeds, lengths)
def test_copying_repeats_what_came_first(seed: int, length: int) -> None:
    batch = copying(np.random.default_rng(seed), 9, length)
    codes = batch.x.argmax(-1)
    assert np.array_equal(batch.y[-COPIED:], codes[:COPIED])
    assert (codes[:COPIED] < SYMBOLS).all()
    assert (batch.y[:-COPIED] == SYMBOLS).all()
    assert (codes == SYMBOLS + 1).sum() == 9
    assert len(codes) == length + 2 * COPIED


def test_baselines_are_those_of_the_literature_and_of_the_data() -> None:
    """FACTS: adding 1/6, copying 10 ln 8 / (T + 20); each is what a guess without memory costs."""
    assert TASKS["adding"].without_memory(20) == 1 / 6
    sums = adding(np.random.default_rng(0), 20_000, 10).y[-1]
    assert ((sums - 1) ** 2).mean() == pytest.approx(1 / 6, abs=0.004)
    assert copy_baseline(100, 10) == pytest.approx(10 * math.log(8) / 120)
    y = copying(np.random.default_rng(0), 500, 8).y
    guess = np.where(y == SYMBOLS, 0, math.log(SYMBOLS))
    assert guess.mean() == pytest.approx(copy_baseline(8))


@pytest.mark.parametrize("length", [6, 24])
def test_anbn_costs_what_counting_data_says(length: int) -> None:
    batch = anbn(np.random.default_rng(0), 20_000, length)
    now, after = batch.x.argmax(-1)[batch.counts], batch.y[batch.counts]
    cost = 0.0
    for code in range(2):
        of = after[now == code]
        shares = np.bincount(of, minlength=3) / len(of)
        cost -= len(of) * sum(p * math.log(p) for p in shares if p)
    assert cost / len(now) == pytest.approx(TASKS["anbn"].without_memory(length), rel=0.01)
    # at best only the first b is a surprise: after k a's the sequences with n ≥ k are left
    n = batch.counts.sum(0) // 2
    surprise = [math.log(length // 2) for _ in n]  # −Σ ln p(goes on) − ln p(stops) = ln N for every n
    assert sum(surprise) / batch.counts.sum() == pytest.approx(TASKS["anbn"].best(length), rel=0.02)
