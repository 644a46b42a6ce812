"""Studies of the models that ship: right by length, and how long they take."""

import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from random import Random

import numpy as np
import torch
from torch import nn

from models.seq2seq import exact, load
from models.seq2seqcards import NAMES, USUAL
from models.seq2seqnets import BEGIN, NETWORKS, SPECIAL
from models.seq2seqtasks import TASKS, Example, some_letters
from models.traces_seq2seq import ByLength, Times

AT_ONCE = 500  # examples of one pass
LONGEST_LETTERS = 32  # a little beyond the strings that the models were trained on
TOKENS = 30  # of an alphabet
LENGTHS = (5, 10, 20, 40, 80, 160)  # tokens of source and target that are timed
BATCH = 16
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


def one_pass(network: nn.Module, tokens: int) -> float:
    """Seconds of one training pass: forward and backward over BATCH sources and targets of that length."""
    source = torch.randint(SPECIAL, SPECIAL + TOKENS, (BATCH, tokens))
    target = torch.cat((torch.full((BATCH, 1), BEGIN), source[:, 1:]), 1)
    started = time.perf_counter()
    logits = network(source, target).logits
    nn.functional.cross_entropy(logits.flatten(0, 1), source.flatten()).backward()
    return time.perf_counter() - started


def times(*, progress: Callable[[int, int], object] | None = None) -> Times:
    """How long a training pass of each network takes by length, on this machine."""
    found = np.empty((len(NAMES), len(LENGTHS)))
    for row, kind in enumerate(NAMES):
        wide = {"width": USUAL} if kind == "plain" else {}
        network = NETWORKS[kind](SPECIAL + TOKENS, SPECIAL + TOKENS, **wide)
        one_pass(network, LENGTHS[0])  # what is set up at the first use is not timed
        for column, tokens in enumerate(LENGTHS):
            found[row, column] = 1000 * statistics.median(one_pass(network, tokens) for _ in range(REPEATS))
            if progress:
                progress(row * len(LENGTHS) + column + 1, found.size)
    return Times(tuple(NAMES), LENGTHS, found, BATCH, REPEATS, torch.get_num_threads(), version("torch"))
