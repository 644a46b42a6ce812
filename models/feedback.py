"""Elman and Jordan: two networks with the same weights, and feedback from another place.

Elman 1990   the hidden units read their own state of one step before
Jordan 1986  the hidden units read the network's last output
"""

from typing import Literal

import numpy as np

from models.traces_memory import Feedback
from models.wire import sigmoid

Speech = Literal["asked", "always"]
SHARP = 10.0  # weight into the output unit: it is nearly a switch


def feedback(text: str, weight: float, speech: Speech) -> Feedback:
    """One memory unit and one output, with the feedback from the memory (Elman) or the output (Jordan).

    A star is the input 1. memory = tanh(3 · star + weight · feedback). The output is
    σ(10 · memory + 10 · asked − 15) where it speaks only when asked by a question mark, else
    σ(10 · memory − 5). Both networks have the same weights.
    """
    star = np.array([float(character == "*") for character in text])
    asked = np.array([float(character == "?") for character in text])
    found = {}
    for name in ("elman", "jordan"):
        memory, output = np.zeros(len(text)), np.zeros(len(text))
        back = 0.0
        for t in range(len(text)):
            memory[t] = np.tanh(3 * star[t] + weight * back)
            drive = memory[t] + (asked[t] - 1.5 if speech == "asked" else -0.5)
            output[t] = sigmoid(np.array(SHARP * drive))
            back = memory[t] if name == "elman" else output[t]
        found[name] = np.stack([star + asked, memory, output])
    return Feedback(elman=found["elman"], jordan=found["jordan"])
