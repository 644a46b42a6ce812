"""The frozen records of fading memory, hand-wired cells, relatives of the LSTM and toy training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.traces import Array


@dataclass(frozen=True)
class Saturated:
    """How often gates are shut or open: ``left`` and ``right`` (gates, units), shares of the steps."""

    gates: tuple[str, ...]
    left: Array
    right: Array


@dataclass(frozen=True)
class Fading:
    """The gradient of the loss behind the last step with respect to the state after every step.

    ``hidden`` (steps,) is ‖∂L/∂h_t‖; ``cell`` ‖∂L/∂c_t‖ of an LSTM, by every way, also through h_t.
    ``through_gates`` is what the chain of forget (GRU: update) gates alone would carry; it equals the
    gradient where W_hh = 0. ``bound`` is σ_max(W_hh)^(T−t) ‖∂L/∂h_T‖, which no gradient of a tanh RNN
    exceeds; ``sigma`` is σ_max, NaN elsewhere. ``loss`` is in nats.
    """

    kind: str
    loss: float
    hidden: Array
    cell: Array | None
    through_gates: Array | None
    bound: Array | None
    sigma: float

    @property
    def state(self) -> Array:
        """The norm that is drawn: of the cell state where there is one, else of the hidden state."""
        return self.hidden if self.cell is None else self.cell


@dataclass(frozen=True)
class UnitTrace:
    """One recurrent unit over a text: ``gates[name]``, ``state`` and ``hidden`` are (steps,).

    ``state`` is what the unit keeps: c of an LSTM, h itself of a GRU. ``x`` is its input.
    """

    x: Array
    gates: dict[str, Array]
    state: Array
    hidden: Array


@dataclass(frozen=True)
class Check:
    """How a wiring does on a puzzle: ``miss`` is the largest distance from ``target``, at step ``worst``."""

    target: Array
    watched: Array
    miss: float
    worst: int
    solved: bool


@dataclass(frozen=True)
class Recall:
    """A Hopfield network coming to rest. Patterns and states are ±1.

    ``patterns`` (patterns, units); ``cue`` and ``end`` (units,). ``flips`` are the units that turned, in
    their order; ``asked`` how many units had been asked by then. ``energy`` (flips + 1,) and ``overlaps``
    (flips + 1, patterns) are those of the cue and after each turn: 1 is the pattern, −1 its negative.
    """

    patterns: NDArray[np.int8]
    target: int
    cue: NDArray[np.int8]
    end: NDArray[np.int8]
    flips: NDArray[np.int64]
    asked: NDArray[np.int64]
    energy: Array
    overlaps: Array
    stored_energy: float


@dataclass(frozen=True)
class Feedback:
    """Two networks with the same weights: rows input, memory, output, each (3, steps)."""

    elman: Array
    jordan: Array


@dataclass(frozen=True)
class Seen:
    """What each output of an unrolled network depends on.

    ``influence[t, row, s]`` is the size of the derivative of output t by the node of ``row`` at step s;
    exactly 0 where no road leads from the node to the output. ``rows`` from the input to the output.
    """

    rows: tuple[str, ...]
    influence: Array


@dataclass(frozen=True)
class Snapshot:
    """One saved step of a training: the held-out loss, and what the network does on one held-out sequence.

    ``said`` (steps,) is its output where the target is a number, else the probability of the right class.
    ``gates[name]`` and ``state`` are (steps, units). ``follows`` (units,) is how closely each unit's state
    follows what is to be remembered, as |correlation| over all held-out sequences.
    """

    step: int
    loss: float
    said: Array
    gates: dict[str, Array]
    state: Array
    follows: Array
