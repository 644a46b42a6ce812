"""The frozen records of recurrent networks: NumPy arrays and plain values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.traces import Provenance


@dataclass(frozen=True)
class GateTrace:
    """What a recurrent module computed at every step, in the module's own precision.

    ``kind`` is "LSTM", "GRU" or "RNN". ``gates[name]`` has the shape (layers, directions, steps, units), so
    ``gates["forget"][0, 0]`` is (steps, units); with a batch (layers, directions, batch, steps, units).
    ``hidden`` has that shape too, and ``cell``, which only an LSTM has. Names, by what a step computes:

    - LSTM: c = forget · c₋ + input · candidate, h = output · tanh(c)
    - GRU: h = (1 − update) · candidate + update · h₋, candidate = tanh(W x + b + reset · (U h₋ + b′))
    - RNN: h = candidate
    """

    kind: str
    gates: Mapping[str, NDArray[Any]]
    hidden: NDArray[Any]
    cell: NDArray[Any] | None


@dataclass(frozen=True)
class CharCard:
    """What a visitor is told about a character model; ``bits`` is what a held-out character costs on average.

    ``held_out`` counts those characters, ``predicts`` says what the model guesses at each step.
    """

    id: str
    name: str
    layers: int
    units: int
    directions: int
    parameters: int
    bits: float
    held_out: int
    predicts: str
    corpus: str
    licence: str
    command: str
    seed: int
    steps: int
    device: str
    made: str
    sha256: str
    versions: dict[str, str]


@dataclass(frozen=True)
class CharTrace:
    """A character model reading a text.

    ``characters`` are the n characters, ``codes`` (n,) their places in ``alphabet``, 0 where the model never
    saw the character. ``probabilities`` (n, len(alphabet)): row t is about character t + 1, or about
    character t itself where the model reads both ways. ``bits`` (n,) is −log₂ of what the model gave to the
    character that stands at t; NaN at the first one, which nothing predicts, unless it reads both ways.
    """

    characters: tuple[str, ...]
    codes: NDArray[np.int64]
    alphabet: str
    gates: GateTrace
    probabilities: NDArray[np.float32]
    bits: NDArray[np.float64]
    card: CharCard
    provenance: Provenance

    @property
    def both_ways(self) -> bool:
        """Whether a character is predicted from what stands before and after it."""
        return self.card.directions == 2
