"""The only place where results are kept: bounded, and keyed by ids and text, never by arrays."""

from typing import TYPE_CHECKING

import streamlit as st

from app.queue import heavy_work
from app.settings import SETTINGS
from components.attention_view import weights_body
from models.traces import AttentionTrace, HeadNotes

if TYPE_CHECKING:
    from models.loading import LoadedModel


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


@st.cache_data(max_size="320MiB", ttl="1h", show_spinner=False)
def attention(text: str, pair: str | None, model_id: str, device: str) -> AttentionTrace:
    """The attention trace of a text."""
    from models.attention import trace_attention

    with heavy_work():
        return trace_attention(
            text,
            pair,
            model=model(model_id, device),
            max_tokens=SETTINGS.max_tokens,
            max_weights=SETTINGS.max_attention_weights,
        )


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
