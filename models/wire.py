"""One recurrent unit wired by hand: each gate is a weight on the input and a bias. Puzzles check the trace.

LSTM   i, f, o = σ(w x + b), g = tanh(w x + b), c ← f c + i g, h = o tanh(c)
GRU    r, z = σ(w x + b), n = tanh(w x + b + r h), h ← (1 − z) n + z h

No gate reads the state, so that every number can be followed by eye. Where the second gate is 1, both keep.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.traces import Array
from models.traces_memory import Check, UnitTrace

Cell = Literal["lstm", "gru"]
Wiring = Mapping[str, tuple[float, float]]  # gate → weight and bias
GATES: dict[Cell, tuple[str, ...]] = {
    "lstm": ("input", "forget", "candidate", "output"),
    "gru": ("reset", "update", "candidate"),
}
SHUT, OPEN = (0.0, -20.0), (0.0, 20.0)  # a gate that does not look at the input


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^−x) without overflow."""
    return 0.5 * (1 + np.tanh(x / 2))


def run(cell: Cell, wiring: Wiring, x: Array) -> UnitTrace:
    """Run the unit from state 0 over the inputs (steps,)."""
    at = {gate: wiring[gate][0] * x + wiring[gate][1] for gate in GATES[cell]}
    state = np.zeros(len(x))
    now = 0.0
    if cell == "lstm":
        gates = {gate: np.tanh(z) if gate == "candidate" else sigmoid(z) for gate, z in at.items()}
        for t in range(len(x)):
            now = gates["forget"][t] * now + gates["input"][t] * gates["candidate"][t]
            state[t] = now
        return UnitTrace(x, gates, state, gates["output"] * np.tanh(state))
    gates = {"reset": sigmoid(at["reset"]), "update": sigmoid(at["update"]), "candidate": np.zeros(len(x))}
    for t in range(len(x)):
        new = gates["candidate"][t] = np.tanh(at["candidate"][t] + gates["reset"][t] * now)
        now = (1 - gates["update"][t]) * new + gates["update"][t] * now
        state[t] = now
    return UnitTrace(x, gates, state, state)


@dataclass(frozen=True)
class Puzzle:
    """One task for one unit.

    ``inputs`` gives the input of a character; all others are 0. ``target`` says what the ``watched`` part
    ("state" or "hidden") must be after each character, within ``tolerance``. ``solutions`` are wirings by
    cell; where a cell has none, ``impossible`` says why.
    """

    name: str
    task: str
    text: str
    inputs: Mapping[str, float]
    target: Callable[[str], Array]
    watched: Literal["state", "hidden"]
    solutions: Mapping[Cell, Wiring]
    impossible: Mapping[Cell, str]
    tolerance: float = 0.05

    def encode(self, text: str) -> Array:
        """The input of every character, (steps,)."""
        return np.array([self.inputs.get(character, 0) for character in text], float)

    def check(self, text: str, trace: UnitTrace) -> Check:
        """Hold a trace against the target of its text."""
        target = self.target(text)
        watched = trace.state if self.watched == "state" else trace.hidden
        off = np.abs(watched - target)
        worst = int(off.argmax())
        return Check(target, watched, float(off[worst]), worst, bool(off[worst] <= self.tolerance))


def held(text: str, mark: str = "*", reset: str = "") -> Array:
    """1 from a mark on, 0 before it and from a reset on."""
    now, out = 0.0, []
    for character in text:
        now = 1.0 if character == mark else 0.0 if character == reset else now
        out.append(now)
    return np.array(out)


def depth(text: str) -> Array:
    """Opened less closed brackets up to here."""
    return np.cumsum([(character == "(") - (character == ")") for character in text]).astype(float)


def answered(text: str) -> Array:
    """tanh 1 at each question mark that has a mark before it, else 0."""
    return np.where(np.array(list(text)) == "?", np.tanh(held(text)), 0.0)


KEEP_UNLESS = (-40.0, 20.0)  # 1 at input 0, 0 at input 1 or more
ONLY_AT = (40.0, -20.0)  # 0 at input 0, 1 at input 1 or more
PUZZLES = {
    "hold": Puzzle(
        "Hold",
        "Write 1 at the star and keep it, whatever follows.",
        "the light goes on here * and stays on to the end",
        {"*": 1},
        held,
        "state",
        {
            "lstm": {"input": OPEN, "forget": KEEP_UNLESS, "candidate": (20, 0), "output": OPEN},
            "gru": {"reset": SHUT, "update": KEEP_UNLESS, "candidate": (20, 0)},
        },
        {},
    ),
    "reset": Puzzle(
        "Reset on a new line",
        "Write 1 at the star, keep it, and be 0 again from the end of the line on.",
        "note * this\nnot this\nand * again this\nbut not that",
        {"*": 1, "\n": 2},
        lambda text: held(text, reset="\n"),
        "state",
        {
            "lstm": {"input": ONLY_AT, "forget": KEEP_UNLESS, "candidate": (-20, 40), "output": OPEN},
            "gru": {"reset": SHUT, "update": KEEP_UNLESS, "candidate": (-20, 40)},
        },
        {},
    ),
    "count": Puzzle(
        "Count open brackets",
        "Hold how many brackets are open: one more at each (, one less at each ).",
        "f(a(b)c(d(e)))g((h)i)j(k)",
        {"(": 1, ")": -1},
        depth,
        "state",
        {"lstm": {"input": OPEN, "forget": OPEN, "candidate": (10, 0), "output": OPEN}},
        {
            "gru": "A GRU's new state is a weighted mean of its old state and a number between −1 and 1, so "
            "it never leaves −1 to 1. An LSTM adds: i and f need not sum to 1, and c has no limit."
        },
    ),
    "ask": Puzzle(
        "Speak when asked",
        "Show nothing until a question mark; there, h is tanh 1 = 0.76 if a star came before.",
        "is it? not yet. * is it? yes. and now? still",
        {"*": 1, "?": -1},
        answered,
        "hidden",
        {"lstm": {"input": ONLY_AT, "forget": KEEP_UNLESS, "candidate": (20, 0), "output": (-40, -20)}},
        {
            "gru": "A GRU has no output gate: what it keeps is what it shows. If it shows 0 before both "
            "question marks, it cannot know which of them has a star before it."
        },
    ),
}
