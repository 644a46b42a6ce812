"""What stands out in a trace: the one link that a first look should show."""

import numpy as np
from numpy.typing import NDArray

from models.traces import AttentionTrace

FARTHEST = 40  # tokens between query and key; far beyond a sentence lie the artefacts of positions


def strongest_link(trace: AttentionTrace) -> tuple[int, int, int, int]:
    """Layer, head, query and key (places in ``trace.tokens``) of the largest weight between two words.

    The words differ and are not neighbours.
    Special and unknown tokens, the first token, punctuation and single letters do not count, as most heads
    rest on them; where no two words are left, single letters count, and then any link of a word.
    """
    wanted = next((found for letters in (2, 1) if (found := _links(trace, letters)).any()), None)
    if wanted is None:
        # a single word: where does it look?
        wanted = np.repeat([[not token.special] for token in trace.queries], len(trace.keys), axis=1)
        if trace.part != "cross":
            np.fill_diagonal(wanted, False)
        if not wanted.any():
            wanted[:] = True
    queries, keys = np.nonzero(wanted)
    best, where = -1.0, (0, 0, 0, 0)
    for layer, heads in enumerate(trace.weights):  # (heads, n, n); one layer at a time keeps memory flat
        for head, weights in enumerate(heads):
            values = weights[queries, keys]
            at = int(values.argmax())
            if values[at] > best:
                query = len(trace.tokens) - len(trace.queries) + int(queries[at])
                best, where = float(values[at]), (layer, head, query, int(keys[at]))
    return where


def _links(trace: AttentionTrace, letters: int) -> NDArray[np.bool_]:
    """The pairs (query, key) of different words of at least ``letters`` letters, near but not neighbours."""
    if trace.part == "cross":  # any word of the one text may find any of the other
        sides = (
            [not (token.special or token.unknown) for token in side] for side in (trace.queries, trace.keys)
        )
        return np.asarray(np.logical_and.outer(*sides))
    n = len(trace.tokens)
    word = np.array(
        [
            not (token.special or token.unknown) and sum(map(str.isalnum, token.text)) >= letters
            for token in trace.tokens
        ]
    )
    spelling = np.unique([token.raw for token in trace.tokens], return_inverse=True)[1]
    place = np.arange(n)
    word[0] = False
    distance = np.abs(place[:, None] - place)
    apart = (distance > 1) & (distance <= FARTHEST)
    return np.asarray(word[:, None] & word & apart & (spelling[:, None] != spelling))
