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
    if not pairs:
        return np.full(one.weights.shape[:2], np.nan)
    return np.array(
        [
            [np.abs(difference(a, b, pairs)).sum(-1).mean() / 2 for a, b in zip(*heads, strict=True)]
            for heads in zip(one.weights, other.weights, strict=True)
        ]
    )
