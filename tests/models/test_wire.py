"""One unit wired by hand: the same numbers as torch's cells, exact counts, and what a GRU cannot do."""

from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from models.wire import GATES, PUZZLES, Cell, depth, run

CELLS: tuple[Cell, ...] = get_args(Cell)
some = settings(max_examples=40, deadline=None)
slider = st.floats(-40, 40)
texts = st.text("*?()\nab ", min_size=1, max_size=60)


@some
@given(st.sampled_from(CELLS), st.lists(st.tuples(slider, slider), min_size=4, max_size=4), texts)
def test_a_unit_is_torchs_own(cell: Cell, numbers: list[tuple[float, float]], text: str) -> None:
    wiring = dict(zip(GATES[cell], numbers, strict=False))
    x = PUZZLES["count"].encode(text)
    trace = run(cell, wiring, x)
    weight = torch.tensor([[wiring[gate][0]] for gate in GATES[cell]], dtype=torch.float64)
    bias = torch.tensor([wiring[gate][1] for gate in GATES[cell]], dtype=torch.float64)
    module = (torch.nn.LSTMCell if cell == "lstm" else torch.nn.GRUCell)(1, 1).double()
    with torch.no_grad():
        module.weight_ih.copy_(weight)
        module.bias_ih.copy_(bias)
        module.weight_hh.zero_()
        module.bias_hh.zero_()
        if cell == "gru":
            module.weight_hh[2] = 1  # n reads r h
        h = c = torch.zeros(1, 1, dtype=torch.float64)
        for t, value in enumerate(x):
            step = torch.tensor([[value]])
            if cell == "lstm":
                h, c = module(step, (h, c))
                assert trace.state[t] == pytest.approx(c.item(), abs=1e-9)
            else:
                h = module(step, h)
            assert trace.hidden[t] == pytest.approx(h.item(), abs=1e-9)


@pytest.mark.parametrize("name", PUZZLES)
@pytest.mark.parametrize("cell", CELLS)
def test_every_puzzle_has_a_solution_or_a_reason(name: str, cell: Cell) -> None:
    puzzle = PUZZLES[name]
    assert (cell in puzzle.solutions) != (cell in puzzle.impossible)
    if cell in puzzle.solutions:
        found = puzzle.check(puzzle.text, run(cell, puzzle.solutions[cell], puzzle.encode(puzzle.text)))
        assert found.solved
        assert found.miss < 1e-5


@some
@given(st.sampled_from(tuple(PUZZLES)), texts)
def test_a_solution_holds_for_other_texts(name: str, text: str) -> None:
    puzzle = PUZZLES[name]
    for cell, wiring in puzzle.solutions.items():
        assert puzzle.check(text, run(cell, wiring, puzzle.encode(text))).solved


def test_the_hand_wired_counter_is_exact_over_500_characters() -> None:
    """FACTS: max |c − depth| ≈ 1e-6, while h saturates after a depth of 3."""
    rng = np.random.default_rng(0)
    text = ""
    open_now = 0
    while len(text) < 500:
        character = "(" if open_now == 0 or (open_now < 12 and rng.random() < 0.5) else ")"
        open_now += 1 if character == "(" else -1
        text += character
    puzzle = PUZZLES["count"]
    trace = run("lstm", puzzle.solutions["lstm"], puzzle.encode(text))
    assert np.abs(trace.state - depth(text)).max() < 5e-6
    assert depth(text).max() >= 8
    deep = trace.hidden[depth(text) > 3]
    assert np.ptp(deep) < 1e-3


@some
@given(st.lists(st.tuples(slider, slider), min_size=3, max_size=3), texts)
def test_a_gru_never_leaves_one(numbers: list[tuple[float, float]], text: str) -> None:
    trace = run("gru", dict(zip(GATES["gru"], numbers, strict=True)), PUZZLES["count"].encode(text))
    assert (np.abs(trace.state) <= 1).all()


@some
@given(st.lists(st.tuples(slider, slider), min_size=3, max_size=3))
def test_no_gru_counts_or_speaks_only_when_asked(numbers: list[tuple[float, float]]) -> None:
    wiring = dict(zip(GATES["gru"], numbers, strict=True))
    for name in ("count", "ask"):
        puzzle = PUZZLES[name]
        assert not puzzle.check(puzzle.text, run("gru", wiring, puzzle.encode(puzzle.text))).solved


def test_the_check_names_the_worst_step() -> None:
    puzzle = PUZZLES["count"]
    nothing = dict.fromkeys(GATES["lstm"], (0.0, 0.0))
    found = puzzle.check("a((b", run("lstm", nothing, puzzle.encode("a((b")))
    assert (found.worst, found.miss, found.solved) == (2, 2.0, False)
