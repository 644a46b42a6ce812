"""Toy tasks that need memory, and what they cost without it; learning.py trains small networks on them.

depth    say after every character how many brackets are open
anbn     predict the next character of aⁿbⁿ: the end is known only to who has counted
adding   two of the numbers are marked; say their sum at the end (Hochreiter, Schmidhuber 1997)
copying  see some symbols, wait, repeat them (Hochreiter, Schmidhuber 1997; Arjovsky et al. 2016)
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

EVERY = 20  # steps of a training between two that are saved
MOST_STEPS = 4000
SYMBOLS = 8  # of the copy task
COPIED = 4  # how many of them are to be repeated


@dataclass(frozen=True)
class Batch:
    """Sequences of a task: ``x`` (steps, batch, features), all others (steps, batch).

    ``y`` are numbers or classes; only where ``counts`` is True do they enter the loss. ``remember`` is what
    a network has to keep in mind, as one number; NaN where there is none. ``letters`` are those of the first
    sequence, one a step.
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32] | NDArray[np.int64]
    counts: NDArray[np.bool_]
    remember: NDArray[np.float32]
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    """A task: how sequences are made, and the losses that need no memory and that no network beats.

    ``classes`` is 0 where the target is a number (mean squared error), else the loss is the cross-entropy.
    """

    make: Callable[[np.random.Generator, int, int], Batch]
    features: int
    classes: int
    without_memory: Callable[[int], float]
    best: Callable[[int], float]


def depth(rng: np.random.Generator, size: int, length: int) -> Batch:
    """Brackets and letters; the target is the number of open brackets, at most six."""
    codes = np.zeros((length, size), int)  # 0 a letter, 1 opens, 2 closes
    y = np.zeros((length, size), np.float32)
    now = np.zeros(size, int)
    for t in range(length):
        drawn = rng.integers(0, 3, size)
        codes[t] = np.where((drawn == 2) & (now == 0), 1, np.where((drawn == 1) & (now == 6), 2, drawn))
        now = now + (codes[t] == 1) - (codes[t] == 2)
        y[t] = now
    return Batch(_one_hot(codes, 3), y, np.ones_like(y, bool), y, tuple("a()"[code] for code in codes[:, 0]))


def anbn(rng: np.random.Generator, size: int, length: int) -> Batch:
    """aⁿbⁿ and an end, n from 1 to ``length`` / 2; the target is the next of a, b, end."""
    n = rng.integers(1, length // 2 + 1, size)
    at = np.arange(length)[:, None]
    codes = np.where(at < n, 0, np.where(at < 2 * n, 1, 2))
    after = np.where(at + 1 < n, 0, np.where(at + 1 < 2 * n, 1, 2))
    counts = at < 2 * n
    still = np.where(counts, np.minimum(at + 1, 2 * n - at - 1), np.nan).astype(np.float32)
    return Batch(_one_hot(codes, 3), after, counts, still, tuple("ab "[code] for code in codes[:, 0]))


def adding(rng: np.random.Generator, size: int, length: int) -> Batch:
    """Numbers from 0 to 1 and two marks, one in each half; the target at the end is the marked ones' sum."""
    x = np.zeros((length, size, 2), np.float32)
    x[..., 0] = rng.random((length, size))
    each = np.arange(size)
    for low, high in ((0, length // 2), (length // 2, length)):
        x[rng.integers(low, high, size), each, 1] = 1
    y = np.zeros((length, size), np.float32)
    y[-1] = (x[..., 0] * x[..., 1]).sum(0)
    counts = np.zeros_like(y, bool)
    counts[-1] = True
    letters = tuple("▲" if marked else "·" for marked in x[:, 0, 1])
    return Batch(x, y, counts, np.cumsum(x[..., 0] * x[..., 1], 0), letters)


def copying(rng: np.random.Generator, size: int, length: int, copied: int = COPIED) -> Batch:
    """``copied`` symbols, ``length`` blanks, the last of which says go, and room to repeat the symbols."""
    symbols = rng.integers(0, SYMBOLS, (copied, size))
    blank, go = SYMBOLS, SYMBOLS + 1
    codes = np.full((length + 2 * copied, size), blank)
    codes[:copied] = symbols
    codes[copied + length - 1] = go
    y = np.full_like(codes, blank)
    y[-copied:] = symbols
    letters = tuple("ABCDEFGH·?"[code] for code in codes[:, 0])
    nothing = np.full(y.shape, np.nan, np.float32)
    return Batch(_one_hot(codes, SYMBOLS + 2), y, np.ones_like(y, bool), nothing, letters)


def _one_hot(codes: NDArray[np.int64], classes: int) -> NDArray[np.float32]:
    return np.eye(classes, dtype=np.float32)[codes]


def copy_baseline(length: int, copied: int = COPIED) -> float:
    """Blanks for certain, then guessing: S ln 8 / (T + 2 S), which for S = 10 is 10 ln 8 / (T + 20)."""
    return copied * math.log(SYMBOLS) / (length + 2 * copied)


def anbn_baseline(length: int) -> float:
    """The entropy of the next character where only the present one is known: 2 / (N + 1) is a change."""
    p = 2 / (length // 2 + 1)
    return -p * math.log(p) - (1 - p) * math.log(1 - p) if p < 1 else 0.0


def anbn_best(length: int) -> float:
    """ln N nats tell which n it is, spread over N + 1 characters on average."""
    most = length // 2
    return math.log(most) / (most + 1)


@cache
def depth_baseline(length: int) -> float:
    """The variance that is left when only the present character is known, measured on 2,000 sequences."""
    batch = depth(np.random.default_rng(0), 2000, length)
    codes = batch.x.argmax(-1)
    return float(sum(batch.y[codes == code].var() * (codes == code).mean() for code in range(3)))


TASKS = {
    "depth": Task(depth, 3, 0, depth_baseline, lambda length: 0.0),
    "anbn": Task(anbn, 3, 3, anbn_baseline, anbn_best),
    # the sum of two numbers from 0 to 1 has mean 1 and variance 1/6
    "adding": Task(adding, 2, 0, lambda length: 1 / 6, lambda length: 0.0),
    "copying": Task(copying, SYMBOLS + 2, SYMBOLS + 1, copy_baseline, lambda length: 0.0),
}
