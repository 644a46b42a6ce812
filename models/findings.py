"""What stands out in a trace: the one link that a first look should show."""

import numpy as np

from models.traces import AttentionTrace


def strongest_link(trace: AttentionTrace) -> tuple[int, int, int, int]:
    """Layer, head, query and key of the largest weight between two different words that are not neighbours.

    Special and unknown tokens, punctuation and single letters do not count, as most heads rest on them.
    Falls back to the largest weight of all where no two words qualify.
    """
    n = len(trace.tokens)
    word = np.array(
        [
            not (token.special or token.unknown) and sum(letter.isalnum() for letter in token.text) > 1
            for token in trace.tokens
        ]
    )
    raw = np.unique([token.raw for token in trace.tokens], return_inverse=True)[1]
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) > 1
    wanted = word[:, None] & word & apart & (raw[:, None] != raw)
    if not wanted.any():
        wanted[:] = True
    queries, keys = np.nonzero(wanted)
    best, where = -1.0, (0, 0, 0, 0)
    for layer, heads in enumerate(trace.weights):  # (heads, n, n); one layer at a time keeps memory flat
        for head, weights in enumerate(heads):
            values = weights[queries, keys]
            at = int(values.argmax())
            if values[at] > best:
                best, where = float(values[at]), (layer, head, int(queries[at]), int(keys[at]))
    return where
