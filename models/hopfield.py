"""A Hopfield network: patterns stored as one matrix of weights, recalled by units that follow their input.

Units are +1 or −1. W = (1/N) Σ_p x_p x_pᵀ without its diagonal (Hopfield 1982), E = −½ sᵀ W s. One unit at a
time takes the sign of its input; that never raises the energy, so the network comes to rest.
"""

import numpy as np
from numpy.typing import NDArray

from models.traces import Array
from models.traces_memory import Recall

SHAPE = (20, 15)  # of random patterns; N = 300
SWEEPS = 60  # far more than any network here needs to come to rest
FONT = {
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "C": "01111 10000 10000 10000 10000 10000 01111",
    "H": "10001 10001 10001 11111 10001 10001 10001",
    "I": "11111 00100 00100 00100 00100 00100 11111",
    "J": "00111 00010 00010 00010 00010 10010 01100",
    "L": "10000 10000 10000 10000 10000 10000 11111",
    "O": "01110 10001 10001 10001 10001 10001 01110",
    "T": "11111 00100 00100 00100 00100 00100 00100",
    "X": "10001 10001 01010 00100 01010 10001 10001",
    "Z": "11111 00001 00010 00100 01000 10000 11111",
}
LETTERS = "XJZAOLTHIC"  # in the order in which they are stored
DOTS = 3  # units a dot of the font, across and down


def letters(count: int) -> tuple[NDArray[np.int8], tuple[int, int]]:
    """The first ``count`` letters as patterns (count, N) of ±1, and their rows and columns."""
    drawn = [np.array([[int(dot) for dot in row] for row in FONT[name].split()]) for name in LETTERS[:count]]
    large = [np.kron(letter, np.ones((DOTS, DOTS), int)) for letter in drawn]
    return np.array([2 * letter.ravel() - 1 for letter in large], np.int8), large[0].shape


def random_patterns(count: int, seed: int, units: int = SHAPE[0] * SHAPE[1]) -> NDArray[np.int8]:
    """``count`` patterns of fair coin flips, (count, units)."""
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.int8), (count, units))


def weights(patterns: NDArray[np.int8]) -> Array:
    """The Hebbian weights, (N, N), symmetric, with a diagonal of 0."""
    x = patterns.astype(float)
    w: Array = x.T @ x / x.shape[1]
    np.fill_diagonal(w, 0)
    return w


def energy(w: Array, state: NDArray[np.int8]) -> float:
    """−½ sᵀ W s."""
    return float(-0.5 * state @ w @ state)


def noisy(pattern: NDArray[np.int8], share: float, rng: np.random.Generator) -> NDArray[np.int8]:
    """The pattern with this share of its units turned round."""
    out = pattern.copy()
    out[rng.choice(len(out), round(share * len(out)), replace=False)] *= -1
    return out


def recall(patterns: NDArray[np.int8], target: int, share: float, seed: int) -> Recall:
    """Let the network find pattern ``target`` from a noisy copy of it, one unit at a time in random order."""
    w = weights(patterns)
    rng = np.random.default_rng((seed, 1))  # not the stream that made the patterns
    cue = noisy(patterns[target], share, rng)
    state, flips, asked = _settle(w, cue, rng)
    now = cue.copy()
    energies, overlaps = [energy(w, now)], [patterns @ now.astype(float) / len(now)]
    for unit in flips:
        # turning unit i changes the energy by 2 s_i h_i, here below 0
        energies.append(energies[-1] + 2 * float(now[unit]) * float(w[unit] @ now))
        now[unit] *= -1
        overlaps.append(patterns @ now.astype(float) / len(now))
    return Recall(
        patterns=patterns,
        target=target,
        cue=cue,
        end=state,
        flips=np.array(flips, np.int64),
        asked=np.array(asked, np.int64),
        energy=np.array(energies),
        overlaps=np.array(overlaps),
        stored_energy=energy(w, patterns[target]),
    )


def _settle(
    w: Array, cue: NDArray[np.int8], rng: np.random.Generator, sweeps: int = SWEEPS
) -> tuple[NDArray[np.int8], list[int], list[int]]:
    """The state at rest, the units that turned in their order, and how many had been asked by then."""
    state = cue.copy()
    field = w @ state
    flips: list[int] = []
    asked: list[int] = []
    for sweep in range(sweeps):
        before = len(flips)
        for place, unit in enumerate(rng.permutation(len(state))):
            if field[unit] * state[unit] < 0:  # a unit without input stays as it is
                state[unit] *= -1
                field += 2 * w[unit] * state[unit]
                flips.append(int(unit))
                asked.append(sweep * len(state) + place + 1)
        if len(flips) == before:
            break
    return state, flips, asked


def overlaps_found(
    load: float, share: float, trials: int, *, seed: int = 0, units: int = 300, sweeps: int = SWEEPS
) -> Array:
    """The overlap with the sought pattern in ``trials`` networks of ``load`` · ``units`` random patterns.

    At rest, unless ``sweeps`` ends the recall before. ``share`` of the units are turned round in the cue.
    """
    count = max(1, round(load * units))
    out = np.zeros(trials)
    for trial in range(trials):
        rng = np.random.default_rng((seed, trial))
        patterns = rng.choice(np.array([-1, 1], np.int8), (count, units))
        end, _, _ = _settle(weights(patterns), noisy(patterns[0], share, rng), rng, sweeps)
        out[trial] = patterns[0] @ end.astype(float) / units
    return out
