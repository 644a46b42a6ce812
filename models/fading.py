"""Why memory fades: the gradient of one loss by every earlier state, and what the gates let pass.

The blocks of weights are i, f, g, o in nn.LSTM and r, z, n in nn.GRU, so that the second block is the one
that keeps: the forget gate f, the update gate z.
"""

from collections.abc import Mapping
from copy import deepcopy

import numpy as np
import torch
from torch import nn

from models import charmodels
from models.charcards import cards
from models.errors import NumberError
from models.recurrent import kind_of, trace_gates
from models.traces import Array
from models.traces_memory import Fading, Saturated

LEFT, RIGHT = 0.1, 0.9  # Karpathy, Johnson, Fei-Fei 2015: a gate below is shut, above is open
KEEPS = {"LSTM": "forget", "GRU": "update"}  # the gate that keeps the state where it is 1
KEEPING = 1  # its block of weights
MODELS = {"RNN": "rnn", "GRU": "gru", "LSTM": "lstm"}  # the character models that are compared


def adjusted(module: nn.RNNBase, *, forget_bias: float = 0.0, scale: float = 1.0) -> nn.RNNBase:
    """Copy a module of one layer, with ``forget_bias`` added and the recurrent weights times ``scale``.

    The bias goes to the forget gate of an LSTM and the update gate of a GRU: with both, 1 keeps the state.
    A plain RNN has no such gate, so only the scale changes it. The copy is float64. Raises NumberError.
    """
    if module.num_layers != 1 or module.bidirectional or not module.bias:
        raise NumberError("Fading needs one layer in one direction with biases.")
    copy = deepcopy(module).double().requires_grad_(False)
    units = copy.hidden_size
    with torch.no_grad():
        copy.weight_hh_l0 *= scale
        if copy.mode in KEEPS:
            copy.bias_ih_l0[KEEPING * units : (KEEPING + 1) * units] += forget_bias
    return copy


def fading(module: nn.RNNBase, x: Array, head: nn.Linear, target: int) -> Fading:
    """Trace −ln p(``target``) behind the last step back to every state.

    ``x`` is (steps, features), ``head`` turns the last hidden state into scores. One layer, one direction.
    """
    kind = kind_of(module)
    module, head = adjusted(module), deepcopy(head).double().requires_grad_(False)
    inputs = torch.as_tensor(x, dtype=torch.float64)
    weights = (module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0, module.bias_hh_l0)
    cell = {"RNN_TANH": torch.rnn_tanh_cell, "RNN_RELU": torch.rnn_relu_cell, "GRU": torch.gru_cell}
    # only the states need a gradient, so the first one asks for it
    h = c = torch.zeros(1, module.hidden_size, dtype=torch.float64, requires_grad=True)
    hidden, cells = [], []
    for step in inputs[:, None]:  # (1, features)
        if kind == "LSTM":
            h, c = torch.lstm_cell(step, (h, c), *weights)
            cells.append(c)
        else:
            h = cell[module.mode](step, h, *weights)
        hidden.append(h)
    loss = nn.functional.cross_entropy(head(h), torch.tensor([target]))
    found = torch.autograd.grad(loss, hidden + cells)
    to_hidden = torch.cat(found[: len(hidden)]).numpy()  # (steps, units)
    to_cell = torch.cat(found[len(hidden) :]).numpy() if cells else None
    sigma = float(torch.linalg.matrix_norm(module.weight_hh_l0, 2)) if kind == "RNN" else np.nan
    back = np.arange(len(inputs))[::-1]
    through_gates = None
    if kind in KEEPS:
        keep = trace_gates(module, inputs).gates[KEEPS[kind]][0, 0]  # (steps, units)
        # what is left of a unit's state after the last step: the product of the later gates
        left = np.concatenate([np.cumprod(keep[:0:-1], axis=0)[::-1], np.ones_like(keep[:1])])
        last = (to_hidden if to_cell is None else to_cell)[-1]
        through_gates = np.linalg.norm(last * left, axis=1)
    return Fading(
        kind=kind,
        loss=float(loss.detach()),
        hidden=np.linalg.norm(to_hidden, axis=1),
        cell=None if to_cell is None else np.linalg.norm(to_cell, axis=1),
        through_gates=through_gates,
        bound=np.linalg.norm(to_hidden[-1]) * sigma**back if kind == "RNN" else None,
        sigma=sigma,
    )


def saturated(gates: Mapping[str, Array]) -> Saturated:
    """For each gate from 0 to 1 and unit the share of steps that it is shut (< .1) and open (> .9)."""
    names = tuple(name for name in gates if name != "candidate")
    stacked = np.stack([gates[name] for name in names])  # (gates, steps, units)
    return Saturated(names, (stacked < LEFT).mean(axis=1), (stacked > RIGHT).mean(axis=1))


def _model(name: str, trained: bool) -> charmodels.CharModel:
    return charmodels.load(name) if trained and name in cards() else charmodels.untrained(name)


def of_text(
    text: str, at: int, *, trained: bool = True, forget_bias: float = 0.0, scale: float = 1.0
) -> dict[str, Fading]:
    """RNN, GRU and LSTM on one text: the loss is the surprise at character ``at`` + 1, seen from ``at``.

    A model without a card is taken untrained.
    """
    codes = charmodels.encode(text)
    x = charmodels.one_hot(codes[: at + 1]).numpy()
    found = {}
    for kind, name in MODELS.items():
        model = _model(name, trained)
        module = adjusted(model.rnn, forget_bias=forget_bias, scale=scale)
        found[kind] = fading(module, x, model.head, int(codes[at + 1]))
    return found


def saturation_of_text(
    text: str, *, trained: bool = True, forget_bias: float = 0.0, scale: float = 1.0
) -> dict[str, Saturated]:
    """How often the gates of GRU and LSTM are shut or open over a text."""
    x = charmodels.one_hot(charmodels.encode(text)).double()
    found = {}
    for kind in KEEPS:
        model = _model(MODELS[kind], trained)
        module = adjusted(model.rnn, forget_bias=forget_bias, scale=scale)
        found[kind] = saturated({name: gate[0, 0] for name, gate in trace_gates(module, x).gates.items()})
    return found
