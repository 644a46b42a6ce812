"""The gates of any nn.RNN, nn.GRU or nn.LSTM over a whole sequence, at the cost of one more matrix product.

PyTorch gives the hidden states only. Once they are known, every gate of every step follows from one batched
product, a = x W_ihᵀ + b_ih + h₋ W_hhᵀ + b_hh, where h₋ are the states one step before; the cell state of an
LSTM then needs a scan without any matrix in it. A loop of LSTMCell computes the same far slower
(https://github.com/pytorch/pytorch/issues/31423).
"""

import math
from collections.abc import Sequence
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
    blocks: list[list[Tensor]] = []
    hidden: list[Tensor] = []
    cells: list[Tensor] = []
    for layer in range(module.num_layers):
        outputs = []
        for direction in range(directions):
            weights = weights_of(module, layer, direction)
            at = layer * directions + direction
            h0, c0 = begin[0][at], begin[-1][at]
            read = x.flip(0) if direction else x
            h = _hidden(module, read, weights, h0, c0)  # (steps, batch, units)
            gates, c = _gates(kind, module, read, h, weights, h0, c0)
            turned = [part.flip(0) if direction else part for part in (h, *gates, c)]
            outputs.append(turned[0])
            hidden.append(turned[0])
            blocks.append(turned[1:-1])
            cells.append(turned[-1])
        x = torch.cat(outputs, -1)  # (steps, batch, directions · units)

    def packed(parts: Sequence[Tensor]) -> NDArray[Any]:
        # (layers · directions, steps, batch, units) → (layers, directions[, batch], steps, units)
        stacked = torch.stack(list(parts)) if len(parts) > 1 else parts[0].unsqueeze(0)
        whole = stacked.transpose(1, 2).unflatten(0, (module.num_layers, directions))
        return (whole.squeeze(2) if single else whole).cpu().numpy()

    return GateTrace(
        kind=kind,
        gates={name: packed([part[at] for part in blocks]) for at, name in enumerate(BLOCKS[kind])},
        hidden=packed(hidden),
        cell=packed(cells) if kind == "LSTM" else None,
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
    kind: str, module: nn.RNNBase, x: Tensor, h: Tensor, weights: list[Tensor], h0: Tensor, c0: Tensor
) -> tuple[list[Tensor], Tensor]:
    """All gates of one layer in one direction, and the cell states (the hidden ones where there are none)."""
    before = torch.cat((h0.unsqueeze(0), h[:-1]))  # (steps, batch, units)
    w_ih, w_hh, *biases = weights
    if kind == "GRU":
        from_x = nn.functional.linear(x, w_ih, *biases[:1])  # (steps, batch, blocks · units)
        from_h = nn.functional.linear(before, w_hh, *biases[1:])
        (rx, zx, nx), (rh, zh, nh) = from_x.chunk(3, -1), from_h.chunk(3, -1)
        r, z = torch.sigmoid(rx + rh), torch.sigmoid(zx + zh)
        return [r, z, torch.tanh(nx + r * nh)], h
    bias = biases[0] + biases[1] if biases else w_ih.new_zeros(len(w_ih))
    a = torch.addmm(bias, x.flatten(0, 1), w_ih.t())  # (steps · batch, blocks · units)
    a = a.addmm_(before.flatten(0, 1), w_hh.t()).unflatten(0, before.shape[:2])
    if kind == "RNN":
        return [torch.tanh(a) if module.mode == "RNN_TANH" else torch.relu(a)], h
    g = torch.tanh(a.chunk(4, -1)[2])
    i, f, _, o = a.sigmoid_().chunk(4, -1)  # in one go, though a quarter of it is not needed
    return [i, f, g, o], scan(f, i * g, c0)


def scan(keep: Tensor, add: Tensor, start: Tensor) -> Tensor:
    """c_t = keep_t · c_{t−1} + add_t from c_{−1} = start, elementwise: (steps, batch, units).

    Blocks of √steps steps run side by side from 0; then each is corrected by what the one before it ends in,
    times its own product of ``keep``. That takes 2√steps operations where step by step it takes 2 · steps.
    """
    steps, width = len(keep), start.numel()
    block = math.isqrt(steps - 1) + 1
    blocks = -(-steps // block)
    flat = keep.reshape(steps, width).cpu().numpy()
    f, u = np.ones((2, blocks * block, width), flat.dtype)
    f[:steps], u[:steps] = flat, add.reshape(steps, width).cpu()
    f, c = f.reshape(blocks, block, width), u.reshape(blocks, block, width)
    for at in range(1, block):
        c[:, at] += f[:, at] * c[:, at - 1]
        f[:, at] *= f[:, at - 1]  # from here on the product of keep since the block began
    before = start.cpu().numpy().reshape(width)
    for each, product in zip(c, f, strict=True):
        each += product * before
        before = each[-1]
    return torch.from_numpy(c.reshape(-1, width)[:steps]).to(keep.device).view_as(keep)


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
