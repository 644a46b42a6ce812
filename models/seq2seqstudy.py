"""Studies of the models that ship: right by length, and how long they take."""

import time
from collections.abc import Callable, Sequence
from random import Random

import numpy as np
import torch

from models.seq2seq import Vocabulary, exact, load
from models.seq2seqcards import model_id
from models.seq2seqnets import BEGIN, SPECIAL, Network
from models.seq2seqtasks import TASKS, Example, some_letters
from models.traces_seq2seq import ByLength, Times

AT_ONCE = 500  # examples of one pass
LONGEST_LETTERS = 32  # a little beyond the strings that the models were trained on
REPEATS = 5


def fresh(task: str, count: int, seed: int) -> list[Example]:
    """Examples that no model was trained on: strings of every length up to LONGEST_LETTERS, else any."""
    random = Random(seed)
    if task == "reverse":
        return [some_letters(random, 1 + at % LONGEST_LETTERS) for at in range(count)]
    return [TASKS[task](random) for _ in range(count)]


def by_length(
    task: str,
    names: Sequence[str],
    *,
    count: int,
    seed: int,
    progress: Callable[[int, int], object] | None = None,
) -> ByLength:
    """How often each model (id) is right to the last token on ``count`` fresh examples, by source length."""
    started = time.perf_counter()
    some = sorted(fresh(task, count, seed), key=lambda one: len(one.source))
    batches = [some[start : start + AT_ONCE] for start in range(0, len(some), AT_ONCE)]
    right = []
    for at, name in enumerate(names):
        network = load(name)
        parts = []
        for done, batch in enumerate(batches):
            parts.append(exact(network, task, batch))
            if progress:
                progress(at * len(batches) + done + 1, len(names) * len(batches))
        right.append(np.concatenate(parts))
    long = np.array([len(one.source) for one in some])
    lengths = np.arange(1, long.max() + 1)
    counts = (long == lengths[:, None]).sum(1)
    sums = np.array([np.bincount(long, row, len(lengths) + 1)[1:] for row in right])
    shares = np.full(sums.shape, np.nan)
    np.divide(sums, counts, out=shares, where=counts > 0)
    return ByLength(lengths, shares, counts, (time.perf_counter() - started) * 1000)
