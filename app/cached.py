"""The only place where results are kept: bounded, and keyed by ids and text, never by arrays."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from cachetools import LRUCache
from numpy.typing import NDArray

from app.queue import heavy_work
from app.settings import SETTINGS
from components.attention_view import weights_body
from models.traces import (
    AttentionTrace,
    HeadNotes,
    MeasuredCost,
    QKTrace,
    Saturation,
    Scoreboard,
    ShuffleTrace,
)

if TYPE_CHECKING:
    from models.loading import LoadedModel

TRACE_BYTES = 320 * 2**20  # four texts of 512 tokens on the bundled encoder
Key = tuple[str, str | None, str, str]


@st.cache_resource(max_entries=2, ttl="1h", show_spinner=False)
def model(model_id: str, device: str) -> "LoadedModel":
    """A loaded model, shared by all visitors."""
    from models.loading import load

    return load(model_id, device)


@st.cache_data(max_entries=1, show_spinner=False)
def devices() -> tuple[str, ...]:
    """The devices of this machine, best first."""
    from models.loading import devices

    return devices()


@st.cache_resource(max_entries=1, show_spinner=False)
def _traces() -> tuple["LRUCache[Key, AttentionTrace]", threading.Lock]:
    return LRUCache(TRACE_BYTES, getsizeof=lambda trace: trace.weights.nbytes), threading.Lock()


def attention(
    text: str,
    pair: str | None,
    model_id: str,
    device: str,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> AttentionTrace:
    """The attention trace of a text; read-only, so that all visitors share it.

    Streamlit's own cache cannot hold this one: it forbids drawing progress from inside.
    """
    key = (text, pair, model_id, device)
    traces, lock = _traces()

    def known() -> AttentionTrace | None:
        with lock:
            return traces.get(key)

    if trace := known():
        return trace
    from models.attention import trace_attention

    with heavy_work(on_wait):
        if trace := known():  # somebody before us in the line asked for the same
            return trace
        trace = trace_attention(
            text,
            pair,
            model=model(model_id, device),
            max_tokens=SETTINGS.max_tokens,
            max_weights=SETTINGS.max_attention_weights,
            progress=progress,
        )
        with lock:
            if trace.weights.nbytes <= TRACE_BYTES:
                traces[key] = trace
    return trace


@st.cache_data(max_size="128MiB", ttl="1h", show_spinner=False)
def attention_bytes(text: str, pair: str | None, model_id: str, device: str) -> bytes:
    """The same trace as the browser gets it, one byte a weight."""
    return weights_body(attention(text, pair, model_id, device))


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def attention_findings(
    text: str, pair: str | None, model_id: str, device: str
) -> tuple[HeadNotes, tuple[int, int, int, int]]:
    """What each head mostly looks at, and the strongest link between two words."""
    from models.attention import summarise
    from models.findings import strongest_link

    trace = attention(text, pair, model_id, device)
    return summarise(trace), strongest_link(trace)


Scaling = tuple[str, float] | tuple[str, float, int] | None


@st.cache_data(max_size="64MiB", ttl="1h", show_spinner=False)
def position_table(scheme: str, n: int, d: int, base: float, scaling: Scaling) -> NDArray[np.float64]:
    """The vectors of positions 0 to n − 1, (n, d); NaN where a learned table has no row.

    RoPE has no table: its rows are a vector of ones, turned.
    """
    from models import positions

    if scheme == "learned":
        table = positions.learned(model("minilm", "auto"))
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


@st.cache_data(max_entries=256, ttl="1h", show_spinner=False)
def scoreboard(scheme: str, n: int, d: int, base: float) -> Scoreboard:
    """How a scheme does on every criterion."""
    from models import scoreboard as board

    return board.scoreboard(scheme, n, d, base=base, model=model("minilm", "auto"))


@st.cache_data(max_entries=16, show_spinner=False)
def saturation(d_k: tuple[int, ...], n_keys: int) -> Saturation:
    """What ÷ √d_k does to the softmax over ``n_keys`` random keys."""
    from models.selfattention import saturation

    return saturation(d_k, n_keys=n_keys)


@st.cache_resource(max_entries=1, show_spinner=False)
def _measured() -> "tuple[LRUCache[tuple[tuple[int, ...], int], MeasuredCost], threading.Lock]":
    return LRUCache(16), threading.Lock()


def measured_cost_known(lengths: tuple[int, ...], d: int) -> bool:
    """Say whether this machine has been measured for this width."""
    measured, lock = _measured()
    with lock:
        return (lengths, d) in measured


def measured_cost(
    lengths: tuple[int, ...],
    d: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> MeasuredCost:
    """Seconds of the three layers on this machine, measured once for all visitors."""
    from models.selfattention import measure_cost

    measured, lock = _measured()
    with lock:
        if (lengths, d) in measured:
            return measured[lengths, d]
    with heavy_work(on_wait):
        found = measure_cost(lengths, d, progress=progress)
    with lock:
        measured[lengths, d] = found
    return found


@st.cache_data(max_size="64MiB", ttl="1h", show_spinner=False)
def shuffled(text: str, seed: int) -> ShuffleTrace:
    """A text and its shuffled tokens, read by the bundled encoder with positions and without."""
    from models.shuffle import shuffle_test

    with heavy_work():
        return shuffle_test(text, seed=seed, model=model("minilm", "auto"))


QK_BYTES = 64 * 2**20  # ten heads of 512 tokens


@st.cache_resource(max_entries=1, show_spinner=False)
def _qk_traces() -> "tuple[LRUCache[tuple[str, str, str, int, int], QKTrace], threading.Lock]":
    return LRUCache(QK_BYTES, getsizeof=_qk_bytes), threading.Lock()


def _qk_bytes(trace: QKTrace) -> int:
    return sum(value.nbytes for value in vars(trace).values() if isinstance(value, np.ndarray))


def qk(
    text: str,
    model_id: str,
    device: str,
    layer: int,
    head: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> QKTrace:
    """Queries, keys and values of one head on a text, shared by all visitors."""
    from models.qk import trace_qk

    key = (text, model_id, device, layer, head)
    traces, lock = _qk_traces()
    with lock:
        if key in traces:
            return traces[key]
    with heavy_work(on_wait):
        trace = trace_qk(
            text,
            model=model(model_id, device),
            layer=layer,
            head=head,
            max_tokens=SETTINGS.max_tokens,
            progress=progress,
        )
    with lock:
        if _qk_bytes(trace) <= QK_BYTES:
            traces[key] = trace
    return trace
