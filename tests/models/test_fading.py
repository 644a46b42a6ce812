"""Fading memory: exact where theory is exact, bounded where it is a bound, equal to autograd elsewhere."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from models.errors import NumberError
from models.fading import adjusted, fading, saturated

MAKE = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
STEPS, FEATURES, UNITS, CLASSES = 30, 4, 6, 5
some = settings(max_examples=20, deadline=None)
kinds = st.sampled_from(tuple(MAKE))
seeds = st.integers(0, 10_000)


def made(kind: str, seed: int = 0, steps: int = STEPS, **options: Any) -> tuple[Any, Any, nn.Linear]:
    """A seeded module, its inputs (steps, features) and a head."""
    torch.manual_seed(seed)
    module = MAKE[kind](FEATURES, UNITS, **options)
    return module, torch.randn(steps, FEATURES).numpy(), nn.Linear(UNITS, CLASSES)


@some
@given(kinds, seeds)
def test_the_gradient_is_that_of_the_module_itself(kind: str, seed: int) -> None:
    """Cut the sequence in two: the state handed over has the gradient that autograd gives it."""
    module, x, head = made(kind, seed)
    found = fading(module, x, head, 2)
    module, head = module.double(), head.double()
    inputs = torch.as_tensor(x).double()
    cut = seed % (STEPS - 1)
    with torch.no_grad():
        _, state = module(inputs[: cut + 1])
    states = tuple(part.clone().requires_grad_() for part in (state if kind == "LSTM" else (state,)))
    out, _ = module(inputs[cut + 1 :], states if kind == "LSTM" else states[0])
    loss = nn.functional.cross_entropy(head(out[-1:]), torch.tensor([2]))
    loss.backward()
    assert found.loss == pytest.approx(loss.item(), rel=1e-12)
    assert found.hidden[cut] == pytest.approx(states[0].grad.norm().item(), rel=1e-9, abs=1e-14)
    if kind == "LSTM":
        # a change of c_t also shows in h_t = o tanh(c_t)
        (h, c), (to_h, to_c) = (state, [part.grad for part in states])
        total = to_c + to_h * (h / torch.tanh(c)) * (1 - torch.tanh(c) ** 2)
        assert found.cell is not None
        assert found.cell[cut] == pytest.approx(total.norm().item(), rel=1e-9, abs=1e-14)


@some
@given(st.sampled_from(("GRU", "LSTM")), seeds, st.floats(-3, 3))
def test_without_recurrent_weights_the_gates_are_all(kind: str, seed: int, bias: float) -> None:
    module, x, head = made(kind, seed)
    found = fading(adjusted(module, forget_bias=bias, scale=0), x, head, 1)
    assert found.through_gates is not None
    assert np.allclose(found.state, found.through_gates, rtol=1e-9, atol=0)


@pytest.mark.parametrize(
    ("bias", "gate", "product"), [(0, 0.5, 9e-16), (1, 0.731, 1.6e-7), (2, 0.881, 0.0018), (5, 0.993, 0.715)]
)
def test_the_table_of_forget_biases(bias: float, gate: float, product: float) -> None:
    """FACTS: with all other terms 0, the forget bias decides alone what is left after 50 steps."""
    module, _, head = made("LSTM")
    with torch.no_grad():
        for weights in module.parameters():
            weights.zero_()
    found = fading(adjusted(module, forget_bias=bias), np.zeros((51, FEATURES)), head, 0)
    assert found.through_gates is not None
    left = found.through_gates / found.through_gates[-1]
    assert float(f"{left[0]:.2g}") == pytest.approx(float(f"{product:.2g}"))
    assert left[-2] == pytest.approx(gate, abs=5e-4)


def test_both_biases_of_torch_add_up() -> None:
    module, x, head = made("LSTM")
    with torch.no_grad():
        module.weight_ih_l0.zero_()
        module.weight_hh_l0.zero_()
        for bias in (module.bias_ih_l0, module.bias_hh_l0):
            bias[UNITS : 2 * UNITS] = 1
    line = fading(module, x, head, 0).through_gates
    assert line is not None
    assert line[-2] / line[-1] == pytest.approx(1 / (1 + np.exp(-2)), rel=1e-6)


@some
@given(seeds, st.floats(0, 3), st.sampled_from(("tanh", "relu")))
def test_no_gradient_exceeds_pascanus_bound(seed: int, scale: float, nonlinearity: str) -> None:
    module, x, head = made("RNN", seed, nonlinearity=nonlinearity)
    found = fading(adjusted(module, scale=scale), x, head, 3)
    assert found.bound is not None
    assert (found.hidden <= found.bound * (1 + 1e-9)).all()
    assert found.bound[-1] == pytest.approx(found.hidden[-1])


def test_a_small_recurrent_matrix_is_enough_to_vanish_and_a_large_one_no_promise() -> None:
    """The bound is a bound: σ > 1, yet the gradient may vanish all the same, since tanh saturates."""
    module, x, head = made("RNN")
    small = fading(adjusted(module, scale=0.5), x, head, 0)
    assert small.sigma < 1
    assert small.hidden[0] < 1e-5 * small.hidden[-1]
    with torch.no_grad():
        module.bias_ih_l0 += 3  # far out on the tanh
    flat = fading(adjusted(module, scale=2), x, head, 0)
    assert flat.sigma > 1
    assert flat.hidden[0] < 1e-5 * flat.hidden[-1]


def test_a_copy_is_changed_and_the_module_is_not() -> None:
    module, _, _ = made("GRU")
    before = {name: value.clone() for name, value in module.state_dict().items()}
    copy = adjusted(module, forget_bias=2, scale=3)
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    moved = copy.bias_ih_l0 - module.bias_ih_l0.double()
    assert moved.tolist() == pytest.approx([0] * UNITS + [2] * UNITS + [0] * UNITS)
    assert torch.allclose(copy.weight_hh_l0, 3 * module.weight_hh_l0.double())


@pytest.mark.parametrize("options", [{"num_layers": 2}, {"bidirectional": True}, {"bias": False}])
def test_other_shapes_are_refused_in_words(options: dict[str, Any]) -> None:
    with pytest.raises(NumberError, match="one layer in one direction"):
        adjusted(nn.LSTM(3, 4, **options))


@some
@given(st.integers(1, 40), st.integers(1, 9), seeds)
def test_saturation_counts_the_steps(steps: int, units: int, seed: int) -> None:
    gate = np.random.default_rng(seed).random((steps, units))
    found = saturated({"input": gate, "candidate": gate, "forget": np.full_like(gate, 0.95)})
    assert found.gates == ("input", "forget")
    for unit in range(units):
        assert found.left[0, unit] == pytest.approx(sum(value < 0.1 for value in gate[:, unit]) / steps)
    assert (found.left[1] == 0).all()
    assert (found.right[1] == 1).all()
    assert (found.left + found.right <= 1).all()
