"""One byte a weight, so fine that every printed percentage keeps its last digit.

A weight of at least 3 % is printed as a whole percent, a smaller one with one decimal; both are rounded
half up. So the levels are half as wide as the printed digit (0.5 % and 0.05 %) and no level holds two
different printed numbers.
"""

import numpy as np
from numpy.typing import NDArray

COARSE_FROM = 0.03
FINE, COARSE, LIFT = 2000, 200, 54  # levels per unit below 3 %, from 3 % on, and where the second begins
TOP = LIFT + COARSE
_CHUNK = 1 << 16  # elements; fits a core's second cache


def pack_weights(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The level of each weight, as uint8 of the same shape: ⌊2000 w⌋ below 3 %, 54 + ⌊200 w⌋ from 3 % on.

    The two lines cross at 3 %, so the level is the smaller of them. Weights lie in [0, 1].
    """
    flat = np.ascontiguousarray(weights, np.float32).reshape(-1)
    levels = np.empty(flat.size, np.uint8)
    fine, coarse = np.empty((2, min(_CHUNK, flat.size)), np.float32)
    for start in range(0, flat.size, _CHUNK):
        chunk = flat[start : start + _CHUNK]
        low, high = fine[: chunk.size], coarse[: chunk.size]
        np.multiply(chunk, FINE, out=low)
        np.multiply(chunk, COARSE, out=high)
        high += LIFT
        np.minimum(low, high, out=low)
        np.minimum(low, TOP, out=low)
        np.copyto(levels[start : start + _CHUNK], low, casting="unsafe")  # the cast to uint8 is the floor
    return levels.reshape(weights.shape)


def unpack_table() -> NDArray[np.float32]:
    """The weight of each level, float32 (256,): the level's centre, but exactly 0 for 0 and 1 for 254.

    Level 255 does not occur; it reads 1.
    """
    level = np.arange(256)
    table = np.where(level < COARSE_FROM * FINE, (level + 0.5) / FINE, (level - LIFT + 0.5) / COARSE)
    table[0], table[TOP:] = 0, 1
    return table.astype(np.float32)


def percent(weight: float) -> str:
    """``weight`` as it is printed everywhere: "68 %", "2.9 %", "0.0 %"."""
    if weight >= COARSE_FROM:
        return f"{int(weight * 100 + 0.5)} %"
    tenths = int(weight * 1000 + 0.5)
    return f"{tenths // 10}.{tenths % 10} %"
