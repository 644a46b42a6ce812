"""Gate surgery: reach into one unit of a character model over a stretch of text, and see what it says then.

A model runs step by step in NumPy, since what is forced at one step changes all later ones. The untouched run
goes through the same loop, so that forcing nothing changes nothing, to the last bit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.charmodels import ALPHABET, CharModel, encode
from models.errors import NumberError
from models.recurrent import BLOCKS, kind_of, weights_of
from models.traces import Array
from models.traces_recurrent import Surgery, SurgeryRun

STATES = ("freeze", "set")  # what can be done to the state that a unit keeps, beside forcing a gate


@dataclass(frozen=True)
class _Layer:
    """One layer's weights in float64, biases added up where the cell adds them."""

    w_ih: Array
    w_hh: Array
    b_ih: Array
    b_hh: Array


def _layers(model: CharModel) -> list[_Layer]:
    if model.both:
        raise NumberError("A model that reads both ways cannot be operated on: it does not go step by step.")
    return [
        _Layer(*(each.numpy().astype(np.float64) for each in weights_of(model.rnn, layer, 0)))
        for layer in range(model.rnn.num_layers)
    ]


def _sigmoid(x: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * x))


def _step(
    kind: str, weights: _Layer, x: Array | int, h: Array, c: Array, cut: Surgery | None
) -> tuple[Array, Array]:
    """One step of one layer; ``x`` is a vector or, for the first layer, a character's place."""
    from_x = (weights.w_ih[:, x] if isinstance(x, int) else weights.w_ih @ x) + weights.b_ih
    from_h = weights.w_hh @ h + weights.b_hh
    if kind == "RNN":
        new = np.tanh(from_x + from_h)
        return _held(new, h, cut), c
    blocks = len(BLOCKS[kind])
    x_parts, h_parts = from_x.reshape(blocks, -1), from_h.reshape(blocks, -1)
    if kind == "GRU":
        r, z = _sigmoid(x_parts[0] + h_parts[0]), _sigmoid(x_parts[1] + h_parts[1])
        _force({"reset": r, "update": z}, cut)
        n = np.tanh(x_parts[2] + r * h_parts[2])
        _force({"candidate": n}, cut)
        return _held((1 - z) * n + z * h, h, cut), c
    i, f, g, o = x_parts + h_parts
    i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
    _force({"input": i, "forget": f, "candidate": g, "output": o}, cut)
    c = _held(f * c + i * g, c, cut)
    return o * np.tanh(c), c


def _force(gates: dict[str, Array], cut: Surgery | None) -> None:
    if cut and cut.what in gates:
        gates[cut.what][cut.unit] = cut.value


def _held(new: Array, old: Array, cut: Surgery | None) -> Array:
    """The new state, frozen or overwritten at one unit."""
    if cut and cut.what == "freeze":
        new[cut.unit] = old[cut.unit]
    if cut and cut.what == "set":
        new[cut.unit] = cut.value
    return new


def operate(
    model: CharModel,
    text: str,
    cut: Surgery | None,
    *,
    write: int = 0,
    seed: int = 0,
    temperature: float = 0.7,
) -> SurgeryRun:
    """Read a text and write on, with a surgery or without.

    The written characters are drawn with the same random numbers whatever the surgery, so that only what it
    changes differs. A surgery whose end is the text's goes on while the model writes. Raises NumberError for
    a surgery that this model or text has no place for.
    """
    kind = kind_of(model.rnn)
    layers = _layers(model)
    units = model.rnn.hidden_size
    _check(cut, kind, len(layers), units, len(text))
    head = model.head.weight.numpy().astype(np.float64), model.head.bias.numpy().astype(np.float64)
    states = [(np.zeros(units), np.zeros(units)) for _ in layers]
    codes = [int(code) for code in encode(text)]
    draws = np.random.default_rng(seed).random(write)
    probabilities: list[Array] = []
    kept: list[float] = []
    written: list[int] = []
    goes_on = cut is not None and cut.end == len(text)
    for t, code in enumerate(_given_then(codes, written, write)):
        on = cut is not None and (cut.start <= t < cut.end or (goes_on and t >= cut.end))
        x: Any = code
        for at, weights in enumerate(layers):
            h, c = _step(kind, weights, x, *states[at], cut if cut and on and cut.layer == at else None)
            states[at] = h, c
            x = h
        if cut:
            h, c = states[cut.layer]
            kept.append(float((c if kind == "LSTM" else h)[cut.unit]))
        logits = head[0] @ x + head[1]
        shares = np.exp(logits - logits.max())
        probabilities.append(shares / shares.sum())
        if t >= len(codes) - 1 and len(written) < write:
            written.append(_drawn(logits, draws[len(written)], temperature))
    return SurgeryRun(
        probabilities=np.array(probabilities[: len(codes)]),
        kept=np.array(kept[: len(codes)]),
        written="".join(ALPHABET[code] for code in written),
    )


def _given_then(codes: list[int], written: list[int], write: int) -> Iterator[int]:
    """The characters of the text, then those that the model has written meanwhile but the last."""
    yield from codes
    for at in range(write - 1):
        yield written[at]


def _drawn(logits: Array, number: float, temperature: float) -> int:
    """The character that a random number from 0 to 1 stands for; never the sign for unseen ones."""
    warm = logits / temperature
    shares = np.exp(warm - warm.max())
    shares[0] = 0
    return int(np.searchsorted(np.cumsum(shares), number * shares.sum(), side="right"))


def _check(cut: Surgery | None, kind: str, layers: int, units: int, n: int) -> None:
    if not n:
        raise NumberError("There is no text to operate on; type at least one character.")
    if cut is None:
        return
    allowed = (*(BLOCKS[kind] if kind != "RNN" else ()), *STATES)
    if cut.what not in allowed:
        raise NumberError(f"A {kind} has no {cut.what!r} to force; it has {', '.join(allowed)}.")
    if not (0 <= cut.layer < layers and 0 <= cut.unit < units):
        raise NumberError(f"There is no unit {cut.unit} in layer {cut.layer}.")
    if not 0 <= cut.start < cut.end <= n:
        raise NumberError(f"The stretch {cut.start}–{cut.end} does not lie in {n} characters.")
    if not np.isfinite(cut.value):
        raise NumberError(f"The value is {cut.value}; give a finite number.")


def divergence(untouched: Array, changed: Array) -> Array:
    """Bits that the changed guesses differ from the untouched ones at each step: KL(untouched ‖ changed)."""
    ratio = np.log2(np.maximum(untouched, 1e-300)) - np.log2(np.maximum(changed, 1e-300))
    return np.maximum(0, (untouched * ratio).sum(-1))


def random_unit(unit: int, units: int, seed: int) -> int:
    """Another unit, drawn by a seed: the control."""
    draw = int(np.random.default_rng(seed).integers(units - 1))
    return draw + (draw >= unit)
