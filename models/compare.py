"""Two texts read by one model, or one by two: which tokens stand for each other, how the weights differ."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from models.traces import Array, AttentionTrace, Token
from models.traces_heads import Pairs


def align(one: Sequence[Token], other: Sequence[Token]) -> Pairs:
    """Pairs of places of tokens that stand for each other, in order.

    Equal tokens (as the tokenizer spells them) pair up along the longest common stretches; where a stretch
    was replaced by another of the same number of tokens, they pair up one by one. Others have no partner.
    """
    first, second = ([token.raw for token in side] for side in (one, other))
    pairs: list[tuple[int, int]] = []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind == "equal" or (kind == "replace" and b - a == d - c):
            pairs += zip(range(a, b), range(c, d), strict=True)
    return tuple(pairs)


def difference(one: NDArray[np.float32], other: NDArray[np.float32], pairs: Pairs) -> Array:
    """Weight of ``other`` minus that of ``one``, both (n, n), on tokens with a partner: (pairs, pairs)."""
    first, second = (np.array([pair[side] for pair in pairs], int) for side in (0, 1))
    return np.asarray(other[np.ix_(second, second)].astype(np.float64) - one[np.ix_(first, first)])


def moved(one: AttentionTrace, other: AttentionTrace, pairs: Pairs) -> Array:
    """How much weight each head moves between tokens with a partner, (layers, heads), of one model.

    Half the sum of a row's absolute differences, the mean over the rows: 0 the same, 1 all of it elsewhere.
    """
    heads = np.ndindex(one.weights.shape[:2])
    sizes = [_gap(difference(one.weights[at], other.weights[at], pairs)) for at in heads]
    return np.reshape(sizes, one.weights.shape[:2])


def apart(head: NDArray[np.float32], other: AttentionTrace, pairs: Pairs) -> Array:
    """How much weight one head (n, n) must move to look like each head of ``other``, (layers, heads)."""
    sizes = [_gap(difference(head, other.weights[at], pairs)) for at in np.ndindex(other.weights.shape[:2])]
    return np.reshape(sizes, other.weights.shape[:2])


def _gap(changed: Array) -> float:
    """Weight moved in the mean row; NaN where no token has a partner."""
    return float(np.abs(changed).sum(-1).mean() / 2) if changed.size else float("nan")
