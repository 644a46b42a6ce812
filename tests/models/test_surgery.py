"""Gate surgery: nothing forced changes nothing; what is forced is what the trace then shows."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.recurrent_gates.reading import COUNTED
from models.charcards import cards
from models.charmodels import CharModel, load, read
from models.errors import NumberError
from models.surgery import divergence, operate, random_unit
from models.traces_recurrent import Surgery

TEXT = 'Anna saw "nobody knows (what) it is" near\n  é'
ONE_WAY = ("rnn", "gru", "lstm", "lstm2")
SHIPPED = [name for name, card in cards().items() if card.directions == 1]


def tiny(kind: str, seed: int = 0) -> CharModel:
    torch.manual_seed(seed)
    return CharModel(kind, units=5).eval().requires_grad_(False)


@pytest.mark.parametrize("kind", SHIPPED)
def test_an_untouched_run_is_what_pytorch_computes(kind):
    model = load(kind)
    trace = read(TEXT, model, cards()[kind])
    run = operate(model, TEXT, None)
    assert np.abs(run.probabilities - trace.probabilities).max() < 1e-5
    assert run.written == ""


@given(st.sampled_from(ONE_WAY), st.integers(0, 1000), st.integers(0, 4), st.integers(0, len(TEXT) - 1))
@settings(max_examples=25, deadline=None)
def test_forcing_what_is_already_so_changes_nothing(kind, seed, unit, at):
    model = tiny(kind, seed)
    layer = model.rnn.num_layers - 1
    trace = read(TEXT, model, cards()["lstm"]).gates  # the card is not read
    untouched = operate(model, TEXT, None, write=5, seed=seed)
    # a state set to the value that it has anyway, at one step
    state = trace.hidden if trace.cell is None else trace.cell
    # the trace is float32, the run float64
    cut = Surgery("set", unit, at, at + 1, float(state[layer, 0, at, unit]), layer)
    if at + 1 < len(TEXT):
        run = operate(model, TEXT, cut, write=5, seed=seed)
        assert np.abs(run.probabilities - untouched.probabilities).max() < 1e-5
        assert np.abs(run.kept - state[layer, 0, :, unit]).max() < 1e-5
    # and before a surgery nothing changes, to the last bit
    later = operate(model, TEXT, replace(cut, what="freeze"), write=5, seed=seed)
    assert np.array_equal(later.probabilities[:at], untouched.probabilities[:at])


@pytest.mark.parametrize("kind", ONE_WAY)
def test_two_runs_without_surgery_are_equal_to_the_last_bit(kind):
    model = tiny(kind)
    first, second = (operate(model, TEXT, None, write=30, seed=3) for _ in range(2))
    assert np.array_equal(first.probabilities, second.probabilities)
    assert first.written == second.written
    assert len(first.written) == 30
    assert not divergence(first.probabilities, second.probabilities).any()


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_what_is_forced_is_kept(kind):
    model = tiny(kind)
    keep = "forget" if kind == "lstm" else "update"
    frozen = operate(model, TEXT, Surgery("freeze", 2, 5, 20))
    assert np.ptp(frozen.kept[4:20]) == 0
    assert np.ptp(frozen.kept[20:]) > 0
    put = operate(model, TEXT, Surgery("set", 2, 5, 20, value=0.75))
    assert (put.kept[5:20] == 0.75).all()
    if kind == "gru":
        assert np.array_equal(operate(model, TEXT, Surgery(keep, 2, 5, 20, value=1.0)).kept, frozen.kept)
    else:
        shut = operate(model, TEXT, Surgery("input", 2, 5, 20, value=0.0)).kept
        assert (np.abs(np.diff(shut[4:20])) > 0).all()  # only the forget gate moves it
        assert (np.abs(shut[5:20]) <= np.abs(shut[4:19])).all()


def test_a_surgery_to_the_end_goes_on_while_the_model_writes():
    model = load("lstm")
    half = TEXT[:20]
    free = operate(model, half, None, write=60).written
    cut = Surgery("output", 0, 0, 20, value=0.0)
    assert operate(model, half, cut, write=60).written[:1]
    assert len(free) == 60
    assert free == operate(model, half, None, write=60).written


@pytest.mark.parametrize("told", [2, 3, 4, 5, 6])
def test_the_counter_of_the_lstm_is_what_it_counts_by(told):
    counter = cards()["lstm"].cells["depth"]
    start = COUNTED.rindex("(")
    value = float(np.sign(counter.score)) * told
    cut = Surgery("set", counter.unit, start, len(COUNTED) - 1, value)
    written = operate(load("lstm"), COUNTED, cut, write=20, seed=1).written
    assert len(written) - len(written.lstrip(")")) == told


def test_divergence_is_bits_and_never_negative():
    assert divergence(np.array([0.5, 0.5]), np.array([0.25, 0.75])) == pytest.approx(0.2075, abs=1e-4)
    assert divergence(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == pytest.approx(1)


@given(st.integers(0, 95), st.integers(0, 1000))
def test_the_control_is_another_unit(unit, seed):
    other = random_unit(unit, 96, seed)
    assert 0 <= other < 96
    assert other != unit


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (Surgery("update", 0, 0, 3), "has no 'update'"),
        (Surgery("forget", 9, 0, 3), "no unit 9"),
        (Surgery("forget", 0, 0, 3, layer=1), "in layer 1"),
        (Surgery("forget", 0, 3, 3), "3–3"),
        (Surgery("forget", 0, 0, 999), "0–999"),
        (Surgery("forget", 0, 0, 3, value=float("nan")), "nan"),
    ],
)
def test_a_surgery_that_has_no_place_is_said(cut, said):
    with pytest.raises(NumberError, match=said):
        operate(tiny("lstm"), TEXT, cut)


def test_reading_both_ways_goes_not_step_by_step():
    with pytest.raises(NumberError, match="both ways"):
        operate(tiny("bilstm"), TEXT, None)
