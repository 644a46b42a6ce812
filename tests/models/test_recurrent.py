"""Gates of recurrent modules: they recombine to what the module itself returns, and the exact facts hold."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from models.errors import NumberError
from models.recurrent import BLOCKS, trace_gates, unit_trace, weights_of
from models.traces_recurrent import GateTrace

CLOSE = {torch.float32: 1e-6, torch.float64: 1e-12}
FAST = settings(max_examples=25, deadline=None)


def recombined(trace: GateTrace, module: nn.RNNBase, start: np.ndarray) -> np.ndarray:
    """h from the gates alone; ``start`` (layers, directions, batch, units) are the states before the text."""
    gates = trace.gates
    if trace.kind == "LSTM":
        return gates["output"] * np.tanh(trace.cell)
    if trace.kind == "RNN":
        return gates["candidate"]
    before = np.empty_like(trace.hidden)  # (layers, directions, batch, steps, units)
    before[:, 0, :, 1:], before[:, 0, :, 0] = trace.hidden[:, 0, :, :-1], start[:, 0]
    if module.bidirectional:
        before[:, 1, :, :-1], before[:, 1, :, -1] = trace.hidden[:, 1, :, 1:], start[:, 1]
    z = gates["update"]
    return (1 - z) * gates["candidate"] + z * before


@st.composite
def cases(draw):
    kind = draw(st.sampled_from([nn.RNN, nn.GRU, nn.LSTM]))
    dtype = draw(st.sampled_from([torch.float32, torch.float64]))
    torch.manual_seed(draw(st.integers(0, 2**31)))
    module = kind(
        draw(st.integers(1, 5)),
        draw(st.integers(1, 7)),
        draw(st.integers(1, 3)),
        bias=draw(st.booleans()),
        batch_first=draw(st.booleans()),
        bidirectional=draw(st.booleans()),
        dtype=dtype,
        **({"nonlinearity": draw(st.sampled_from(["tanh", "relu"]))} if kind is nn.RNN else {}),
    )
    steps, batch, single = draw(st.integers(1, 9)), draw(st.integers(1, 3)), draw(st.booleans())
    shape = (steps,) if single else (batch, steps) if module.batch_first else (steps, batch)
    inputs = torch.randn(*shape, module.input_size, dtype=dtype)
    state = None
    if draw(st.booleans()):
        count = module.num_layers * (2 if module.bidirectional else 1)
        each = (count, module.hidden_size) if single else (count, batch, module.hidden_size)
        state = torch.randn(each, dtype=dtype)
        if kind is nn.LSTM:
            state = (state, torch.randn(each, dtype=dtype))
    return module, inputs, state


@FAST
@given(cases())
def test_gates_recombine_to_the_modules_own_output(case):
    module, inputs, state = case
    close = CLOSE[inputs.dtype]
    trace = trace_gates(module, inputs, state)
    with torch.no_grad():
        output, end = module(inputs, state)
    single = inputs.dim() == 2
    if single:
        output = output.unsqueeze(1)
    elif module.batch_first:
        output = output.transpose(0, 1)
    batch = output.shape[1]
    directions = 2 if module.bidirectional else 1
    shape = (module.num_layers, directions, batch, len(output), module.hidden_size)
    hidden = trace.hidden.reshape(shape)
    # the last layer's states are the module's output, its directions side by side
    own = output.reshape(len(output), batch, directions, -1).permute(2, 1, 0, 3).numpy()
    assert np.abs(hidden[-1] - own).max() <= close
    # every layer's last state is the module's own too
    ends = end if isinstance(end, tuple) else (end,)
    for kept, last in zip((trace.hidden, trace.cell), ends, strict=False):
        last = last.reshape(module.num_layers, directions, batch, -1).numpy()
        kept = kept.reshape(shape)
        assert np.abs(kept[:, 0, :, -1] - last[:, 0]).max() <= close
        if directions == 2:
            assert np.abs(kept[:, 1, :, 0] - last[:, 1]).max() <= close
    wide = GateTrace(
        trace.kind,
        {name: gate.reshape(shape) for name, gate in trace.gates.items()},
        hidden,
        None if trace.cell is None else trace.cell.reshape(shape),
    )
    first = state[0] if isinstance(state, tuple) else state
    start = np.zeros(shape[:3] + shape[4:]) if first is None else first.reshape(*shape[:3], shape[4]).numpy()
    assert np.abs(recombined(wide, module, start) - hidden).max() <= close
    assert tuple(trace.gates) == BLOCKS[trace.kind]
    assert trace.hidden.dtype == inputs.numpy().dtype


@FAST
@given(st.integers(1, 700), st.integers(0, 2**31))
def test_the_cell_state_of_long_texts_is_an_lstm_cells(steps, seed):
    torch.manual_seed(seed)
    module = nn.LSTM(3, 4).double()
    cell = nn.LSTMCell(3, 4).double()
    for name, value in zip(
        ("weight_ih", "weight_hh", "bias_ih", "bias_hh"), weights_of(module, 0, 0), strict=True
    ):
        getattr(cell, name).data = value.data
    inputs = 2 * torch.randn(steps, 3, dtype=torch.float64)
    h = c = torch.zeros(4, dtype=torch.float64)
    with torch.no_grad():
        for x in inputs:
            h, c = cell(x, (h, c))
    trace = trace_gates(module, inputs)
    assert np.abs(trace.cell[0, 0, -1] - c.numpy()).max() <= 1e-12
    assert np.abs(trace.hidden[0, 0, -1] - h.numpy()).max() <= 1e-12


@pytest.mark.parametrize(("bias", "product"), [(0, 8.9e-16), (1, 1.6e-7), (2, 0.0018), (5, 0.715)])
def test_without_recurrence_the_gradient_is_the_product_of_forget_gates(bias, product):
    module = nn.LSTM(1, 1).double()
    for weight in module.parameters():
        weight.data.zero_()
    module.bias_ih_l0.data[1] = bias
    inputs = torch.zeros(50, 1, dtype=torch.float64)
    begin = torch.ones(1, 1, dtype=torch.float64, requires_grad=True)
    _, (_, end) = module(inputs, (torch.zeros(1, 1, dtype=torch.float64), begin))
    (gradient,) = torch.autograd.grad(end.sum(), begin)
    forget = trace_gates(module, inputs).gates["forget"]
    assert forget.prod() == pytest.approx(gradient.item(), rel=1e-9)
    assert forget.prod() == pytest.approx(product, rel=0.03)


def test_both_biases_add():
    module = nn.LSTM(1, 1).double()
    for weight in module.parameters():
        weight.data.zero_()
    module.bias_ih_l0.data[1] = module.bias_hh_l0.data[1] = 1
    forget = trace_gates(module, torch.zeros(3, 1, dtype=torch.float64)).gates["forget"]
    assert forget == pytest.approx(1 / (1 + np.exp(-2)))


@pytest.mark.parametrize(
    ("module", "inputs", "said"),
    [
        (nn.Linear(2, 2), torch.zeros(3, 2), "not a Linear"),
        (nn.LSTM(2, 3, proj_size=1), torch.zeros(3, 2), "proj_size 1"),
        (nn.LSTM(2, 3), torch.zeros(3, 4), "(3, 4)"),
        (nn.LSTM(2, 3), torch.zeros(0, 2), "(0, 2)"),
        (nn.LSTM(2, 3), torch.zeros(3, 2).double(), "float64"),
        (nn.LSTM(2, 3), [1, 2], "list"),
        (nn.LSTM(2, 3, 2, dropout=0.5), torch.zeros(3, 2), "eval()"),
    ],
)
def test_what_cannot_be_traced_is_said(module, inputs, said):
    with pytest.raises(NumberError, match=re.escape(said)):
        trace_gates(module, inputs)


def test_a_state_of_another_shape_is_refused():
    with pytest.raises(NumberError, match="give 2 of"):
        trace_gates(nn.LSTM(2, 3), torch.zeros(3, 2), torch.zeros(1, 3))


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_a_units_sums_make_its_gates(kind):
    torch.manual_seed(0)
    module = kind(3, 4, 2, bidirectional=True).double().requires_grad_(False)
    inputs = torch.randn(7, 3, dtype=torch.float64)
    trace = trace_gates(module, inputs)
    for layer in range(2):
        for direction in range(2):
            one = unit_trace(module, inputs, trace, layer, direction, 2)
            squash = {"candidate": np.tanh}
            for at, name in enumerate(one.gates):
                x, h = one.from_input[at], one.from_state[at]
                if one.kind == "GRU" and name == "candidate":
                    h = one.values[one.gates.index("reset")] * h
                gate = squash.get(name, lambda s: 1 / (1 + np.exp(-s)))(x + h)
                assert gate == pytest.approx(one.values[at], abs=1e-12)
            assert one.hidden == pytest.approx(trace.hidden[layer, direction, :, 2])
            first = -1 if direction else 0
            assert one.before[first] == 0


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_cuda_gates_are_those_of_the_cpu(kind):
    torch.manual_seed(0)
    module, x = kind(5, 7, 2, bidirectional=True), torch.randn(40, 3, 5)
    on_cpu = trace_gates(module, x)
    on_gpu = trace_gates(module.cuda(), x.cuda())
    np.testing.assert_allclose(on_gpu.hidden, on_cpu.hidden, atol=1e-5)
    for name in on_cpu.gates:
        np.testing.assert_allclose(on_gpu.gates[name], on_cpu.gates[name], atol=1e-5)
