"""The frozen records of recurrent networks: NumPy arrays and plain values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.traces import Array, Provenance


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
class Finding:
    """One unit that follows a rule: ``score`` is its AUC or its correlation, ``strength`` what is ranked.

    ``part`` is layer · directions + direction. The strength is |r|, or the larger of AUC and 1 − AUC.
    """

    series: str
    part: int
    unit: int
    score: float
    strength: float


@dataclass(frozen=True)
class CharCard:
    """What a visitor is told about a character model; ``bits`` is what a held-out character costs on average.

    ``held_out`` counts those characters, ``predicts`` says what the model guesses at each step. ``cells``
    names by rule the unit that follows it best on held-out text.
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
    cells: Mapping[str, Finding]


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


@dataclass(frozen=True)
class CellSearch:
    """The units that follow a rule best, and the best that chance finds among as many ``candidates``.

    ``chance`` holds the largest strength in an untrained model ("untrained"), for labels in random order
    ("shuffled") and for labels moved along the text ("moved"). ``number`` says whether the rule gives a
    number (strength |r|) or yes and no (AUC); ``share`` is the part of the ``steps`` where it is above 0.
    """

    number: bool
    best: tuple[Finding, ...]
    chance: Mapping[str, float]
    candidates: int
    steps: int
    share: float


@dataclass(frozen=True)
class UnitTrace:
    """One unit's way through every step, float64: what its gates are made of.

    ``gates`` names them in PyTorch's order. ``from_input`` and ``from_state`` are (gates, steps): W x + b and
    U h₋ + b′, before the squashing function. ``values`` (gates, steps) are the gates, ``before`` (steps,) the
    state that the unit keeps (c of an LSTM, else h) before a step, ``after`` (steps,) it after the step, and
    ``hidden`` (steps,) what it shows.
    """

    kind: str
    gates: tuple[str, ...]
    from_input: Array
    from_state: Array
    values: Array
    before: Array
    after: Array
    hidden: Array


@dataclass(frozen=True)
class Surgery:
    """What is forced on one unit over the characters ``start`` to ``end`` − 1.

    ``what`` is a gate ("forget"), which is held at ``value``, or "freeze" (the state that the unit keeps does
    not change) or "set" (it is ``value``). ``layer`` counts from 0.
    """

    what: str
    unit: int
    start: int
    end: int
    value: float = 0.0
    layer: int = 0


@dataclass(frozen=True)
class SurgeryRun:
    """A model reading a text and writing on, float64.

    ``probabilities`` (n, len(alphabet)): row t is about character t + 1. ``kept`` (n,) is the state that the
    operated unit keeps, empty where nothing is forced. ``written`` is what the model wrote after the text.
    """

    probabilities: Array
    kept: Array
    written: str
