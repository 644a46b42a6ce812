"""The loss by hand, third picture: where 1 − P loses its digits, and what log1mexp keeps."""

from typing import Any

import numpy as np
import streamlit as st

from app import frame
from app.preference_optimisation.notes_ratios import HOW_DIGITS, READ_DIGITS
from app.preference_optimisation.shared import FIGURE, PREFIX, Rows, Shown, computed, exports, power, tell
from app.state import choice
from components.preference_charts import lost_digits
from models.digits import POWERS, digits
from models.traces_preference import Digits

AT = tuple(str(power) for power in range(-12, 2))
WAYS = ("plain, float32", "plain, bfloat16", "log1mexp, float32")


def lost(place: Any) -> Shown:
    """Draw log(1 − P) by each way, and print it at one place."""
    with place:
        at = int(
            choice(
                "log P",
                AT,
                default="-9",
                key=f"{PREFIX}_at",
                name=lambda at: f"−{power(int(at))}",
                field=st.select_slider,
                width=420,
            )
        )
    found = digits(-(10.0**POWERS))
    one = digits(np.array([-(10.0**at)]))
    with st.container(key=FIGURE):
        frame.chart(lost_digits(found, 10.0**at, height=370))
    made = computed("log(1 − P) by four ways", "bfloat16 as torch rounds it", "as named", ("numpy",))
    tell(sentences(one, at), table(one), made, "lost-digits", "Where 1 − P loses its digits")
    return Shown(
        exports(long_rows(found), "lost-digits"), READ_DIGITS, HOW_DIGITS, made, sources=("machler2012",)
    )


def shown(value: float) -> str:
    """A number of any size, infinite ones too."""
    return f"{value:.6g}".replace("-", "−").replace("inf", "∞")


def table(one: Digits) -> Rows:
    """1 − P, its logarithm, and 1/(1 − P) at one place."""
    true = -np.expm1(one.x[0])
    rows: Rows = [("way", "1 − P", "log(1 − P)", "1 ∕ (1 − P)")]
    values = (one.plain32, one.plain16, one.stable32)
    for name, left, log in zip(WAYS, one.left[:, 0], values, strict=True):
        rows.append((name, shown(left), shown(log[0]), shown(1 / left) if left else "∞"))
    rows.append(("exact", shown(true), shown(one.exact[0]), shown(1 / true)))
    return rows


def sentences(one: Digits, at: int) -> str:
    """What is left at the chosen place, and where each way breaks."""
    said = [
        f"{name} gives {shown(values[0])}"
        for name, values in zip(WAYS, (one.plain32, one.plain16, one.stable32), strict=True)
    ]
    every = digits(-(10.0**POWERS))
    ends = [-every.x[np.isneginf(values)].min() for values in (every.plain32, every.plain16)]
    return (
        f"At log P = −{power(at)} the exact log(1 − P) is {shown(one.exact[0])}; {', '.join(said)}. Plain "
        f"float32 "
        f"has nothing left from −log P = {ends[0]:.2g} down, bfloat16 already from {ends[1]:.2g} (crosses): "
        "1 − P is 0, its logarithm −∞, and the gradient of the odds ratio infinite. Long before, it moves in "
        "steps."
    )


def long_rows(found: Digits) -> Rows:
    """Every point of the picture."""
    rows: Rows = [("log P", "exact", *WAYS)]
    rows += [
        tuple(f"{value:.9g}" for value in row)
        for row in zip(found.x, found.exact, found.plain32, found.plain16, found.stable32, strict=True)
    ]
    return rows
