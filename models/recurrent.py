"""The gates of any nn.RNN, nn.GRU or nn.LSTM over a whole sequence, at the cost of one more matrix product.

PyTorch gives the hidden states only. Once they are known, every gate of every step follows from one batched
product, a = x W_ihᵀ + b_ih + h₋ W_hhᵀ + b_hh, where h₋ are the states one step before; the cell state of an
LSTM then needs a scan without any matrix in it. A loop of LSTMCell computes the same far slower
(https://github.com/pytorch/pytorch/issues/31423).
"""

import math
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.errors import NumberError
from models.traces_recurrent import GateTrace, UnitTrace

# PyTorch's order of the blocks in W_ih and W_hh
BLOCKS = {
    "LSTM": ("input", "forget", "candidate", "output"),
    "GRU": ("reset", "update", "candidate"),
    "RNN": ("candidate",),
}
_RUN = {"LSTM": torch.lstm, "GRU": torch.gru, "RNN_TANH": torch.rnn_tanh, "RNN_RELU": torch.rnn_relu}
State: TypeAlias = Tensor | tuple[Tensor, Tensor] | None


def kind_of(module: nn.RNNBase) -> str:
    """LSTM, GRU or RNN."""
    return module.mode.partition("_")[0]


def weights_of(module: nn.RNNBase, layer: int, direction: int) -> list[Tensor]:
    """W_ih, W_hh and, where the module has them, b_ih, b_hh of one layer and direction."""
    end = f"_l{layer}" + ("_reverse" if direction else "")
    names = ["weight_ih", "weight_hh", *(["bias_ih", "bias_hh"] if module.bias else [])]
    return [getattr(module, name + end) for name in names]


@torch.no_grad()
def trace_gates(module: nn.RNNBase, inputs: Tensor, state: State = None) -> GateTrace:
    """Every gate, hidden and cell state of every layer and direction.

    ``inputs`` and ``state`` are as the module takes them: (steps, inputs), or (steps, batch, inputs), or
    (batch, steps, inputs) where it is ``batch_first``. A reversed direction is given in the order of the
    text: its state at step t has read the inputs from the last one back to t.

    Raises NumberError for what is no recurrent module, for inputs of another shape and number type, and for
    what would not be repeatable: dropout between layers of a module in training.
    """
    _check(module, inputs)
    kind, directions = kind_of(module), 2 if module.bidirectional else 1
    single = inputs.dim() == 2
    x = inputs.unsqueeze(1) if single else inputs.transpose(0, 1) if module.batch_first else inputs
    begin = _begin(module, x, state, single)  # of each: (layers · directions, batch, units)
    runs = []  # of each layer and direction: its hidden states, its gates and its cell states
    for layer in range(module.num_layers):
        outputs = []
        for direction in range(directions):
            weights = weights_of(module, layer, direction)
            at = layer * directions + direction
            h0, c0 = begin[0][at], begin[-1][at]
            read = x.flip(0) if direction else x
            h = _hidden(module, read, weights, h0, c0)  # (steps, batch, units)
            parts = [h.cpu().numpy(), *_gates(module, read, h, weights, h0, c0)]
            runs.append([part[::-1] if direction else part for part in parts])
            outputs.append(h.flip(0) if direction else h)
        x = torch.cat(outputs, -1) if layer + 1 < module.num_layers else x  # what the layer above reads

    def packed(at: int) -> NDArray[Any]:
        # (layers · directions, steps, batch, units) → (layers, directions[, batch], steps, units)
        parts = [run[at] for run in runs]
        stacked = np.stack(parts) if len(parts) > 1 else parts[0][None]
        whole = stacked.swapaxes(1, 2)
        whole = whole.reshape(module.num_layers, directions, *whole.shape[1:])
        return whole[:, :, 0] if single else whole

    return GateTrace(
        kind=kind,
        gates={name: packed(at) for at, name in enumerate(BLOCKS[kind], 1)},
        hidden=packed(0),
        cell=packed(-1) if kind == "LSTM" else None,
    )


def _check(module: nn.RNNBase, inputs: Tensor) -> None:
    if not isinstance(module, nn.RNNBase):
        raise NumberError(f"trace_gates reads an nn.RNN, nn.GRU or nn.LSTM, not a {type(module).__name__}.")
    if getattr(module, "proj_size", 0):
        raise NumberError(
            f"trace_gates reads modules without a projection; this one has proj_size {module.proj_size}."
        )
    if not isinstance(inputs, Tensor):
        raise NumberError(
            f"inputs is a {type(inputs).__name__}; give a tensor, and a packed sequence one text at a time."
        )
    if inputs.dim() not in (2, 3) or inputs.shape[-1] != module.input_size or 0 in inputs.shape:
        raise NumberError(
            f"inputs has shape {tuple(inputs.shape)}; give (steps, {module.input_size}), or three dimensions "
            "with the batch, none of them empty."
        )
    weight = weights_of(module, 0, 0)[0]
    if inputs.dtype != weight.dtype:
        raise NumberError(f"inputs is {inputs.dtype} and the module {weight.dtype}; convert one of them.")
    if module.training and module.dropout and module.num_layers > 1:
        raise NumberError(
            f"The module drops {module.dropout:.0%} between its layers; call module.eval() first."
        )


def _begin(module: nn.RNNBase, x: Tensor, state: State, single: bool) -> tuple[Tensor, ...]:
    """The states before the first step, each (layers · directions, batch, units)."""
    count = module.num_layers * (2 if module.bidirectional else 1)
    shape = (count, x.shape[1], module.hidden_size)
    if state is None:
        return (x.new_zeros(shape),)
    parts = state if isinstance(state, tuple) else (state,)
    wanted = 2 if kind_of(module) == "LSTM" else 1
    given = tuple(part.unsqueeze(1) if single else part for part in parts)
    if len(given) != wanted or any(part.shape != shape for part in given):
        raise NumberError(
            f"state has shapes {[tuple(part.shape) for part in parts]}; give {wanted} of "
            f"{shape[::2] if single else shape}."
        )
    return given


def _hidden(module: nn.RNNBase, x: Tensor, weights: list[Tensor], h0: Tensor, c0: Tensor) -> Tensor:
    """The hidden states of one layer in one direction, by PyTorch's own kernel: (steps, batch, units)."""
    first = (h0.unsqueeze(0), c0.unsqueeze(0)) if module.mode == "LSTM" else h0.unsqueeze(0)
    return _RUN[module.mode](x, first, weights, module.bias, 1, 0.0, False, False, False)[0]


def _gates(
    module: nn.RNNBase, x: Tensor, h: Tensor, weights: list[Tensor], h0: Tensor, c0: Tensor
) -> list[NDArray[Any]]:
    """All gates of one layer in one direction and, of an LSTM, its cell states: each (steps, batch, units).

    The products are made where the module lives; what follows them on the CPU, tanh by NumPy, which takes a
    sixth of the time of torch's.
    """
    kind, steps, batch = kind_of(module), len(x), x.shape[1]
    w_ih, w_hh, *biases = weights
    none = w_ih.new_zeros(len(w_ih))
    for_x, for_h = biases if kind == "GRU" and biases else (sum(biases, none), none)
    from_x = torch.addmm(for_x, x.flatten(0, 1), w_ih.t())  # (steps · batch, blocks · units)
    # a GRU's candidate needs the two products apart
    a = for_h.repeat(len(from_x), 1) if kind == "GRU" else from_x
    a[:batch].addmm_(h0, w_hh.t())
    a[batch:].addmm_(h[:-1].flatten(0, 1), w_hh.t())
    a, units = a.cpu(), module.hidden_size

    def blocks(sums: Tensor) -> list[NDArray[Any]]:
        return list(np.split(sums.numpy().reshape(steps, batch, -1), sums.shape[-1] // units, -1))

    if kind == "GRU":
        from_x = from_x.cpu()
        both = 2 * units
        r, z = blocks(from_x[:, :both].add(a[:, :both]).sigmoid_())
        return [r, z, np.tanh(blocks(from_x)[2] + r * blocks(a)[2])]
    if kind == "RNN":
        return (
            [np.tanh(a.numpy().reshape(steps, batch, -1))] if module.mode == "RNN_TANH" else blocks(a.relu_())
        )
    g = np.tanh(blocks(a)[2])
    i, f, _, o = blocks(a.sigmoid_())  # in one go, though a quarter of it is not needed
    return [i, f, g, o, scan(f, i * g, c0.cpu().numpy())]


def scan(keep: NDArray[Any], add: NDArray[Any], start: NDArray[Any]) -> NDArray[Any]:
    """c_t = keep_t · c_{t−1} + add_t from c_{−1} = start, elementwise: (steps, batch, units).

    Blocks of √steps steps run side by side from 0; then each is corrected by what the one before it ends in,
    times its own product of ``keep``. That takes 4√steps operations where step by step it takes 2 · steps.
    """
    steps, width = len(keep), start.size
    block = math.isqrt(steps - 1) + 1
    blocks = -(-steps // block)

    def side_by_side(values: NDArray[Any]) -> NDArray[Any]:
        # (steps, batch, units) → (block, blocks, width), with zeros behind the last step
        whole = np.zeros((blocks * block, width), keep.dtype)
        whole[:steps] = values.reshape(steps, width)
        return whole.reshape(blocks, block, width).swapaxes(0, 1).copy()

    f, c = side_by_side(keep), side_by_side(add)
    for at in range(1, block):
        c[at] += f[at] * c[at - 1]
        f[at] *= f[at - 1]  # from here on the product of keep since the block began
    before = np.empty_like(f[0])  # what each block begins with
    before[0] = start.reshape(width)
    for at in range(1, blocks):
        before[at] = f[-1, at - 1] * before[at - 1] + c[-1, at - 1]
    c += f * before
    return c.swapaxes(0, 1).reshape(-1, width)[:steps].reshape(keep.shape)


@torch.no_grad()
def unit_trace(
    module: nn.RNNBase, inputs: Tensor, trace: GateTrace, layer: int, direction: int, unit: int
) -> UnitTrace:
    """What each gate of one unit is made of at every step of a trace without a batch that began at 0."""
    kind = kind_of(module)
    # what the layer reads: (steps, inputs), or the layer below with its directions side by side
    below = np.concatenate(list(trace.hidden[layer - 1]), -1) if layer else inputs.numpy()
    h = trace.hidden[layer, direction].astype(np.float64)

    def shifted(states: NDArray[Any]) -> NDArray[Any]:
        """The states one step before, in the direction of reading; 0 before the first."""
        out = np.zeros_like(states)
        if direction:
            out[:-1] = states[1:]
        else:
            out[1:] = states[:-1]
        return out

    w_ih, w_hh, *biases = [
        weight.numpy().astype(np.float64) for weight in weights_of(module, layer, direction)
    ]
    rows = unit + module.hidden_size * np.arange(len(BLOCKS[kind]))
    bias = [each[rows][:, None] for each in biases] or [0.0, 0.0]
    state = trace.hidden if trace.cell is None else trace.cell
    kept = state[layer, direction, :, unit].astype(np.float64)
    return UnitTrace(
        kind=kind,
        gates=BLOCKS[kind],
        from_input=w_ih[rows] @ below.T + bias[0],
        from_state=w_hh[rows] @ shifted(h).T + bias[1],
        values=np.array([trace.gates[name][layer, direction, :, unit] for name in BLOCKS[kind]], np.float64),
        before=shifted(kept),
        after=kept,
        hidden=h[:, unit],
    )
