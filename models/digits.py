"""Where log(1 − P) loses its digits: plain float32, plain bfloat16, and log1mexp, beside the exact value.

bfloat16 keeps eight bits of a number; each operation is done in float32 and rounded, as torch does on a CPU.
"""

import numpy as np
from numpy.typing import NDArray

from models.traces import Array
from models.traces_preference import Digits

POWERS = np.linspace(-12, 1, 157)  # of −log P
Single = NDArray[np.float32]


def bfloat16(values: NDArray[np.floating]) -> Single:
    """The nearest bfloat16 of each number (ties to even), as float32."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    rounded = ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype(np.uint32)
    return rounded.view(np.float32)


def exact(x: Array) -> Array:
    """log(1 − exp(x)) in float64 by the form that is right on each side of −ln 2."""
    near = x > -np.log(2)
    close = np.log(-np.expm1(np.where(near, x, -1.0)))
    return np.asarray(np.where(near, close, np.log1p(-np.exp(np.where(near, -1.0, x)))))


def digits(x: Array) -> Digits:
    """Every way to compute log(1 − exp(x)) at x < 0; ±∞ stands where the digits are gone."""
    single = x.astype(np.float32)
    near = single > np.float32(-np.log(2))
    with np.errstate(divide="ignore"):
        plain32 = np.log(1 - np.exp(single))
        p16 = bfloat16(np.exp(bfloat16(single)))
        left16 = bfloat16(1 - p16)
        plain16 = bfloat16(np.log(left16))
        stable = np.where(near, np.log(-np.expm1(single)), np.log1p(-np.exp(single)))
    return Digits(
        x=x,
        exact=exact(x),
        plain32=plain32.astype(float),
        plain16=plain16.astype(float),
        stable32=stable.astype(float),
        left=np.array([1 - np.exp(single), left16, -np.expm1(single)], float),
    )
