"""What stands out in a trace: the one link that a first look should show."""

from collections.abc import Container

import numpy as np
from numpy.typing import NDArray

from models.traces import AttentionTrace

FARTHEST = 40  # tokens between query and key; far beyond a sentence lie the artefacts of positions


# What counts as a link between two words, from the best to the last resort: the letters that a token needs,
# how many tokens it is away at least, and whether tokens count that the model does not know
COUNTS = ((2, 2, False), (1, 2, False), (1, 1, False), (0, 1, True))


def strongest_link(
    trace: AttentionTrace, among: Container[tuple[int, int]] | None = None
) -> tuple[int, int, int, int]:
    """Layer, head, query and key (places in ``trace.tokens``) of the largest weight between two words.

    The words differ and are not neighbours. Special and unknown tokens, the first token, punctuation and
    single letters do not count, as most heads rest on them. Where no two words are left, single letters
    count, then neighbours, then any two tokens that are not special, and then any link of a token. ``among``
    leaves the choice to some heads, (layer, head).
    """
    wanted = next((found for each in COUNTS if (found := _links(trace, *each)).any()), None)
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
            if among is not None and (layer, head) not in among:
                continue
            values = weights[queries, keys]
            at = int(values.argmax())
            if values[at] > best:
                query = len(trace.tokens) - len(trace.queries) + int(queries[at])
                best, where = float(values[at]), (layer, head, query, int(keys[at]))
    return where


def links_words(trace: AttentionTrace) -> bool:
    """Whether ``strongest_link`` finds two different words that the model knows."""
    return any(_links(trace, *each).any() for each in COUNTS[:3])


def _links(trace: AttentionTrace, letters: int, nearest: int, unknown: bool) -> NDArray[np.bool_]:
    """The pairs (query, key) of different words of ``letters`` letters, ``nearest`` tokens apart, or more.

    Where ``unknown`` tokens count, one of the two is known.
    """
    if trace.part == "cross":  # any word of the one text may find any of the other
        sides = (
            [not (token.special or token.unknown) for token in side] for side in (trace.queries, trace.keys)
        )
        return np.asarray(np.logical_and.outer(*sides))
    n = len(trace.tokens)
    known = np.array([not token.unknown for token in trace.tokens])
    word = np.array(
        [
            not token.special
            and (unknown or not token.unknown)
            and sum(map(str.isalnum, token.text)) >= letters
            for token in trace.tokens
        ]
    )
    spelled = [token.text if unknown else token.raw for token in trace.tokens]
    spelling = np.unique(spelled, return_inverse=True)[1]
    place = np.arange(n)
    word[0] = False
    distance = np.abs(place[:, None] - place)
    apart = (distance >= nearest) & (distance <= FARTHEST)
    differ = (spelling[:, None] != spelling) & (known[:, None] | known)
    return np.asarray(word[:, None] & word & apart & differ)
