"""Relatives of the LSTM: where feedback comes from (Elman, Jordan), and what each output has seen.

Elman 1990   the hidden units read their own state of one step before
Jordan 1986  the hidden units read the network's last output
"""

from typing import Literal

import numpy as np
import torch

from models.traces import Array
from models.traces_memory import Feedback, Seen
from models.wire import sigmoid

Speech = Literal["asked", "always"]
SHARP = 10.0  # weight into the output unit: it is nearly a switch
UNITS = 8
Shape = tuple[int, bool]  # layers, both directions


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


def rows(layers: int, both: bool) -> tuple[str, ...]:
    """The rows of an unrolled network, from the input up."""
    ways = ("→", "←") if both else ("→",)
    names = [
        f"layer {layer + 1} {way}" if layers > 1 else f"state {way}"
        for layer in range(layers)
        for way in ways
    ]
    return ("input", *names, "output")


def seen(steps: int, layers: int, both: bool, seed: int = 0) -> Seen:
    """How much each output of a seeded tanh network depends on every node, as the norm of a Jacobian.

    The output at a step is the last layer's state there, of both directions where there are two.
    """
    rng = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=rng, dtype=torch.float64)

    nodes = [[random(UNITS).requires_grad_() for _ in range(steps)]]
    below = nodes[0]
    for _ in range(layers):
        ways = []
        for backwards in (False, True)[: 2 if both else 1]:
            width = below[0].shape[0]
            into, back = random(UNITS, width) / width**0.5, 0.8 * random(UNITS, UNITS) / UNITS**0.5
            state = torch.zeros(UNITS, dtype=torch.float64)
            states: list[torch.Tensor] = [state] * steps
            for t in range(steps)[:: -1 if backwards else 1]:
                state = torch.tanh(into @ below[t] + back @ state)
                states[t] = state
            ways.append(states)
        nodes += ways
        below = [torch.cat(parts) for parts in zip(*ways, strict=True)]
    flat = [node for row in nodes for node in row]
    found = np.zeros((steps, len(nodes) + 1, steps))
    for t, output in enumerate(below):
        squares = np.zeros(len(flat))
        for unit in output:
            grads = torch.autograd.grad(unit, flat, retain_graph=True, allow_unused=True)
            squares += [0.0 if grad is None else float(grad.square().sum()) for grad in grads]
        found[t, :-1] = np.sqrt(squares).reshape(len(nodes), steps)
        found[t, -1, t] = 1.0  # an output and itself
    return Seen(rows(layers, both), found)
