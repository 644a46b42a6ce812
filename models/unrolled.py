"""What each output of an unrolled network has seen: stacked layers, one direction or both."""

import numpy as np
import torch

from models.traces_memory import Seen

UNITS = 8


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
