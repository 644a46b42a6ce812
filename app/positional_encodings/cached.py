"""What the page Positional encodings keeps: tables of positions and their scores."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.cached import TABLE_BYTES, TRACE_BYTES, arrays, model, shelf
from models.traces import Scoreboard, ShuffleTrace

SHUFFLED_BYTES = TRACE_BYTES // 5
LEARNED = {"learned": "minilm", "learned-gpt2": "gpt2"}  # scheme: the model whose table it is

Scaling = tuple[str, float] | tuple[str, float, int] | None


@st.cache_data(max_size=TABLE_BYTES, ttl="1h", show_spinner=False)
def position_table(scheme: str, n: int, d: int, base: float, scaling: Scaling) -> NDArray[np.float64]:
    """The vectors of positions 0 to n − 1, (n, d); NaN where a learned table has no row.

    RoPE has no table: its rows are a vector of ones, turned.
    """
    from models import positions

    if scheme in LEARNED:
        table, _ = learned_table(LEARNED[scheme])
        rows = np.full((n, table.shape[1]), np.nan)
        rows[: len(table)] = table[:n]
        return rows
    if scheme in ("rope", "rope-interleaved"):
        layout: positions.RopeLayout = "half" if scheme == "rope" else "interleaved"
        return positions.rope(np.ones((n, d)), np.arange(n), layout, base, scaling)
    if scheme in ("sinusoidal", "sinusoidal-concatenated"):
        return positions.sinusoidal(n, d, "interleaved" if scheme == "sinusoidal" else "concatenated", base)
    return {"integers": positions.integers, "fractions": positions.fractions, "squashed": positions.squashed}[
        scheme
    ](n, d)


@st.cache_resource(max_entries=len(LEARNED), show_spinner=False)
def learned_table(model_id: str) -> tuple[NDArray[np.float32], str]:
    """The trained position table of a model, (positions, width), and the model's revision."""
    from models.positions import learned

    loaded = model(model_id, "auto")
    return learned(loaded), loaded.revision


@st.cache_resource(max_entries=2, show_spinner=False)
def bias_table(model_id: str) -> tuple[NDArray[np.float32], str]:
    """What a trained T5 adds to the scores, (buckets, heads), and the model's revision."""
    from models.positions import t5_table

    loaded = model(model_id, "auto")
    return t5_table(loaded), loaded.revision


@st.cache_data(max_entries=256, ttl="1h", show_spinner=False)
def scoreboard(scheme: str, n: int, d: int, base: float) -> Scoreboard:
    """How a scheme does on every criterion."""
    from models import scoreboard as board

    if scheme not in LEARNED:
        return board.scoreboard(scheme, n, d, base=base)
    scored = board.scoreboard("learned", n, d, model=model(LEARNED[scheme], "auto"))
    return replace(scored, scheme=scheme)


def shuffled(text: str, seed: int, *, on_wait: Callable[[int], object] = lambda place: None) -> ShuffleTrace:
    """A text and its shuffled tokens, read by the bundled encoder with positions and without."""

    def shuffle() -> ShuffleTrace:
        from models.shuffle import shuffle_test

        return shuffle_test(text, seed=seed, model=model("minilm", "auto"))

    kept = shelf("shuffled", SHUFFLED_BYTES, arrays)
    return cast(ShuffleTrace, kept.once((text, seed), shuffle, on_wait))
